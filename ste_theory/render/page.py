"""Paragraphs and displayed formulas in 80 columns of text."""

import textwrap

from ste_theory.notation import unicode
from ste_theory.notation.formula import Formula
from ste_theory.notation.unicode import columns

WIDTH = 80


def displayed(left: str, right: Formula, indent: int, sign: str = "= ") -> list[str]:
    """``left = right``, broken at its sums; further lines are indented below the first."""
    before = " " * indent + (f"{left} " if left else "") + sign
    broken = unicode.lines(right, room=WIDTH - indent - 2, lead=columns(before) - indent - 2)
    return [
        before + broken[0].text,
        *(" " * (indent + 2) + "  " * line.indent + line.text for line in broken[1:]),
    ]


def wrapped(text: str, indent: int, further: int | None = None) -> list[str]:
    """The text in lines of at most 80 columns, which never break inside a word; no line for no text."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if further is None else further),
        break_long_words=False,
        break_on_hyphens=False,
    )
