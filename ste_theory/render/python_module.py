"""Functions as one Python module that needs NumPy alone, with a self-test against the values it carries."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.exchange.arithmetic import Dialect, heads, wrapped

if TYPE_CHECKING:
    from ste_theory.exchange.functions import Function

PYTHON = Dialect(
    functions={
        **{name: f"np.{name}({{0}})" for name in ["exp", "expm1", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"]},
        **{f"a{name}": f"np.arc{name}({{0}})" for name in ("sin", "cos", "tan")},
        "cot": "(1.0 / np.tan({0}))",
        "sec": "(1.0 / np.cos({0}))",
        "csc": "(1.0 / np.sin({0}))",
        "erf": "_erf({0})",
        "erfc": "_erfc({0})",
        "abs": "np.abs({0})",
        "min": "np.minimum({0}, {1})",
        "max": "np.maximum({0}, {1})",
        "indicator": "np.where({0} > 0.0, 1.0, 0.0)",
    },
    pi="np.pi",
    root="np.sqrt({0})",
    power="np.power({0}, {1})",
    choice="np.where({0}, {1}, {2})",
    both="({0} & {1})",
    either="({0} | {1})",
    opposite="(~{0})",
    nothing="np.nan",
)

_HEAD = '''"""Formulas about straight-through estimators as NumPy functions, written by ste-theory {version}.

{letters}

Every function takes floats or arrays that broadcast, and says which statement it is. `python {file}.py`
compares each with the defining integral of its quantity, enclosed in balls to {digits} digits at {points} points
inside of its domain and at points near the ends of 0 < theta < pi: exit code 0, or 1 and one line per disagreement.
Nothing here is proved; `ste-theory verify CLAIM` says what is.
{left_out}"""

{imports}
import sys

import numpy as np

__all__ = [
{names}
]
'''

_ERF = {
    "erf": "\n_erf = np.vectorize(math.erf, otypes=[float])\n",
    "erfc": "\n_erfc = np.vectorize(math.erfc, otypes=[float])\n",
}

_TEST = '''

# Function, arguments, the quantity there (all digits proved; 0.0 where it is only known to be near 0), and what an
# error is measured by: |quantity|, or the sum of the absolute values of the formula's terms where the function says
# that they cancel.
CERTIFIED = [
{rows}
]


def self_test(tolerance=1e-13):
    """The disagreements in words: where |function - value| > tolerance * scale."""
    found = []
    for function, arguments, value, scale in CERTIFIED:
        computed = float(function(*arguments))
        if not abs(computed - float(value)) <= tolerance * scale:
            found.append(f"{{function.__name__}}{{arguments}}: {{computed!r}}, certified {{value}}")
    return found


if __name__ == "__main__":
    wrong = self_test()
    print("\\n".join(wrong) if wrong else f"{{len(CERTIFIED)}} certified values, all within 1e-13")
    sys.exit(1 if wrong else 0)
'''


def module(functions: "Sequence[Function]", left_out: Sequence[str], *, version: str, name: str) -> str:
    """The text of the module. Raises ``NotWritten`` for a formula that Python has no words for."""
    from ste_theory.exchange.certified import DIGITS, POINTS
    from ste_theory.exchange.functions import MEANING

    used = frozenset(head for function in functions for head in heads(function.body))
    letters = [letter for letter in MEANING if any(letter in function.arguments for function in functions)]
    text = _HEAD.format(
        version=version,
        file=name,
        digits=DIGITS,
        points=POINTS,
        imports="import math" if used & _ERF.keys() else "",
        letters="\n".join(f"{letter:<9} {MEANING[letter]}" for letter in letters),
        left_out="".join(f"\nLeft out: {line}" for line in left_out) + ("\n" if left_out else ""),
        names="\n".join(f'    "{function.name}",' for function in functions),
    )
    text += "".join(definition for head, definition in _ERF.items() if head in used)
    text += "".join("\n\n" + _function(function) for function in functions)
    rows = [
        f'    ({function.name}, ({_listed(one.arguments)}), "{one.value}", {one.scale}),'
        for function in functions
        for one in function.values
    ]
    return text.replace('"""\n\n\nimport sys', '"""\n\nimport sys') + _TEST.format(rows="\n".join(rows))


def _listed(arguments: Sequence[str]) -> str:
    return ", ".join(arguments) + ("," if len(arguments) == 1 else "")


def _function(function: "Function") -> str:
    body = wrapped(PYTHON.terms(function.body), indent="        ", room=110)
    doc = [
        f'    """{function.meaning}.',
        "",
        f"    {function.claim} ({function.source}), {function.problem}.",
        f"    Domain: {function.domain}",
        f"    Written {function.origin}.",
        *(f"    {line}" for line in function.range),
        '    """',
    ]
    return (
        "\n".join([f"def {function.name}({', '.join(function.arguments)}):", *doc, "    return (", body, "    )"])
        + "\n"
    )
