"""Rules with a promise of their own: this package's samplers, QMCPy's stopping criteria, vegas.

All are given accuracy and confidence and stop by themselves. QMCPy's ``alpha`` is split over the three integrands;
vegas gives a standard error and is asked for enough of it.
"""

import math
from typing import Any

import numpy as np

from contestants.integrands import in_numpy, size
from contestants.monte_carlo import Contestant, Reply, quantile
from ste_theory.montecarlo.accuracy.replicated import LARGEST_NET, LEAST_NET, SCRAMBLES
from ste_theory.montecarlo.accuracy.unseen import unseen
from ste_theory.montecarlo.blocks import block_generator
from ste_theory.montecarlo.samplers import nets as sampler
from ste_theory.montecarlo.samplers.reduction import Reduction
from ste_theory.montecarlo.samplers.strata import draw_strata, plan_strata
from ste_theory.montecarlo.stopping.student import spent, student_quantile


def strata(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
    """This package's default: one point per cell, Hoeffding's inequality."""
    found = plan_strata(at, np.full(3, accuracy), 1 - confidence)
    if found is None:
        raise ValueError("no strata")
    return Reply(draw_strata(at, found, block_generator(seed, (), 0)))


def nets(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
    """This package's scrambled nets, as ``accuracy.replicated.by_nets`` runs them, here to one accuracy of (A, B, κ):
    half of the error rate for Student's t over the scrambles, half for events that no point may have seen."""
    cells = unseen(at.problem, at.point, pairs=False)
    for look, exponent in enumerate(range(LEAST_NET, LARGEST_NET + 1), 1):
        step = SCRAMBLES if exponent <= sampler.PIECE else 1
        firsts = range(0, SCRAMBLES, step)
        drawn = [sampler.values(at, block_generator(seed, (look,), first), exponent, step) for first in firsts]
        means, rate = np.concatenate(drawn, axis=1), spent(1 - confidence, look) / 6
        missed = np.zeros(3) if cells is None else cells.missed(-math.log(rate) / (SCRAMBLES << exponent))
        t = student_quantile(rate, SCRAMBLES - 1)
        if np.all(t * means.std(axis=1, ddof=1) / math.sqrt(SCRAMBLES) + missed <= accuracy):
            return Reply(np.asarray(means.mean(axis=1)))
    raise ValueError(f"not reached with nets of 2^{LARGEST_NET} points")


def qmcpy_rule(rule: str, form: str) -> Contestant:
    """One of QMCPy's stopping criteria."""

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        import qmcpy

        length, values, alpha = size(at, form), in_numpy(at, form), (1 - confidence) / 3
        if rule == "CubMCG":
            # One integrand at a time: this rule has no vectors.
            found = []
            for part in range(3):
                measure = qmcpy.Gaussian(qmcpy.IIDStdUniform(length, seed=seed))
                one = qmcpy.CustomFun(measure, g=lambda x, part=part: values(x)[part])
                found.append(float(qmcpy.CubMCG(one, abs_tol=accuracy, alpha=alpha).integrate()[0]))
            return Reply(np.array(found))
        many: dict[str, Any] = {"replications": 15} if rule == "CubQMCRepStudentT" else {}
        options: dict[str, Any] = {"alpha": alpha} if rule == "CubQMCRepStudentT" else {}
        measure = qmcpy.Gaussian(qmcpy.DigitalNetB2(length, seed=seed, **many))
        vector = qmcpy.CustomFun(measure, g=values, dimension_indv=3)
        return Reply(np.asarray(getattr(qmcpy, rule)(vector, abs_tol=accuracy, **options).integrate()[0]))

    return run


def vegas_rule(form: str) -> Contestant:
    """Adaptive importance sampling; iterations until the standard error is small enough."""

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        import gvar
        import vegas
        from scipy.special import ndtri

        gvar.ranseed(seed)
        values, enough = in_numpy(at, form), accuracy / quantile(confidence)

        @vegas.lbatchintegrand  # type: ignore[untyped-decorator]
        def batch(u: np.ndarray) -> np.ndarray:
            return np.ascontiguousarray(values(ndtri(np.clip(u, 1e-15, 1 - 1e-15))).T)

        integrator = vegas.Integrator([[0, 1]] * size(at, form))
        integrator(batch, nitn=5, neval=5000)
        samples = 20_000
        while True:
            found = integrator(batch, nitn=10, neval=samples)
            if max(part.sdev for part in found) <= enough:
                return Reply(np.array([part.mean for part in found]))
            samples *= 4

    return run
