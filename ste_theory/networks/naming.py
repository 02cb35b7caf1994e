"""Which known entries a read derivative is, with which parameters, and what still differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ste_theory.model.catalogue.entry import Entry
from ste_theory.model.catalogue.index import ENTRIES
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate
from ste_theory.networks.breakpoints import Breakpoint
from ste_theory.networks.estimates import ESTIMATES, Sample
from ste_theory.networks.pieces import number
from ste_theory.networks.rationals import SMALL, small_rational

Array = npt.NDArray[np.float64]
EXACT, NEAR = 1e-12, 1e-6


@dataclass(frozen=True)
class Match:
    """An entry that the code computes, up to ``error`` relative to the largest value.

    ``at_breakpoints`` lists where the value at a breakpoint is another one, in words.
    """

    entry: Entry
    parameters: tuple[tuple[str, Fraction], ...]
    error: float
    at_breakpoints: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Within rounding, the values at the breakpoints excepted."""
        return self.error <= EXACT

    @property
    def surrogate(self) -> Surrogate:
        """The entry with its parameters."""
        return self.entry.surrogate(**dict(self.parameters))

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={_short(value)}" for key, value in self.parameters)
        return f"{self.entry.name}({shown})" if shown else self.entry.name


def _short(value: Fraction) -> str:
    return str(value) if value.denominator < 10_000 else f"{float(value):.6g}"


def matches(
    function: Callable[[Array], Array],
    found: Sequence[Breakpoint],
    x: Array,
    y: Array,
    *,
    origin: str = "",
) -> tuple[Match, ...]:
    """The entries that agree with values ``y`` at ``x`` to 1e-6 of the largest, best first.

    The points must not be breakpoints. Among equals the entry of the code's own ``origin`` ("library.function") goes
    first, then its library's, then fewer differences at breakpoints and fewer parameters.
    """
    sample = Sample(lambda at: float(function(np.array([at]))[0]), tuple(float(point.place) for point in found))
    scale = float(np.max(np.abs(y))) or 1.0
    result = []
    for entry in ENTRIES.values():
        # First what was read; then, against constants that the code holds in float32, the rounder numbers near it.
        for slack in (EXACT, 1e-7):
            match = _match(entry, sample, (x, y, scale), slack)
            if match is not None and (match.exact or slack > EXACT):
                result.append(match)
                break
    return tuple(sorted(result, key=lambda match: _rank(match, origin)))


def _rank(match: Match, origin: str) -> tuple[bool, bool, bool, int, int, bool, int]:
    name = match.entry.name
    library = name.partition(".")[0]
    return (
        not match.exact,
        _plain(name) != _plain(origin),
        library != origin.partition(".")[0],
        len(match.at_breakpoints),
        sum(value.denominator > SMALL for _, value in match.parameters),
        match.entry.same_as is not None,
        len(match.parameters),
    )


def _plain(name: str) -> str:
    """A name without case, underscores and the suffix _fn."""
    return name.lower().removesuffix("_fn").replace("_", "")


def is_own(match: Match, origin: str) -> bool:
    """Whether the entry is this very function of its library, so that its remark is about the code that was read."""
    return _plain(match.entry.name) == _plain(origin)


def _match(entry: Entry, sample: Sample, values: tuple[Array, Array, float], slack: float) -> Match | None:
    x, y, scale = values
    parameters = _parameters(entry, sample, slack)
    if parameters is None:
        return None
    try:
        surrogate = entry.surrogate(**parameters)
    except (InvalidInput, ZeroDivisionError):
        return None
    if any(not x[0] < place < x[-1] for place in surrogate.breakpoints):
        return None
    # What lies between a breakpoint that was read and the rounder one of the entry says nothing about the formulas.
    for place in surrogate.breakpoints:
        apart = np.abs(x - float(place)) > 2 * slack * (x[-1] - x[0])
        x, y = x[apart], y[apart]
    with np.errstate(all="ignore"):
        error = float(np.max(np.abs(surrogate(x) - y))) / scale
    if not error <= NEAR:
        return None
    conventions = []
    for place, value in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True):
        code = sample.at(float(place))
        if abs(float(value) - code) > NEAR * scale:
            conventions.append(f"at x = {_short(place)} the code gives {code:.6g}, {entry.name} {float(value):.6g}")
    return Match(entry, tuple(parameters.items()), error, tuple(conventions))


def _parameters(entry: Entry, sample: Sample, slack: float) -> dict[str, Fraction] | None:
    """The entry's parameters as read: simple rationals where they are, else floats; ``None`` where none make sense."""
    try:
        estimated = ESTIMATES[entry.name](sample) if entry.name in ESTIMATES else {}
    except (ArithmeticError, ValueError, IndexError, TypeError):
        # A root of a negative number, complex or not, or no breakpoint: this entry it is not.
        return None
    result = {}
    for key, value in estimated.items():
        if not isinstance(value, float) or not np.isfinite(value):
            return None
        simple = small_rational(value - slack * abs(value), value + slack * abs(value))
        result[key] = Fraction(repr(value)) if simple is None else simple
    return result


def rational(value: float) -> Fraction:
    """The value at a breakpoint as a rational: the simple one, else the float."""
    _, formula, _ = number(value)
    exact = getattr(formula, "value", None)
    return exact if isinstance(exact, Fraction) else Fraction(value)
