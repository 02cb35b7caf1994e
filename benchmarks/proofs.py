"""Time of each proof search and of each independent check, in one run.

    python benchmarks/proofs.py [--rounds N] [--json FILE]

The boxes and the length of the certificate say how large the proof is.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import sympy as sp

from measurement.row import Row, write
from measurement.table import text
from measurement.turns import figures, in_turns
from ste_theory.checker import check
from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.prove import Proved, prove

x, y, z, theta = sp.symbols("x y z theta", real=True)
SLACK = 1 - 2 / sp.pi
PSI = 1 - 2 * theta / sp.pi - sp.cos(theta)
GAP = sp.sin(theta) - sp.sin(theta) ** 2
HALF_TURN = (Variable(theta, 0, sp.pi),)

INEQUALITIES = {
    "s - s² ≥ 2ψ², three ties": Inequality(GAP - 2 * PSI**2, HALF_TURN),
    "s - s² ≥ ψ²/2(1-2/π)², fourth order": Inequality(GAP - PSI**2 / (2 * SLACK**2), HALF_TURN),
    "2κ²cos x(1-cos x) ≥ (κx-x+sin x)²": Inequality(
        2 * SLACK**2 * sp.cos(x) * (1 - sp.cos(x)) - (SLACK * x - (x - sp.sin(x))) ** 2, (Variable(x, 0, sp.pi / 2),)
    ),
    "x + 1/x ≥ 2 on a ray": Inequality(x + 1 / x - 2, (Variable(x, sp.Rational(1, 5), sp.oo),)),
    "√(1+x²) > x on a ray": Inequality(sp.sqrt(1 + x**2) - x, (Variable(x, 0, sp.oo),), strict=True),
    "x² - xy + y² > -1/100": Inequality(
        x**2 + y**2 - x * y + sp.Rational(1, 100), (Variable(x, -1, 1), Variable(y, -1, 1)), strict=True
    ),
    "2 + sin x cos y > xz²/4": Inequality(
        2 + sp.sin(x) * sp.cos(y) - z**2 * x / 4,
        (Variable(x, 0, sp.pi), Variable(y, 0, sp.pi), Variable(z, -1, 1)),
        strict=True,
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table; there are no peers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    rows = []
    for name, inequality in INEQUALITIES.items():
        found = prove(inequality)
        if not isinstance(found, Proved):
            raise SystemExit(f"{name}: not proved: {found}")
        document = found.certificate.to_json()
        times = in_turns(
            {"prove": partial(prove, inequality), "check": partial(check, document)},
            1 if chosen.quick else chosen.rounds,
        )
        sizes = f"{found.certificate.boxes} boxes, {len(json.dumps(document)) / 1000:.1f} kB"
        rows.append(Row(name, "prove", "s", figures(times["prove"]), None, sizes, reference=True))
        rows.append(Row(name, "check", "s", figures(times["check"]), reference=True))
    print(text(rows))
    write(chosen.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
