"""Which sampler serves an accuracy: the one that is named, or the fastest with a bound for finitely many draws."""

from collections.abc import Callable, Mapping

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.montecarlo.accuracy.bounded import by_bernstein, by_strata
from ste_theory.montecarlo.accuracy.known_variance import by_known_variance
from ste_theory.montecarlo.accuracy.replicated import by_looks, by_nets
from ste_theory.montecarlo.accuracy.request import Reached, Request
from ste_theory.montecarlo.samplers.sampler import IN_PLANE, PROGRAM, RESTS_ON


def _named(sampler: str) -> Callable[[Request], Reached | None]:
    methods: Mapping[str, Callable[[Request], Reached | None]] = {
        "strata": by_strata,
        "one-coordinate": by_bernstein,
        "sobol": by_nets,
        PROGRAM: lambda request: by_known_variance(request, PROGRAM) or by_looks(request, PROGRAM),
        IN_PLANE: lambda request: by_known_variance(request, IN_PLANE) or by_looks(request, IN_PLANE),
    }
    return methods.get(sampler, lambda request: by_looks(request, sampler))


def reach(request: Request, sampler: str | None = None) -> Reached:
    """The estimate to the accuracy asked for, by the sampler named or by the fastest with a finite-sample guarantee.

    That is ``strata`` wherever the range of μ′ is known on every cell. Where it is not (μ′ without a bound that
    interval arithmetic finds) scrambled nets are next, with a limit theorem among their assumptions; at w = 0, where
    there is no plane, only the program.
    """
    if sampler is not None:
        if sampler not in RESTS_ON:
            raise InvalidInput(f"sampler must be one of {', '.join(RESTS_ON)}, got {sampler!r}")
        found = _named(sampler)(request)
        if found is None:
            raise InvalidInput(
                f"sampler {sampler}: no bound of the surrogate is known here; use sobol or leave the sampler out"
            )
        return found
    if request.problem.input_root is not None:
        return by_looks(request, PROGRAM)
    try:
        return by_strata(request) or by_nets(request)
    except UndefinedQuantity:
        return by_looks(request, PROGRAM)
