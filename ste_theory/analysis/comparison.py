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
# The value of a parameter from which on a schedule is unsound is shown to this share of itself.
RESOLUTION = Fraction(1, 100)


@dataclass(frozen=True)
class Recommendation:
    """The surrogate to use, "" if none can be recommended, and why."""

    surrogate: str
    reason: str


def recommend(analyses: Sequence[Analysis]) -> Recommendation:
    """Sound first; then stationary at the minima; then gradient at every step; then the largest gain.

    With several steps nothing is sound at every network: there the largest certified angle around the teacher is first.
    """
    sound = [analysis for analysis in analyses if analysis.sound_as_asked]
    if not sound and any(analysis.region for analysis in analyses):
        return _near_the_teacher([analysis for analysis in analyses if analysis.region])
    if not sound:
        open_ = [a.surrogate for a in analyses if a.sound == "undecided"]
        more = f"; not refuted: {', '.join(open_)}" if open_ else ""
        return Recommendation("", f"none of them is proved sound here{more}")
    best = max(sound, key=_merits)
    said = ["proved sound"]
    where = " at the spurious minimum" if best.staircase.is_binary else " from x < 0"
    if best.behaviour.stationary:
        said.append(
            f"stationary where the loss is (no drift{where})" if best.staircase.is_binary else f"no drift{where}"
        )
    elif len(sound) > 1:
        said.append(f"no sound candidate is free of drift{where}")
    if not best.fit.uncovered:
        said.append("gradient at every step of the quantizer")
    said.append(f"gain {_number(best.gain):.4g} at scale 1")
    return Recommendation(best.surrogate, ", ".join(said))


def _near_the_teacher(certified: Sequence[Analysis]) -> Recommendation:
    """The best of those with a certified region."""
    best = max(certified, key=lambda analysis: (_angle(analysis), *_merits(analysis)))
    assert best.region is not None
    low, high = best.region.scales
    said = [
        "it points uphill at some networks, as every candidate may with several steps"
        if best.sound == "refuted"
        else "whether it is sound everywhere is not settled",
        f"proved sound near the teacher: v = v*, ‖w‖ = ‖w*‖ in [{low}, {high}], angles up to {best.region.angle}",
    ]
    if len(certified) > 1:
        same = sum(_angle(analysis) == _angle(best) for analysis in certified) > 1
        said.append("none has a larger certified angle" if same else "the largest certified angle of the candidates")
    if not best.fit.uncovered:
        said.append("gradient at every step of the quantizer")
    return Recommendation(best.surrogate, ", ".join(said))


def _angle(analysis: Analysis) -> Fraction:
    return Fraction(analysis.region.angle) if analysis.region else Fraction(0)


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


def last_sound(stages: Sequence[Stage], make: Callable[[Fraction], tuple[Surrogate, Analysis]]) -> Fraction | None:
    """The value up to which the schedule stays sound, to 1 %; ``None`` if it does throughout, or from the start not.

    Between the last stage that is sound and the first that is not, by bisection: where the verdict changes several
    times in between, one of the changes.
    """
    first = next((number for number, stage in enumerate(stages) if not stage.analysis.sound_as_asked), 0)
    if not first:
        return None
    value, bad = stages[first - 1].value, stages[first].value
    while abs(bad - value) > RESOLUTION * max(abs(bad), abs(value)):
        middle = ((value + bad) / 2).limit_denominator(10_000)
        if middle in (value, bad):
            break
        if make(middle)[1].sound_as_asked:
            value = middle
        else:
            bad = middle
    return value


def warnings(stages: Sequence[Stage], sound_to: Fraction | None = None) -> list[str]:
    """When a schedule becomes unsound, and when its derivative explodes."""
    said = []
    bad = next((stage for stage in stages if not stage.analysis.sound_as_asked), None)
    if bad is not None:
        until = "" if sound_to is None else f", sound at every value tried up to {float(sound_to):.4g}"
        said.append(f"{bad.analysis.sound} from {float(bad.value):.6g} on{until}: {bad.analysis.reason}")
    floor = stages[0].largest
    loud = next((s for s in stages if s.largest > EXPLODES * floor or s.largest != s.largest), None)
    if loud is not None:
        said.append(
            f"explodes: at {float(loud.value):.6g} the largest derivative is {loud.largest:.4g}, "
            f"against {floor:.4g} at the start"
        )
    return said
