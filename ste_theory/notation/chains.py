"""A chain of equal formulas as one display of LaTeX: what a notebook shows of a derivation."""

from collections.abc import Sequence

from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.latex import EQUALS, lines, width

_ROOM = 480.0


def aligned(left: Letter, chain: Sequence[tuple[Formula, str]]) -> str:
    r"""``left`` = first formula = second formula …, one below the other, each with a remark behind it.

    >>> print(aligned(Letter("f", "f"), [(Letter("V", "V"), ""), (Letter("x", "x"), "a rule")]))
    \begin{aligned}
    f &= V \\
    &= x && \text{a rule}
    \end{aligned}
    """
    rows = []
    for number, (formula, remark) in enumerate(chain):
        start = left.latex if number == 0 else ""
        first, *rest = lines(formula, room=_ROOM - EQUALS - width(left))
        found = [f"{start} &= {first.text}".strip(), *(rf"&\hspace{{{line.indent}em}}{line.text}" for line in rest)]
        if remark:
            found[-1] += rf" && \text{{{remark}}}"
        rows += found
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}"])
