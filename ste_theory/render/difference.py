"""The answer of ``diff``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.render.colour import paint
from ste_theory.render.page import wrapped

if TYPE_CHECKING:
    from ste_theory.claims.difference import Change, Difference

_SHOWN = 10


def render(found: "Difference", *, colour: bool = False, full: bool = False) -> str:
    """What changed, verdicts first; of many changes of a kind the first ten, unless ``full``."""
    groups = (
        ("verdicts", found.verdicts),
        ("statements", found.statements),
        ("witnesses", found.witnesses),
        ("figures" if found.comparable else "what is claimed of figures", found.figures),
        ("versions and settings", found.versions),
    )
    lines: list[str] = []
    if found.alone:
        lines += [
            paint(f"in one run only: {len(found.alone)}", "bold", colour=colour),
            *_changes(found.alone, full=full),
        ]
    for title, changes in groups:
        if changes:
            lines += [paint(f"{title}: {len(changes)} changed", "bold", colour=colour), *_changes(changes, full=full)]
    if not found.comparable:
        lines += wrapped("seed or level differ, so that the runs drew other numbers: figures are not compared", 0)
    same = [title for title, changes in groups if not changes]
    lines += wrapped(
        f"{found.claims} claim{'s' if found.claims != 1 else ''} in both; unchanged: {', '.join(same) or 'nothing'}",
        0,
        4,
    )
    return "\n".join(lines) + "\n"


def _changes(changes: "Sequence[Change]", *, full: bool) -> list[str]:
    shown = changes if full else changes[:_SHOWN]
    lines = [
        line
        for change in shown
        for line in wrapped(f"{change.what}: {change.before or 'absent'} → {change.after or 'absent'}", 4, 8)
    ]
    if len(shown) < len(changes):
        lines.append(f"    and {len(changes) - len(shown)} more; --full lists them")
    return lines
