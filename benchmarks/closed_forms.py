"""Closed forms by the calculus against plain `sympy.integrate`: seconds from a bare process to the answer.

    python benchmarks/closed_forms.py [--limit SECONDS] [--all] [--json FILE]

The calculus derives a whole claim from the definition of the model; re-checking each step by other means comes on top
and is timed apart, for the peer offers nothing like it. The peer is given one of the claim's defining integrals over
the plane (κ, b∥ or b⊥; identity, ReLU, clipped ReLU), inner integral first, and a time limit; what it returns is
compared with the calculus' number at one point. So the ratio is about more work for the calculus.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from measurement.driver import Options, drive
from measurement.row import Row
from measurement.turns import figures

OURS = "calculus, derived"
# Claim → those of its integrals that the peer is given.
CLAIMS: Mapping[str, tuple[str, ...]] = {
    "yin2019.loss": ("κ",),
    "yin2019.identity": ("b∥, identity", "b⊥, identity"),
    "yin2019.relu": ("b∥, ReLU", "b⊥, ReLU"),
    "yin2019.clipped-relu-closed-form": ("b∥, clipped ReLU", "b⊥, clipped ReLU", "a₀, clipped ReLU"),
}

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


_OURS = """
import sys, time
from ste_theory.calculus.derivation import Grade
from ste_theory.claims import registry
derived = registry.claims()[sys.argv[1]].derivation()
start = time.perf_counter()
grades = [step.recheck().grade for step in derived.steps]
print(time.perf_counter() - start)
sys.exit(any(grade is not Grade.EXACT for grade in grades))
"""


def calculus(claim: str) -> tuple[float, float]:
    """Seconds to derive a claim, from a bare process, and to re-check every step.

    Raises if a step is not exact: there is nothing to compare then.
    """
    start = time.perf_counter()
    answer = subprocess.run([sys.executable, "-P", "-c", _OURS, claim], check=True, capture_output=True, text=True)
    recheck = float(answer.stdout)
    return time.perf_counter() - start - recheck, recheck


def compete(claim: str, limit: float) -> list[Row]:
    """The claim, and each of its integrals by the peer."""
    ours, recheck = calculus(claim)
    rows = [Row(claim, OURS, "s", figures([ours]), reference=True)]
    rows.append(Row(claim, "calculus, every step re-checked", "s", figures([recheck]), reference=True))
    for integral in CLAIMS.get(claim, ()):
        outcome, seconds = peer(INTEGRALS[integral], limit)
        # Time without an answer, or to a wrong one, is compared with nothing.
        against = figures([seconds / ours]) if outcome.startswith("solved") else None
        if outcome == "timed out":
            outcome = f"stopped after {limit:g} s, {seconds / ours:.2g} times ours"
        rows.append(Row(claim, f"sympy.integrate, {integral}", "s", figures([seconds]), against, outcome))
    return rows


def tables(chosen: Options) -> Iterator[list[Row]]:
    """One table per claim."""
    names, limit = list(CLAIMS), chosen.limit
    if chosen.quick:
        names, limit = names[:1], 1.0
    if chosen.all:
        from ste_theory.claims import registry

        names = [claim.id for claim in registry.claims().values() if claim.derivation is not None]
    for claim in names:
        yield compete(claim, limit)


def options(parser: argparse.ArgumentParser) -> None:
    """Those of this benchmark."""
    parser.add_argument("--limit", type=float, default=10.0, help="seconds for each integral of the peer (default 10)")
    parser.add_argument("--all", action="store_true", help="time every claim that has a derivation")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per claim."""
    return drive(__doc__, "the first claim, one second for the peer", tables, arguments, options=options)


if __name__ == "__main__":
    sys.exit(main())
