"""The list of claims."""

import textwrap
from collections.abc import Iterable, Sequence

from ste_theory.render.colour import paint
from ste_theory.render.table import columns

HEADER = ("claim", "kind", "documented", "source", "title")


def render(rows: Iterable[Sequence[str]], *, colour: bool = False, width: int | None = None) -> str:
    """One line per claim: id, kind, documented verdict, source, title.

    Where that is wider than ``width``, title and source stand on lines of their own below.
    """
    table = [HEADER, *rows]
    lines = columns(table, gap="  ")
    if width is not None and max(map(len, lines)) > width:
        narrow = columns([row[:3] for row in table], gap="  ")
        lines = [line for head, row in zip(narrow, table, strict=True) for line in (head, *_below(row, width))]
    return "\n".join([paint(lines[0], "bold", colour=colour), *lines[1:]]) + "\n"


def _below(row: Sequence[str], width: int) -> list[str]:
    _, _, _, source, title = row
    return textwrap.wrap(f"{title} ({source})", max(width, 20), initial_indent="    ", subsequent_indent="    ")
