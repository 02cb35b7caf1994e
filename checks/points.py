"""Points at which a wrong statement shows, drawn by Hypothesis from the run's seed, and the smallest of them.

At such a point no sum over the weights is 0 or 1 or equal to another one or its square: elsewhere both sides of a wrong
statement may agree (at the spurious minimum both are 0 for m = 1).
"""

import zlib
from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from ste_theory.claims.claim import Domain
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint
from ste_theory.rigorous.raw import Pair, RawPoint

T = TypeVar("T", bound=Hashable)


def drawn(strategy: st.SearchStrategy[T], count: int, stream: str) -> tuple[T, ...]:
    """``count`` points of the strategy; the same for the same stream."""
    found: list[T] = []

    @seed(zlib.crc32(stream.encode()))
    @_settings(count + 1, Phase.generate)
    @given(strategy)
    def collect(point: T) -> None:
        found.append(point)

    collect()
    different = tuple(dict.fromkeys(found))[1 : count + 1]  # the first is the simplest one, whatever the seed
    if len(different) < count:
        raise SteTheoryError(f"only {len(different)} points were drawn where {count} are asked for")
    return different


def described(place: PlanePoint | RawPoint) -> str:
    """The point in the letters of the field."""
    if isinstance(place, PlanePoint):
        return place.words
    named = {"w": place.w, "w*": place.w_star, "v": place.v, "v*": place.v_star}
    return ", ".join(f"{letter} = {_tuple(value)}" for letter, value in named.items())


def _tuple(entries: Iterable[Fraction]) -> str:
    return f"({', '.join(map(str, entries))})"


def smallest(strategy: st.SearchStrategy[T], wrong: Callable[[T], bool], known: T, *, budget: int, stream: int) -> T:
    """The smallest point found at which ``wrong`` holds, in at most ``budget`` looks; else ``known``."""
    seen = {known: True}

    def looks_wrong(candidate: T) -> bool:
        if candidate not in seen and len(seen) <= budget:
            seen[candidate] = wrong(candidate)
        return seen.get(candidate, False)

    looked = _settings(budget, Phase.generate, Phase.shrink)
    try:
        return find(strategy, looks_wrong, settings=looked, random=Random(stream))
    except NoSuchExample:
        return known


def _settings(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )


def _ordered(values: set[Fraction], first: Fraction) -> st.SearchStrategy[Fraction]:
    """One of the values; the simplest is ``first``, then those with small denominators and numerators."""
    others = sorted(values - {first}, key=lambda x: (x.denominator, abs(x), x < 0))
    return st.sampled_from([first, *others])


def _grid(low: int, high: int, denominator: int) -> set[Fraction]:
    return {Fraction(numerator, denominator) for numerator in range(low, high + 1)}


# The simplest point is one at which no quantity is 0 or 1 and no two of them agree, also at the spurious minimum.
_FIRST_V, _FIRST_V_STAR = (5, 1, 3, 2), (1, 3, 2, 5)


def _weights(first: tuple[int, ...], m: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    # Never zero: an error in any term stays visible.
    entries = _grid(-40, 40, 8) - {Fraction(0)}
    return st.tuples(*(_ordered(entries, Fraction(x)) for x in first[:m]))


def plane_points(domain: Domain) -> st.SearchStrategy[PlanePoint]:
    """Points of a domain: 2 ≤ m ≤ 4, ρ from ¼ to 4, θ from 0.1 to 3."""

    def build(m: int) -> st.SearchStrategy[PlanePoint]:
        return st.builds(
            PlanePoint,
            rho=_ordered(_grid(2, 32, 8), Fraction(3)),
            rho_star=_ordered(_grid(4, 24, 8), Fraction(2)),
            theta=_ordered(_grid(10, 300, 100), Fraction(1)),
            v=_weights(_FIRST_V, m),
            v_star=_weights(_FIRST_V_STAR, m),
        )

    def telling(point: PlanePoint) -> bool:
        return point.rho not in (1, point.rho_star) and _tell_apart(point.v, point.v_star)

    return st.integers(2, 4).flatmap(build).map(domain.admit).filter(telling)


def raw_points() -> st.SearchStrategy[RawPoint]:
    """Points of R² in general position with two rows: w, w* rational, at no right angle, second components positive."""
    across, along = _grid(-12, 12, 8), _grid(3, 12, 8)
    w = st.tuples(_ordered(across, Fraction(1)), _ordered(along, Fraction(1)))
    w_star = st.tuples(_ordered(across, Fraction(-1, 2)), _ordered(along, Fraction(1, 2)))
    four = st.tuples(w, w_star, _weights(_FIRST_V, 2), _weights(_FIRST_V_STAR, 2))

    def telling(point: tuple[Pair, Pair, tuple[Fraction, ...], tuple[Fraction, ...]]) -> bool:
        (x, y), (x_star, y_star), v, v_star = point
        oblique = x * y_star != y * x_star and x * x_star != -y * y_star  # at a right angle cosθ is 0
        return oblique and _tell_apart(v, v_star)

    return four.filter(telling).map(lambda point: RawPoint(*point))


def _tell_apart(v: tuple[Fraction, ...], v_star: tuple[Fraction, ...]) -> bool:
    one = Fraction(1)
    if not any(v_star):
        return False
    sums = [abs(value) for value in PlanePoint(one, one, one, v, v_star).scalars.values()]
    sizes = [Fraction(0), one, *sums, *(value**2 for value in sums)]
    return len(set(sizes)) == len(sizes)
