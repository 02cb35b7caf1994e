"""The list of claims."""

from collections.abc import Iterable, Sequence

from ste_theory.render.colour import paint
from ste_theory.render.table import columns

HEADER = ("claim", "kind", "documented", "source", "title")


def render(rows: Iterable[Sequence[str]], *, colour: bool = False) -> str:
    """One line per claim: id, kind, documented verdict, source, title."""
    lines = columns([HEADER, *rows], gap="  ")
    return "\n".join([paint(lines[0], "bold", colour=colour), *lines[1:]]) + "\n"
