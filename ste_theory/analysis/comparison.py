"""Which of several surrogates to use for a quantizer and a scale, and how one changes along a schedule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.analysis.analyze import Analysis
from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import exact
from ste_theory.model.surrogates import Surrogate

STAGES = 9
EXPLODES = 100


@dataclass(frozen=True)
class Recommendation:
    """The surrogate to use, "" if none can be recommended, and why."""

    surrogate: str
    reason: str


def recommend(analyses: Sequence[Analysis]) -> Recommendation:
    """Sound first; then stationary at the minima; then gradient at every step; then the largest gain."""
    sound = [analysis for analysis in analyses if analysis.sound == "proved"]
    if not sound:
        open_ = [a.surrogate for a in analyses if a.sound == "undecided"]
        more = f"; not refuted: {', '.join(open_)}" if open_ else ""
        return Recommendation("", f"none of them is proved sound here{more}")
    best = max(sound, key=_merits)
    said = ["proved sound"]
    if best.behaviour.stationary:
        said.append("stationary where the loss is (no drift at the spurious minimum)")
    elif len(sound) > 1:
        said.append("no sound candidate is free of drift at the spurious minimum")
    if not best.fit.uncovered:
        said.append("gradient at every step of the quantizer")
    said.append(f"gain {_number(best.gain):.4g} at scale 1")
    return Recommendation(best.surrogate, ", ".join(said))


def _merits(analysis: Analysis) -> tuple[bool, int, bool, float]:
    bounded = not analysis.behaviour.unbounded
    return analysis.behaviour.stationary, -len(analysis.fit.uncovered), bounded, _number(analysis.gain)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@dataclass(frozen=True)
class Stage:
    """The surrogate at one value of the parameter."""

    value: Fraction
    analysis: Analysis
    largest: float


def schedule(text: str) -> tuple[str, tuple[Fraction, ...]]:
    """``t=0.1..10`` as a name and nine values, in equal ratios between positive ends. Raises ``InvalidInput``."""
    name, equals, ends = text.partition("=")
    first, dots, last = ends.partition("..")
    if not (equals and dots and name.strip().isidentifier()):
        raise InvalidInput(f"schedule: {text!r} is not of the form NAME=a..b, as in t=0.1..10")
    start, end = exact(first.strip(), "schedule"), exact(last.strip(), "schedule")
    if start == end:
        raise InvalidInput(f"schedule: {text!r} starts where it ends")
    shares = [Fraction(k, STAGES - 1) for k in range(STAGES)]
    if start > 0 and end > 0:
        ratio = float(end / start)
        between = [Fraction(float(start) * ratio ** float(share)).limit_denominator(1000) for share in shares[1:-1]]
    else:
        between = [start + (end - start) * share for share in shares[1:-1]]
    return name.strip(), tuple(dict.fromkeys((start, *(value for value in between if value), end)))


def follow(values: Sequence[Fraction], make: Callable[[Fraction], tuple[Surrogate, Analysis]]) -> tuple[Stage, ...]:
    """The stages of a schedule; ``largest`` is max |μ′| on a grid around 0."""
    import numpy as np

    grid = np.concatenate([-np.geomspace(1e-4, 10, 400), np.geomspace(1e-4, 10, 400)])
    stages = []
    for value in values:
        surrogate, analysis = make(value)
        with np.errstate(all="ignore"):
            largest = float(np.max(np.abs(surrogate(grid))))
        stages.append(Stage(value, analysis, largest))
    return tuple(stages)


def warnings(stages: Sequence[Stage]) -> list[str]:
    """When a schedule becomes unsound, and when its derivative explodes."""
    said = []
    bad = next((stage for stage in stages if stage.analysis.sound != "proved"), None)
    if bad is not None:
        said.append(f"{bad.analysis.sound} from {float(bad.value):.6g} on: {bad.analysis.reason}")
    floor = stages[0].largest
    loud = next((s for s in stages if s.largest > EXPLODES * floor or s.largest != s.largest), None)
    if loud is not None:
        said.append(
            f"explodes: at {float(loud.value):.6g} the largest derivative is {loud.largest:.4g}, "
            f"against {floor:.4g} at the start"
        )
    return said
