"""Time to a given accuracy, and how often what comes out misses it, against QMCPy and vegas, in one run.

    make bench-peers                                        (or, in that environment:)
    python benchmarks/peers/accuracy.py [--runs 20] [--accuracy 1e-3 1e-4] [--json FILE]

Everybody gets (A, B, κ) of the same problem (binary activation, m = 16) in double precision: as the plain program in
the plane, 2m coordinates, and as the best reduced integrand, one row in two coordinates. The promise is 99 % for
QMCPy's ``alpha`` and for this package's ``confidence``; vegas gives a standard error, and stops at accuracy/2.58. A run
misses if any of the three is off by more than the accuracy. Times are CPU seconds of the process; each contestant takes
its turn in every round.
"""

import argparse
import json
import math
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import ste_theory as st
from ste_theory.montecarlo.blocks import block_generator
from ste_theory.montecarlo.samplers import one_row
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction
from ste_theory.montecarlo.samplers.strata import draw_strata, plan_strata
from ste_theory.montecarlo.standard_point import standard_point
from ste_theory.montecarlo.stopping.student import spent, student_quantile

ROWS, CONFIDENCE = 16, 0.99
Array = np.ndarray
Contestant = Callable[[Reduction, float, int], Array]
SLOW = 20.0  # CPU seconds after which a contestant is not asked again in this run


def exact(at: Reduction) -> Array:
    """(A, B, κ) from the closed forms."""
    gradient = st.expected_coarse_gradient(at.problem, at.point)
    # Orthants: P(a > 0, ca + sb > 0).
    overlap = (math.pi - math.atan2(at.sine, at.cosine)) / (2 * math.pi)
    return np.array([gradient.w @ at.w_hat, gradient.w @ at.u_hat, overlap])


def plain(at: Reduction, z: Array) -> Array:
    """The program in the plane, z of shape (N, 2m): columns of (A, B, κ), κ as the mean over the rows. Shape (3, N)."""
    a, b = z[..., :ROWS], z[..., ROWS:]
    h = at.rho * a
    on, teacher = at.problem.quantizer(h), at.problem.teacher(at.rho_star * (at.cosine * a + at.sine * b))
    residual = on @ at.point.v - teacher @ at.point.v_star
    pull = at.problem.surrogate(h) * at.point.v
    overlap = (on * teacher).mean(axis=-1)
    return np.stack([(pull * a).sum(axis=-1) * residual, (pull * b).sum(axis=-1) * residual, overlap])


def reduced(at: Reduction, z: Array) -> Array:
    """One row, z of shape (N, 2)."""
    return one_row.values(at, z[..., 0], z[..., 1])


def strata(at: Reduction, accuracy: float, seed: int) -> Array:
    """This package's default: one point per cell, Hoeffding's inequality."""
    found = plan_strata(at, np.full(3, accuracy), 1 - CONFIDENCE)
    assert found is not None
    return draw_strata(at, found, block_generator(seed, (), 0))


def nets(at: Reduction, accuracy: float, seed: int) -> Array:
    """This package's scrambled nets, Student's t over 32 scrambles."""
    from ste_theory.montecarlo.samplers import nets as sampler

    for look, exponent in enumerate(range(8, 25), 1):
        drawn = [sampler.value(at, block_generator(seed, (look,), number), exponent) for number in range(32)]
        quantile = student_quantile(spent(1 - CONFIDENCE, look) / 3, 31)
        if np.all(quantile * np.std(drawn, axis=0, ddof=1) / math.sqrt(32) <= accuracy):
            return np.asarray(np.mean(drawn, axis=0))
    raise AssertionError("not reached")


def qmcpy_with(rule: str, integrand: str) -> Contestant:
    """One of QMCPy's stopping criteria."""

    def run(at: Reduction, accuracy: float, seed: int) -> Array:
        import qmcpy

        size = 2 if integrand == "reduced" else 2 * ROWS
        values = reduced if integrand == "reduced" else plain
        if rule == "CubMCG":
            # One integrand at a time: this rule has no vectors.
            found = []
            for part in range(3):
                measure = qmcpy.Gaussian(qmcpy.IIDStdUniform(size, seed=seed))
                one = qmcpy.CustomFun(measure, g=lambda x, part=part: values(at, x)[part])
                found.append(float(qmcpy.CubMCG(one, abs_tol=accuracy, alpha=(1 - CONFIDENCE) / 3).integrate()[0]))
            return np.array(found)
        measure = qmcpy.Gaussian(
            qmcpy.DigitalNetB2(size, seed=seed, replications=15)
            if rule == "CubQMCRepStudentT"
            else qmcpy.DigitalNetB2(size, seed=seed)
        )
        integrand_ = qmcpy.CustomFun(measure, g=lambda x: values(at, x), dimension_indv=3)
        options = {"alpha": (1 - CONFIDENCE) / 3} if rule == "CubQMCRepStudentT" else {}
        return np.asarray(getattr(qmcpy, rule)(integrand_, abs_tol=accuracy, **options).integrate()[0])

    return run


