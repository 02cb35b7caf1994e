"""Closed forms by the calculus against plain `sympy.integrate`, in one run.

The calculus derives every claim from the definition of the model and re-checks each step. The peer is given the
defining integrals of κ, b∥ and b⊥ over the plane (identity, ReLU, clipped ReLU), inner integral first, and a time
limit for each; what it returns is compared with the calculus' number at one point.

    python benchmarks/closed_forms.py [--limit SECONDS]
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

# Quantity → (polynomial in (a, b), surrogate derivative at ρa as bounds of a); the teacher is 1{ca + sb > 0}.
INTEGRALS: Mapping[str, tuple[str, str, str]] = {
    "κ": ("1", "0", "oo"),
    "b∥, identity": ("a", "-oo", "oo"),
    "b⊥, identity": ("b", "-oo", "oo"),
    "b∥, ReLU": ("a", "0", "oo"),
    "b⊥, ReLU": ("b", "0", "oo"),
    "b∥, clipped ReLU": ("a", "0", "1/rho"),
    "b⊥, clipped ReLU": ("b", "0", "1/rho"),
    "a₀, clipped ReLU": ("a without teacher", "0", "1/rho"),
}

# Runs in a process of its own, so that it can be stopped. The integrand is written with an explicit lower limit for b,
# the form in which SymPy does best: its Heaviside integrals are slower and have been wrong.
_PEER = """
import json, sys
import sympy as sp
weight, lower, upper = json.loads(sys.argv[1])
a, b = sp.symbols("a b", real=True)
rho, theta = sp.symbols("rho theta", positive=True)
names = {"a": a, "b": b, "rho": rho, "oo": sp.oo}
density = lambda t: sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
if "without" in weight:
    inner = a * density(a)
else:
    q = sp.sympify(weight, locals=names)
    inner = sp.integrate(q * density(b), (b, -a * sp.cos(theta) / sp.sin(theta), sp.oo)) * density(a)
result = sp.integrate(inner, (a, sp.sympify(lower, locals=names), sp.sympify(upper, locals=names)))
there = result.subs({rho: sp.Rational(5, 4), theta: sp.Rational(6, 5)})
unevaluated = bool(there.has(sp.Integral))
value = None if unevaluated else float(sp.re(sp.N(there)))
print(json.dumps({"unevaluated": unevaluated, "value": value, "conditions": bool(result.has(sp.Integral))}))
"""


def truth(weight: str, lower: str, upper: str) -> float:
    """The integral by the calculus' own numbers, from the definition of the expectation."""
    import sympy as sp

    from ste_theory.calculus.evaluate import evaluate
    from ste_theory.calculus.expectation import Expectation, indicator
    from ste_theory.model.symbols import a, b, c, rho, s, theta

    integrand = {"1": sp.S.One, "a": a, "b": b}[weight.split()[0]]
    if "without" not in weight:
        integrand *= indicator(c * a + s * b)
    if lower == "0":
        integrand *= indicator(a)
    if upper != "oo":
        integrand *= indicator(1 - rho * a)
    return evaluate(Expectation(integrand), {rho: 1.25, theta: 1.2}).number


def peer(integral: tuple[str, str, str], limit: float) -> tuple[str, float]:
    """What `sympy.integrate` makes of an integral, and in how many seconds."""
    start = time.perf_counter()
    command = [sys.executable, "-P", "-c", _PEER, json.dumps(integral)]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return "timed out", limit
    seconds = time.perf_counter() - start
    if finished.returncode != 0:
        return f"raised {finished.stderr.strip().splitlines()[-1][:60]}", seconds
    answer = json.loads(finished.stdout)
    if answer["unevaluated"]:
        return "unevaluated", seconds
    expected = truth(*integral)
    if abs(answer["value"] - expected) >= 1e-8:
        return f"WRONG: {answer['value']:.8g}, not {expected:.8g}", seconds
    return ("solved for some parameters, an integral for others" if answer["conditions"] else "solved"), seconds


def calculus() -> list[tuple[str, int, float, float]]:
    """(claim, steps, seconds to derive, seconds to re-check) for every claim; what claims share is derived once."""
    from ste_theory.calculus.derivation import Grade
    from ste_theory.claims import registry

    rows = []
    for claim in registry.claims().values():
        if claim.derivation is None:
            continue
        start = time.perf_counter()
        derived = claim.derivation()
        middle = time.perf_counter()
        grades = [step.recheck().grade for step in derived.steps]
        end = time.perf_counter()
        if any(grade is not Grade.EXACT for grade in grades):
            raise SystemExit(f"{claim.id}: a step is not exact; there is nothing to compare")
        rows.append((claim.id, len(grades), middle - start, end - middle))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each integral of the peer (default 60)")
    options = parser.parse_args(arguments)
    rows = calculus()
    print("calculus: every claim from its definition, every step exact\n")
    print(f"{'claim':36} {'steps':>6} {'derive [s]':>11} {'re-check [s]':>13}")
    for claim_id, steps, derive, recheck in rows:
        print(f"{claim_id:36} {steps:6} {derive:11.2f} {recheck:13.2f}")
    steps, derive, recheck = (sum(column) for column in list(zip(*rows, strict=True))[1:])
    print(f"{'all':36} {steps:6.0f} {derive:11.2f} {recheck:13.2f}\n")
    print(f"sympy.integrate, at most {options.limit:.0f} s each\n")
    print(f"{'integral':36} {'seconds':>8}  outcome")
    for name, integral in INTEGRALS.items():
        outcome, seconds = peer(integral, options.limit)
        print(f"{name:36} {seconds:8.1f}  {outcome}", flush=True)


if __name__ == "__main__":
    main()
