"""Time of each proof search and of each independent check, in one run.

    python benchmarks/proofs.py [--repeat N]

The best of N runs is printed; the boxes and the length of the certificate say how large the proof is.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence

import sympy as sp

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


def best(run: Callable[[], object], repeat: int) -> float:
    """The least time of some runs, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each (default 3)")
    repeat = parser.parse_args(arguments).repeat
    print(f"{'inequality':38} {'boxes':>6} {'kB':>6} {'prove [ms]':>11} {'check [ms]':>11}")
    for name, inequality in INEQUALITIES.items():
        found = prove(inequality)
        if not isinstance(found, Proved):
            raise SystemExit(f"{name}: not proved: {found}")
        document = found.certificate.to_json()
        size = len(json.dumps(document)) / 1000
        searched = best(lambda inequality=inequality: prove(inequality), repeat)  # type: ignore[misc]
        checked = best(lambda document=document: check(document), repeat)  # type: ignore[misc]
        print(f"{name:38} {found.certificate.boxes:6} {size:6.1f} {1000 * searched:11.1f} {1000 * checked:11.1f}")


if __name__ == "__main__":
    main()