def vegas_with(integrand: str) -> Contestant:
    """Adaptive importance sampling; iterations until the standard error is small enough."""

    def run(at: Reduction, accuracy: float, seed: int) -> Array:
        import gvar
        import vegas
        from scipy.special import ndtri

        gvar.ranseed(seed)
        size = 2 if integrand == "reduced" else 2 * ROWS
        values = reduced if integrand == "reduced" else plain

        @vegas.lbatchintegrand  # type: ignore[untyped-decorator]
        def batch(u: Array) -> Array:
            return np.ascontiguousarray(values(at, ndtri(np.clip(u, 1e-15, 1 - 1e-15))).T)

        integrator = vegas.Integrator([[0, 1]] * size)
        integrator(batch, nitn=5, neval=5000)
        samples = 20_000
        while True:
            found = integrator(batch, nitn=10, neval=samples)
            if max(part.sdev for part in found) <= accuracy / 2.576:
                return np.array([part.mean for part in found])
            samples *= 4

    return run


CONTESTANTS: dict[str, Contestant] = {
    "ste_theory strata": strata,
    "ste_theory scrambled nets": nets,
    "QMCPy CubQMCNetG, reduced": qmcpy_with("CubQMCNetG", "reduced"),
    "QMCPy CubQMCRepStudentT, reduced": qmcpy_with("CubQMCRepStudentT", "reduced"),
    "QMCPy CubMCG, reduced": qmcpy_with("CubMCG", "reduced"),
    "vegas, reduced": vegas_with("reduced"),
    "QMCPy CubQMCNetG, plain": qmcpy_with("CubQMCNetG", "plain"),
    "QMCPy CubMCG, plain": qmcpy_with("CubMCG", "plain"),
    "vegas, plain": vegas_with("plain"),
}


def compete(accuracy: float, runs: int) -> list[dict[str, Any]]:
    """All contestants at one accuracy, in turns."""
    problem = st.Problem(st.quantizers.binary(), st.surrogates.relu())
    at = reduction(problem, standard_point(ROWS, 64))
    truth = exact(at)
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    missed = dict.fromkeys(CONTESTANTS, 0)
    errors: dict[str, str] = {}
    for seed in range(runs):
        for name, run in CONTESTANTS.items():
            if name in errors or (seconds[name] and max(seconds[name]) > SLOW):
                continue
            start = time.process_time()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = run(at, accuracy, seed)
            except Exception as error:  # noqa: BLE001  (a contestant that breaks is reported, not the end of the run)
                errors[name] = f"{type(error).__name__}: {error}"[:60]
                continue
            if seed or len(seconds[name]) or runs == 1:
                seconds[name].append(time.process_time() - start)
            else:  # the first run pays for imports
                seconds[name].append(time.process_time() - start)
            missed[name] += bool(np.abs(found - truth).max() > accuracy)
    best = statistics.median(seconds["ste_theory strata"])
    return [
        {
            "accuracy": accuracy,
            "name": name,
            "runs": len(times),
            "median": statistics.median(times) if times else None,
            "spread": [min(times), max(times)] if times else None,
            "ratio": statistics.median(times) / best if times else None,
            "missed": missed[name],
            "error": errors.get(name, ""),
        }
        for name, times in seconds.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per accuracy."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--accuracy", type=float, nargs="+", default=[1e-3, 1e-4])
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    rows = []
    for accuracy in chosen.accuracy:
        print(f"accuracy {accuracy:g} of (A, B, κ) at m = {ROWS}, promised with 99 %, CPU seconds")
        print(f"  {'':34s} {'median':>9s} {'from':>9s} {'to':>9s} {'ratio':>7s}  missed")
        for row in compete(accuracy, chosen.runs):
            rows.append(row)
            if row["median"] is None:
                print(f"  {row['name']:34s} {row['error']}", flush=True)
                continue
            low, high = row["spread"]
            print(
                f"  {row['name']:34s} {row['median']:9.4f} {low:9.4f} {high:9.4f} {row['ratio']:7.1f}  "
                f"{row['missed']} of {row['runs']}",
                flush=True,
            )
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
