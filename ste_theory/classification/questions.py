"""Every claim about the classification paper with one hypothesis dropped: where its smallest counterexample is looked
for, and how one is told. Claims with nothing to drop are listed with the reason."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from types import MappingProxyType

from ste_theory.classification.exact import Network, Point, Vector, dot, plus, projected, square
from ste_theory.classification.smallest import (
    HALF,
    ONE,
    ZERO,
    Question,
    in_sum,
    line,
    mirrored,
    plane_points,
    planes,
    stuck,
    two_classes,
    vectors,
)
from ste_theory.model.surrogates import clipped_relu, identity, relu

Candidates = Iterator[tuple[Network, tuple[Point, ...]]]
QUARTER = Fraction(1, 4)


def overlapping(largest: int) -> Candidates:
    """V₁ = V₂ = R, one neuron per class, rows in quarters, the same data for both classes."""
    data = tuple(Point((Fraction(x),), label) for x in (1, -1) for label in range(2))
    for bound in range(1, largest + 1):
        for one, two in product(vectors(1, bound), repeat=2):
            if max(abs(one[0]), abs(two[0])) == bound:
                w = tuple((Fraction(row[0], 4),) for row in (one, two))
                yield Network(w, two_classes(1, 1, HALF, HALF), 2), data


def in_the_plane(
    data: tuple[Point, ...], v: tuple[Vector, ...], *, largest: int, bits: int = 2, zeros: bool = False
) -> Candidates:
    """Two classes in R², as many neurons as V has columns, integer rows, the data given."""
    for bound in range(1, largest + 1):
        rows = vectors(2, bound)
        rows = [(0, 0), *rows] if zeros else rows
        for chosen in product(rows, repeat=len(v[0])):
            if max(max(map(abs, row)) for row in chosen) == bound:
                yield Network(tuple(tuple(map(Fraction, row)) for row in chosen), v, bits), data


def pairs(data: tuple[Point, ...], v: tuple[Vector, ...], *, largest: int) -> Candidates:
    """Two classes in R², one pair ±w for each, integer rows, the data given."""
    for bound in range(1, largest + 1):
        for one, two in product(vectors(2, bound), repeat=2):
            if max(map(abs, (*one, *two))) == bound:
                rows = [tuple(Fraction(sign * x) for x in row) for row in (one, two) for sign in (1, -1)]
                yield Network(tuple(rows), v, 2), data


def _at(*points: tuple[tuple[int, ...], int]) -> tuple[Point, ...]:
    return tuple(Point(tuple(map(Fraction, x)), label) for x, label in points)


OBLIQUE = _at(((2, 0), 0), ((1, 1), 1))  # V₁ = span{(1, 0)}, V₂ = span{(1, 1)}
AXES = _at(((1, 0), 0), ((-1, 0), 0), ((0, 1), 1), ((0, -1), 1))
FIRST: Vector = (ONE, ZERO)


def _shares(data: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(Point(point.x, point.y, Fraction(1, len(data))) for point in data)


def falls(network: Network, data: tuple[Point, ...], *, of_identity: bool = False) -> str | None:
    """The norm of w_{1,1} falls in a step η = 1 on the mean."""
    surrogate = identity() if of_identity else relu()
    after = network.moved(network.step(_shares(data), surrogate), ONE)
    before, now = (square(projected(w[0], (FIRST,))) for w in (network.w, after.w))
    return f"‖w_1,1‖² falls from {before} to {now}" if now < before else None


def falls_for_the_identity(network: Network, data: tuple[Point, ...]) -> str | None:
    """The same for the identity."""
    return falls(network, data, of_identity=True)


def leaks(network: Network, data: tuple[Point, ...]) -> str | None:
    """A step of class 1 alone moves a component in V₂ = span{(1, 1)}."""
    moved = [dot(row, (ONE, ONE)) for row in network.step(data[:1], relu())]
    return f"a step of class 1 moves ⟨w_j, (1, 1)⟩ by {max(moved, key=abs)}" if any(moved) else None


def sees_more(network: Network, data: tuple[Point, ...]) -> str | None:
    """The loss of class 1 is not that of the projections of the rows to V₁ = span{(1, 0)}."""
    seen = Network(tuple(projected(row, (FIRST,)) for row in network.w), network.v, network.bits)
    whole, part = network.mean_loss(data), seen.mean_loss(data)
    return f"the loss is {whole}, that of the projected rows {part}" if whole != part else None


def half_a_step(network: Network, data: tuple[Point, ...]) -> str | None:
    """T = (P₁ + P₂)⁺ = ½ on V₁ = V₂ = R: a step of class 1 moves the component in V₂."""
    moved = [HALF * row[0] for row in network.step(data[:1], relu())]
    return f"a step T·G of class 1 moves the components in V₂ by {moved[0]}" if any(moved) else None


def slow(network: Network, data: tuple[Point, ...]) -> str | None:
    """The push along w_{1,1} is below a tenth of the squared coarse gradient: ⟨ŵ, s⟩² r² < r²(‖s‖²/10)²."""
    step, row = network.step(data[:1], relu())[0], network.w[0]
    push, length = dot(row, step), square(step)
    if not length or 100 * push**2 >= square(row) * length**2:
        return None
    return f"⟨w, s⟩ = {push}, ‖w‖² = {square(row)}, ‖s‖² = {length}: the norm grows by less than ‖s‖²/10"


def felt_for_ever(network: Network, data: tuple[Point, ...]) -> str | None:
    """Σ_j v_1j (2^b − 1) < 1: wherever the neuron goes, ℓ > 0 on its active half of the plane."""
    most = sum(network.v[0], ZERO) * (2**network.bits - 1)
    if most >= 1 or any(network.loss(point) == 0 for point in data or plane_points(network)):
        return None
    return f"o_1 ≤ {most} for every W: P(ℓ > 0, h_1 > 0) = 1/2 at every step, the coarse gradient does not go to 0"


def stays(network: Network, data: tuple[Point, ...]) -> str | None:
    """ReLU's coarse gradient is zero with a positive loss: the iterates stay, and are their own limit."""
    said = stuck(relu())(network, data)
    return None if said is None else f"{said}: the iterates stay where they start"


