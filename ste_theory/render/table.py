"""Columns of text that line up."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), gap: str = " ") -> list[str]:
    """One line per row; every column as wide as its widest cell, those in ``right`` aligned right, no trailing blanks.

    >>> columns([("a", "1"), ("bcd", "22")], right=[1])
    ['a    1', 'bcd 22']
    """
    if not rows:
        return []
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        gap.join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
