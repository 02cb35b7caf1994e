"""Functions as C99: a source, its header, and a program that compares them with the values it carries."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.exchange.arithmetic import Dialect, heads, wrapped

if TYPE_CHECKING:
    from ste_theory.exchange.functions import Function

C99 = Dialect(
    functions={
        **{
            name: f"{name}({{0}})"
            for name in [
                "exp",
                "expm1",
                "log",
                "sin",
                "cos",
                "tan",
                "asin",
                "acos",
                "atan",
                "sinh",
                "cosh",
                "tanh",
                "erf",
                "erfc",
                "indicator",
            ]
        },
        "cot": "(1.0 / tan({0}))",
        "sec": "(1.0 / cos({0}))",
        "csc": "(1.0 / sin({0}))",
        "abs": "fabs({0})",
        "min": "fmin({0}, {1})",
        "max": "fmax({0}, {1})",
    },
    pi="PI",
    root="sqrt({0})",
    power="pow({0}, {1})",
    choice="({0} ? {1} : {2})",
    both="({0} && {1})",
    either="({0} || {1})",
    opposite="(!{0})",
    nothing="NAN",
)

_INDICATOR = "static double indicator(double x)\n{\n    return x > 0.0 ? 1.0 : 0.0;\n}\n"

_OPEN = '#ifdef __cplusplus\nextern "C" {\n#endif'
_CLOSE = "#ifdef __cplusplus\n}\n#endif"

_TEST = """/* Compares {file}.c with certified values: cc -std=c99 {file}.c {file}_test.c -lm && ./a.out */
#include <math.h>
#include <stdio.h>

#include "{file}.h"

static int wrong = 0;

/* An error is measured by |certified|, or by the sum of the absolute values of the formula's terms where the header
   says that they cancel. */
static void compare(const char *name, double computed, double certified, double scale)
{{
    if (!(fabs(computed - certified) <= 1e-13 * scale)) {{
        printf("%s: %.17g, certified %.17g\\n", name, computed, certified);
        wrong += 1;
    }}
}}

int main(void)
{{
{rows}
    if (wrong == 0) {{
        printf("{count} certified values, all within 1e-13\\n");
    }}
    return wrong == 0 ? 0 : 1;
}}
"""


def files(functions: "Sequence[Function]", left_out: Sequence[str], *, version: str, name: str) -> dict[str, str]:
    """``name.h``, ``name.c`` and ``name_test.c``. Raises ``NotWritten`` for a formula that C has no words for."""
    return {
        f"{name}.h": _header(functions, left_out, version, name),
        f"{name}.c": _source(functions, version, name),
        f"{name}_test.c": _test(functions, name),
    }


def _comment(lines: Sequence[str]) -> str:
    safe = [line.replace("*/", "* /").replace("/*", "/ *") for line in lines]
    return "/* " + "\n".join(("   " + line if number else line).rstrip() for number, line in enumerate(safe)) + " */"


def _prototype(function: "Function") -> str:
    return f"double {function.name}({', '.join(f'double {name}' for name in function.arguments) or 'void'})"


def _header(functions: "Sequence[Function]", left_out: Sequence[str], version: str, name: str) -> str:
    from ste_theory.exchange.functions import MEANING

    guard = f"{name.upper()}_H"
    letters = [letter for letter in MEANING if any(letter in function.arguments for function in functions)]
    about = [
        f"Formulas about straight-through estimators, written by ste-theory {version}.",
        "",
        *(f"{letter:<9} {MEANING[letter]}" for letter in letters),
        *(f"Left out: {line}" for line in left_out),
    ]
    blocks = [_comment(about), f"#ifndef {guard}\n#define {guard}", _OPEN]
    for function in functions:
        said = [
            f"{function.meaning}.",
            f"{function.claim} ({function.source}), {function.problem}.",
            f"Domain: {function.domain}",
            f"Written {function.origin}.",
            *function.range,
        ]
        blocks.append(_comment(said) + "\n" + _prototype(function) + ";")
    return "\n\n".join([*blocks, _CLOSE, "#endif"]) + "\n"


def _source(functions: "Sequence[Function]", version: str, name: str) -> str:
    used = frozenset(head for function in functions for head in heads(function.body))
    blocks = [f"/* Written by ste-theory {version}. */", f'#include "{name}.h"\n\n#include <math.h>']
    bodies = [wrapped(C99.terms(function.body), indent="        ", room=110) for function in functions]
    if any("PI" in body for body in bodies):
        blocks.append("static const double PI = 3.14159265358979323846;")
    if "indicator" in used:
        blocks.append(_INDICATOR.rstrip())
    for function, body in zip(functions, bodies, strict=True):
        blocks.append(f"{_prototype(function)}\n{{\n    return (\n{body}\n    );\n}}")
    return "\n\n".join(blocks) + "\n"


def _test(functions: "Sequence[Function]", name: str) -> str:
    rows = [
        f'    compare("{function.name}", {function.name}({", ".join(one.arguments)}), {one.value}, {one.scale});'
        for function in functions
        for one in function.values
    ]
    return _TEST.format(file=name, rows="\n".join(rows), count=len(rows))