def no_loss(network: Network, data: tuple[Point, ...]) -> str | None:
    """Zero loss on the data, or in every cell of the plane of class 1."""
    if any(network.loss(point) for point in data or plane_points(network)):
        return None
    if data and any(not dot(row, point.x) for row in network.w for point in data):
        return None
    return "zero loss for almost every x" if not data else "zero loss"


def below_one(network: Network, data: tuple[Point, ...]) -> str | None:
    """The mean loss with the weights of the data is below 1, and no projection of a row is zero."""
    if any(not dot(row, point.x) for row in network.w for point in data):
        return None
    found = network.mean_loss(data)
    return f"the mean loss is {found}" if found < 1 else None


def not_stationary(network: Network, data: tuple[Point, ...]) -> str | None:
    """Neurons 1 and 2 are a pair ±w, and the identity's coarse gradient is not zero."""
    one, two = network.w[:2]
    step = network.step(data, identity())
    if any(plus(one, two)) or not any(any(row) for row in step):
        return None
    return f"the identity's step is {'; '.join(str(tuple(map(str, row))) for row in step[:2])}"


def _at_rest() -> Candidates:
    """W = 0."""
    yield Network(((ZERO, ZERO), (ZERO, ZERO)), two_classes(1, 1, HALF, HALF), 2), ()


