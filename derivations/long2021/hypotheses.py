"""Hypotheses that the reconstruction had left out, each needed: a certified example for every one that is dropped."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.cells import Line, Place, cells
from ste_theory.classification.exact import Network, Point, dot
from ste_theory.derivations.long2021.cases import SURROGATES
from ste_theory.derivations.long2021.setting import OURS, PROBLEMS, domain, nonnegative, positive

value, level = (sp.Symbol(name, positive=True) for name in ("v_i", "s"))
negative = sp.Symbol("u", real=True)
inner = sp.Symbol("m", positive=True)
length = sp.Symbol("r", positive=True)
distance = sp.Symbol("D", positive=True)

JUMPED = Sentence(
    name="the first level is jumped over",
    left=length * inner,
    relation=Relation.AT_LEAST,
    right=1 / value,
    words="one dimension, w = r on the line: h = r|x| > r·m ≥ 1/v on the active side of m < |x| < M, so no x sees the "
    "first level: σ(h) ≥ 1/v, v σ(h) ≥ 1, no loss ahead and loss 1 behind, for every v > 0",
    variables=(*nonnegative(value, inner), Variable(length, 1 / (value * inner))),
    hypotheses=positive(value, inner, length),
)
FINITE = Sentence(
    name="finitely many points see no first level",
    left=length * distance,
    relation=Relation.AT_LEAST,
    right=1 / value,
    words="finitely many points, none on a line {h_j = 0} of the neurons r·e_j, |e_j| = 1: D = min |⟨e_j, x⟩| > 0, and "
    "h_j ≥ r·D ≥ 1/v wherever h_j > 0: no loss where a neuron of the class is active, loss 1 elsewhere",
    variables=(*nonnegative(value, distance), Variable(length, 1 / (value * distance))),
    hypotheses=positive(value, distance, length),
)
AHEAD = Sentence(
    name="no loss ahead",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="v σ(h) ≥ 1 for σ(h) = s ≥ 1/v",
    variables=(*nonnegative(value), Variable(level, 1 / value)),
    hypotheses=positive(value, level),
)
NEGATIVE = Sentence(
    name="a negative rival hides the loss",
    left=value * level + negative,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="beside a facet of B, where a neuron with v_rj = −u is active, o_ξ ≤ −u makes the loss 1 − v s − u ≤ 0 "
    "for v + u ≥ 1",
    variables=(
        *nonnegative(value),
        Variable(negative, 1 - value),
        Variable(level, sp.S.One),
    ),
    hypotheses=positive(value, negative),
)
SILENT = Sentence(
    name="one bit with silent rivals",
    left=2 * value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="b = 1: 2n neurons of class i in pairs ±w, rivals with P_i w_j = 0: n of them are active almost everywhere, "
    "o_y = n·v ≥ 1 and o_ξ = 0 (here n = 2s, s ≥ 1, v ≥ ½)",
    variables=(Variable(value, sp.S.Half), Variable(level, sp.S.One)),
)
SENTENCES = (JUMPED, FINITE, AHEAD, NEGATIVE, SILENT)
HALF, ZERO = Fraction(1, 2), Fraction(0)
_WEIGHTS, _FACTORS = (HALF, Fraction(1, 4), Fraction(3, 4)), (Fraction(1), Fraction(4, 3))


def interval(chosen: tuple[Fraction, ...]) -> Sequence[tuple[str, Exact]]:
    """Two classes on a line each, a density on m < |x| < M = 3m, one neuron r = a/(vm) each.

    Loss and activity are constant between the places where h is an integer; a point of every piece decides for all.
    """
    v, m, factor = chosen
    r = factor / (v * m)
    network = Network(((r, ZERO), (ZERO, r)), ((v, ZERO), (ZERO, v)), 4)
    ends = sorted({m, 3 * m, *(place for n in range(16) if m < (place := n / r) < 3 * m)})
    middles = [(low + high) / 2 for low, high in pairwise(ends)]
    points = tuple(
        Point((sign * x, ZERO) if label == 0 else (ZERO, sign * x), label)
        for label in range(2)
        for x in middles
        for sign in (1, -1)
    )
    return [(JUMPED.name, {value: v, inner: m, length: r}), *_unfelt(network, points)]


def finite(chosen: tuple[Fraction, ...]) -> Sequence[tuple[str, Exact]]:
    """Two classes in a plane each, two neurons each in the directions (1, 0) and (3, 4)/5, r = a/(vD), twelve points
    that span the plane and lie on no boundary."""
    v, unit, factor = chosen
    directions = ((Fraction(1), ZERO), (Fraction(3, 5), Fraction(4, 5)))
    places = [(unit * a, unit * b) for a in (1, -1) for b in (1, -1, 2, -2, 3, -3)]
    least = min(abs(dot(e, x)) for e in directions for x in places)
    if not least:
        raise Contradiction("a point lies on a boundary")
    r, zeros = factor / (v * least), (ZERO, ZERO)
    rows = [(r * a, r * b) for a, b in directions]
    network = Network(
        (*((*row, *zeros) for row in rows), *((*zeros, *row) for row in rows)),
        ((v, v, ZERO, ZERO), (ZERO, ZERO, v, v)),
        4,
    )
    points = tuple(Point((*x, *zeros) if label == 0 else (*zeros, *x), label) for label in range(2) for x in places)
    return [(FINITE.name, {value: v, distance: least, length: r}), *_unfelt(network, points)]


def _unfelt(network: Network, points: tuple[Point, ...]) -> list[tuple[str, Exact]]:
    """No loss where a neuron of the class is active, 1 elsewhere, both occur, and no surrogate moves W."""
    found: list[tuple[str, Exact]] = []
    for point in points:
        hidden = network.hidden(point.x)
        levels = [
            (v, network.activation(h)) for v, h in zip(network.v[point.y], hidden, strict=True) if v > 0 and h > 0
        ]
        if network.loss(point) != (0 if levels else 1):
            raise Contradiction(f"the loss at {point.x} is {network.loss(point)}")
        found += [(AHEAD.name, {value: v, level: Fraction(s)}) for v, s in levels]
    if not found or all(network.loss(point) == 0 for point in points):
        raise Contradiction("no neuron is active, or no loss remains")
    _stationary(network, points)
    return found


def _stationary(network: Network, points: tuple[Point, ...]) -> None:
    for surrogate in SURROGATES:
        if any(any(row) for row in network.step(points, surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} is not zero")


def negative_entries(chosen: tuple[Fraction, Fraction]) -> Sequence[tuple[str, Exact]]:
    """Two planes. Class 1 has neurons L·e₁, L·e₂; class 2 two of weight −u that see V₁ and four of weight v that see V₂
    and leave no loss there. In every cell of V₁ outside a square inside the annulus, ℓ > 0 only where no neuron is
    active."""
    v, u = chosen
    scale = Fraction(4)  # the strips 0 < x ≤ 1/L and 0 < y ≤ 1/L meet inside the square only
    w = ((scale, ZERO), (ZERO, scale), (scale * 2, -scale), (-scale, scale * 2))
    side = 1 / scale
    axes = tuple((3 * scale * a, 3 * scale * b) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)))
    zeros = (ZERO, ZERO)
    network = Network(
        (*((*row, *zeros) for row in w), *((*zeros, *row) for row in axes)),
        ((v, v, *(ZERO,) * 6), (ZERO, ZERO, -u, -u, *(v,) * 4)),
        2,
    )
    _without_loss(network, axes, side)
    found: list[tuple[str, Exact]] = []
    remaining = 0
    for x in _outside(w, side):
        point = Point((*x, *zeros), 0)
        hidden = network.hidden(point.x)
        loss, active = network.loss(point), [h > 0 for h in hidden]
        if loss:
            if any(active):
                raise Contradiction(f"a neuron is active at {x}, where the loss is {loss}")
            remaining += 1
        elif active[0] != active[1] and network.activation(max(hidden[:2])) == 1:
            found.append((NEGATIVE.name, {value: v, negative: u, level: Fraction(1)}))
    if not remaining:
        raise Contradiction("no loss remains")
    if not found:
        raise Contradiction("no cell lies beside a facet")
    return found


def _outside(rows: Sequence[Place], side: Fraction) -> Iterator[Place]:
    """A point of every cell of the levels of two bits outside the square |x|, |y| < ``side``."""
    lines: list[Line] = [(a, b, Fraction(n)) for a, b in rows for n in range(3)]
    lines += [(a, b, sign * side) for a, b in ((Fraction(1), ZERO), (ZERO, Fraction(1))) for sign in (1, -1)]
    return (x for x in cells(lines) if max(abs(x[0]), abs(x[1])) >= side)


def _without_loss(network: Network, rows: Sequence[Place], side: Fraction) -> None:
    for x in _outside(rows, side):
        if network.loss(Point((ZERO, ZERO, *x), 1)):
            raise Contradiction(f"class 2 has a loss at {x}")


def silent_rivals(count: int) -> Sequence[tuple[str, Exact]]:
    """b = 1, two planes, two pairs ±w per class that the other class does not see: zero loss in every cell."""
    plane = ((Fraction(1), ZERO), (Fraction(-1), ZERO), (ZERO, Fraction(1)), (ZERO, Fraction(-1))) * count
    zeros = (ZERO, ZERO)
    rows = [*((*x, *zeros) for x in plane), *((*zeros, *x) for x in plane)]
    v = (HALF,) * len(plane)
    nothing = (ZERO,) * len(plane)
    network = Network(tuple(rows), ((*v, *nothing), (*nothing, *v)), 1)
    for x in cells([(a, b, ZERO) for a, b in plane]):
        for label, moved in enumerate(((*x, *zeros), (*zeros, *x))):
            if network.loss(Point(moved, label)):
                raise Contradiction(f"there is a loss at {moved}")
    return [(SILENT.name, {value: HALF, level: Fraction(count)})]


def _family(*values: Sequence[Fraction]) -> Callable[[], "st.SearchStrategy[tuple[Fraction, ...]]"]:
    return lambda: st.tuples(*(st.sampled_from(list(choice)) for choice in values))


def proof() -> Proof:
    """Inequalities for the levels; the examples are gone through cell by cell in rational arithmetic."""
    return Proof(
        justifications={
            JUMPED.name: Decomposition(((Sign(inner), InRange(length)),), "m(r − 1/(vm))"),
            FINITE.name: Decomposition(((Sign(distance), InRange(length)),), "D(r − 1/(vD))"),
            AHEAD.name: Decomposition(((Sign(value), InRange(level)),), "v(s − 1/v)"),
            NEGATIVE.name: Decomposition(
                ((InRange(negative),), (Sign(value), InRange(level))), "u − (1 − v) and v(s − 1)"
            ),
            SILENT.name: Decomposition(((Sign(2 * level), InRange(value)), (InRange(level),)), "2s(v − ½) + (s − 1)"),
        },
        conclusion="Each example is stationary (the coarse gradient is exactly zero) with positive loss, or reaches "
        "zero loss, and violates one hypothesis only: one dimension, with a density; finitely many points, in two "
        "dimensions; negative entries beside positive ones of every class; rivals with P_i w_j = 0.",
    )


CLAIM = Claim(
    id="long2021.hypotheses",
    title="Hypotheses that are needed: V ≥ 0, two dimensions, densities, projections that are not zero",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="Zero coarse gradient with distinct directions and v_ij < 1 does not imply zero loss if V may have "
        "negative entries, if a V_i has one dimension, or for finitely many points. One bit suffices if P_i w_j = 0 "
        "is allowed for rivals. So long2021.zero-gradient-zero-loss and long2021.one-bit-impossible need these "
        "hypotheses.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "orthogonal subspaces; every hypothesis of the claims named, but for one",
        degenerate="v + u = 1 and r·m·v = 1 already suffice.",
    ),
    source=OURS,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("one dimension, a density", _family(_WEIGHTS, (HALF, Fraction(1, 3)), _FACTORS), interval),
        Trial("two dimensions, finite data", _family(_WEIGHTS, (Fraction(1), Fraction(1, 3)), _FACTORS), finite),
        Trial(
            "negative entries",
            _family(_WEIGHTS, (Fraction(1), Fraction(2))),
            negative_entries,
        ),
        Trial("silent rivals", lambda: st.integers(1, 3), silent_rivals),
    ),
    planted=(
        resentenced(
            "jumped over at half the length", JUMPED, left=length * inner / 2, caught_by=WitnessKind.PROPERTIES
        ),
        resentenced(
            "without a distance from 0",
            JUMPED,
            variables=(*nonnegative(value, inner), Variable(length, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "finite data at half the length", FINITE, left=length * distance / 2, caught_by=WitnessKind.PROPERTIES
        ),
        resentenced(
            "finite data on a boundary",
            FINITE,
            variables=(*nonnegative(value, distance), Variable(length, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "no loss ahead at the level 1",
            AHEAD,
            variables=(*nonnegative(value), Variable(level, sp.S.One)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("twice without loss", AHEAD, left=value * level / 2, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "a rival of any weight",
            NEGATIVE,
            variables=(*nonnegative(value, negative), NEGATIVE.variables[2]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a positive rival", NEGATIVE, left=value * level - negative, caught_by=WitnessKind.PROPERTIES),
        resentenced("one pair", SILENT, left=value * level, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "weights from ¼",
            SILENT,
            variables=(Variable(value, sp.Rational(1, 4)), SILENT.variables[1]),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    statement_uses=("long2021.zero-gradient-zero-loss", "long2021.one-bit-impossible"),
)
