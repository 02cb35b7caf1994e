"""Pieces of LaTeX that every part of a fragment is made of: text, references, formulas in lines."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.latex import EQUALS, latex, lines, width
from ste_theory.notation.lines import Line
from ste_theory.notation.prose import spans

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownRelation

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    character: "\\" + character for character in "&%$#_{}"
}


def escaped(text: str) -> str:
    """Text in which no character has a meaning to TeX."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def prose(sentence: str) -> str:
    """A sentence with formulas in Unicode as LaTeX."""
    return "".join(f"${span.text}$" if span.is_formula else plain(span.text) for span in spans(sentence))


def plain(text: str) -> str:
    """Text without formulas as LaTeX."""
    return escaped(_quoted(text))


def _quoted(text: str) -> str:
    return re.sub(r"(?<!\w)'", "`", text.replace("′", "'").replace("−", "-"))


def reference(claim_id: str) -> str:
    """The claim's id, followed by the number of its section where the document has it."""
    return rf"\steclaim{{{claim_id}}}{{{breakable(claim_id)}}}"


def breakable(claim_id: str) -> str:
    """The id as text that may be broken at its dots and hyphens."""
    return escaped(claim_id).replace(".", r".\allowbreak{}").replace("-", r"-\allowbreak{}")


# Rows of a display that stays on one page: half a page of LaTeX's article.
_WHOLE = 12


def numbered(lines: Sequence[str], label: str) -> list[str]:
    """A display with one number. A long one, numbered at its end, goes on on the next page; ``split`` would not."""
    if len(lines) <= _WHOLE:
        begin = [rf"\begin{{equation}}\label{{{label}}}", r"\begin{split}"]
        return [*begin, *ended(lines), r"\end{split}", r"\end{equation}"]
    return [
        r"\begin{align}",
        *ended([*(rf"{line} \notag" for line in lines[:-1]), rf"{lines[-1]} \label{{{label}}}"]),
        r"\end{align}",
    ]


def rows(left: Letter | None, right: Formula, room: float) -> list[str]:
    """The rows of ``left = right``, aligned at the sign of equality."""
    lead = EQUALS + (width(left) if left is not None else 0.0)
    # Further lines begin where the right side does.
    found = lines(right, room=room - lead)
    first = f"{left.latex if left is not None else ''} &= {found[0].text}".strip()
    return [first, *(rf"&\hspace{{{line.indent}em}}{line.text}" for line in found[1:])]


def related(relation: "ShownRelation", room: float, *, whole: bool = True, flush: bool = False) -> list[str]:
    """The rows of ``left sign right``: one where it fits and is ``whole``, else the right side below the left one.

    Several relations in one display stand ``flush`` left: at their signs, the longest would push the others aside.
    """
    left, right, sign = relation.left, relation.right, relation.sign.latex.strip()
    if whole and width(left) + EQUALS + width(right) <= room:
        return [f"&{latex(left)} {sign} {latex(right)}" if flush else f"{latex(left)} &{sign} {latex(right)}"]
    sign = "{}+" if sign == "+" else sign
    above, below = lines(left, room=room), lines(right, room=room - EQUALS)
    first = [_row(line) for line in above] if latex(left) else []
    return [*first, f"&{sign} {below[0].text}", *(_row(line, 1) for line in below[1:])]


def _row(line: Line, further: int = 0) -> str:
    indent = line.indent + further
    return rf"&\hspace{{{indent}em}}{line.text}" if indent else f"&{line.text}"


def ended(rows: Sequence[str], end: str = "") -> list[str]:
    """The rows of a display, ``end`` behind each and a new row after all but the last."""
    return [f"  {row}{end}" + (r" \\" if number < len(rows) - 1 else "") for number, row in enumerate(rows)]


def display(left: Letter | None, right: Formula, room: float) -> list[str]:
    """``left = right`` as a display of its own."""
    return [r"\begin{flalign*}", *ended(rows(left, right, room), " &&"), r"\end{flalign*}"]