ZERO_LOSS, CONVERGENCE, GROWTH = "long2021.zero-gradient-zero-loss", "long2021.convergence", "long2021.norm-growth"
ONE_BIT, FAILS = "long2021.one-bit-impossible", "long2021.identity-fails"
EACH, SHARED = two_classes(1, 1, HALF, HALF), ((HALF, ZERO), (ONE, HALF))
UNEQUAL = ((HALF, QUARTER, ZERO, ZERO), (ZERO, ZERO, HALF, HALF))
QUESTIONS: tuple[Question, ...] = (
    Question(
        "long2021.decomposition",
        "data in V_i",
        lambda: in_the_plane(_at(((1, 1), 0)), EACH, largest=1, zeros=True),
        sees_more,
    ),
    Question("long2021.decoupling", "orthogonal subspaces", lambda: in_the_plane(OBLIQUE, EACH, largest=2), leaks),
    Question(GROWTH, "orthogonal subspaces", lambda: in_the_plane(OBLIQUE, EACH, largest=3), falls),
    Question(GROWTH, "g′ = 0 on x < 0 (identity)", lambda: in_the_plane(AXES, EACH, largest=3), falls_for_the_identity),
    Question(GROWTH, "v_ij > 0 ⇒ v_rj = 0", lambda: in_the_plane(AXES, SHARED, largest=2), falls),
    Question("long2021.summability", "a density (finite data)", lambda: _steep(40), slow),
    Question(
        "long2021.summability",
        "bounded norms",
        lambda: planes(1, 1, QUARTER, HALF, largest=1, silent=True),
        felt_for_ever,
    ),
    Question(ZERO_LOSS, "v_ij < 1", lambda: planes(1, 1, ONE, HALF, largest=3, silent=True), stuck(relu())),
    Question(
        ZERO_LOSS,
        "distinct directions",
        lambda: planes(2, 1, HALF, HALF, largest=3, same=True, silent=True),
        stuck(relu()),
    ),
    Question(
        ZERO_LOSS,
        "V ≥ 0",
        lambda: (found for rivals in (1, 2) for found in planes(1, rivals, HALF, -ONE, largest=2)),
        stuck(relu()),
    ),
    Question(ZERO_LOSS, "at least two dimensions", lambda: line(1, HALF, largest=4), stuck(relu())),
    Question(ZERO_LOSS, "w_j,i ≠ 0", _at_rest, stuck(relu())),
    Question(ZERO_LOSS, "linearly independent subspaces", lambda: overlapping(4), in_sum(relu())),
    Question(
        ZERO_LOSS,
        "g′ = 0 on x < 0 (identity)",
        lambda: (found for own in (1, 2) for found in planes(own, 1, HALF, HALF, largest=2, silent=True)),
        mirrored(identity()),
    ),
    Question(
        ZERO_LOSS,
        "g′ ≥ δ on x > 0 (clipped ReLU), finite data",
        lambda: (found for own in (1, 2) for found in line(own, QUARTER, largest=4)),
        in_sum(clipped_relu()),
    ),
    Question(
        CONVERGENCE,
        "bounded iterates",
        lambda: planes(1, 1, QUARTER, HALF, largest=1, silent=True),
        felt_for_ever,
    ),
    Question(CONVERGENCE, "w⁰_j,i ≠ 0", _at_rest, stays),
    Question(
        CONVERGENCE,
        "distinct directions at the limit",
        lambda: planes(2, 1, HALF, HALF, largest=3, same=True, silent=True),
        stays,
    ),
    Question(CONVERGENCE, "v_ij < 1", lambda: planes(1, 1, ONE, HALF, largest=3, silent=True), stays),
    Question(CONVERGENCE, "at least two dimensions", lambda: line(1, HALF, largest=4), stays),
    Question(
        CONVERGENCE,
        "g′ = 0 on x < 0 (identity)",
        lambda: (found for own in (1, 2) for found in planes(own, 1, HALF, HALF, largest=2, silent=True)),
        mirrored(identity()),
    ),
    Question(
        ONE_BIT,
        "P_i w_j ≠ 0",
        lambda: (found for own in (2, 3, 4) for found in planes(own, 1, HALF, HALF, largest=1, silent=True, bits=1)),
        no_loss,
    ),
    Question(
        ONE_BIT,
        "symmetric densities",
        lambda: in_the_plane(AXES[::2], two_classes(1, 1, ONE, ONE), largest=1, bits=1),
        no_loss,
    ),
    Question(
        ONE_BIT,
        "one bit",
        lambda: pairs(AXES, two_classes(2, 2, HALF, HALF), largest=3),
        no_loss,
    ),
    Question(
        ONE_BIT,
        "equal weights of the classes",
        lambda: in_the_plane(
            tuple(Point(x.x, x.y, Fraction(3 if x.y == 0 else 1, 8)) for x in AXES),
            ((ONE, ONE), (ZERO, ZERO)),
            largest=1,
            bits=1,
        ),
        below_one,
    ),
    Question(
        FAILS, "symmetric data", lambda: pairs(AXES[::2], two_classes(2, 2, HALF, HALF), largest=1), not_stationary
    ),
    Question(FAILS, "equal v_ij in a pair", lambda: pairs(AXES, UNEQUAL, largest=3), not_stationary),
    Question("long2021.preconditioning", "linearly independent subspaces", lambda: overlapping(4), half_a_step),
    Question("long2021.at-an-angle", "the margin", lambda: in_the_plane(OBLIQUE, EACH, largest=3), falls),
)


def _steep(largest: int) -> Candidates:
    """One neuron w = (1, 0) of class 1 and one point (1, k), nearer and nearer to the boundary {h = 0}."""
    for k in range(1, largest + 1):
        yield Network(((ONE, ZERO), (ZERO, ZERO)), EACH, 2), _at(((1, k), 0))


# Statements about examples: there is nothing that they assume of W.
NOTHING_TO_DROP: Mapping[str, str] = MappingProxyType(
    {
        "long2021.hypotheses": "it is such a list of examples itself: V ≥ 0, two dimensions, densities, P_i w_j ≠ 0",
        "long2021.second-layer-sharp": "it says which counterexamples exist, and where none does "
        "(long2021.zero-gradient-zero-loss)",
    }
)
