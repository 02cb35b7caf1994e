"""Outside the class: the identity has stationary points with loss where the surrogates of the class have none."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot, square
from ste_theory.classification.plane import averages
from ste_theory.derivations.long2021.cases import SURROGATES, Reader
from ste_theory.derivations.long2021.integrals import INNER, OUTER
from ste_theory.derivations.long2021.setting import (
    OUTSIDE,
    SOURCE,
    WEIGHTS,
    anything,
    domain,
    height,
    nonnegative,
    own,
    positive,
)
from ste_theory.model.surrogates import clipped_relu, identity

depth = sp.Symbol("a", real=True)
length, radius, share, felt = (sp.Symbol(name, positive=True) for name in ("b", "r", "lambda", "q"))
mean = sp.Symbol("L", nonnegative=True)
eta = sp.Symbol("eta", positive=True)

REMAINS = Sentence(
    name="the loss that remains",
    left=mean,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="one pair ±w for each class, equal v_ij in a pair, silent on the other classes: ℓ is even, so that x and "
    "−x, which the identity weighs with v_ij x and −v_ij x, cancel; the mean loss is at least λq > 0, q > 0 the mass "
    "of ℓ > 0 where a neuron of the class is active, λ at most the least positive loss 1 − v_ij s there",
    variables=(*nonnegative(share, felt), Variable(mean, share * felt)),
    hypotheses=positive(share, felt),
)
INWARDS = Sentence(
    name="a point behind pulls inwards",
    left=-own * height,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="for h < 0, where the loss is at least 1, the identity's step has ⟨w_j, v_ij x⟩ = v_ij h < 0: norms of "
    "the right class can decrease",
    variables=(Variable(own, sp.S.Zero), *anything(height)),
    hypotheses=(*positive(own), Hypothesis(-height, strict=True)),
)
SHORTER = Sentence(
    name="and the norm falls",
    left=radius**2,
    relation=Relation.ABOVE,
    right=radius**2 - 2 * eta * depth + eta**2 * length,
    words="at x without loss and −x with the loss 1 the step is s = −v_ij x; with a = −⟨w_j, s⟩ > 0 and b = ‖s‖² for "
    "every step η < 2a/b",
    variables=(
        Variable(radius, sp.S.Zero),
        Variable(length, sp.S.Zero),
        Variable(eta, sp.S.Zero),
        Variable(depth, eta * length / 2),
    ),
    hypotheses=(*positive(radius, length, eta), Hypothesis(2 * depth - eta * length, strict=True)),
)
SENTENCES = (REMAINS, INWARDS, SHORTER)


def _pairs(read: Reader, *, clear: bool = False) -> tuple[Network, tuple[Point, ...]]:
    """Two orthogonal classes, each with one pair ±w that the other class does not see, and symmetric data.

    ``clear``: v_ij = ¼ and data with |⟨w, x⟩| > 1 only.
    """
    dimension = 1 + read.pick(3)
    zeros = (Fraction(0),) * dimension
    v = [Fraction(1 + (0 if clear else read.pick(3)), 4) for _ in range(2)]
    parts: list[Vector] = [read.vector(dimension) for _ in range(2)]
    rows = []
    for label, part in enumerate(parts):
        for sign in (1, -1):
            moved = tuple(sign * x for x in part)
            rows.append((*moved, *zeros) if label == 0 else (*zeros, *moved))
    nothing = Fraction(0)
    network = Network(tuple(rows), ((v[0], v[0], nothing, nothing), (nothing, nothing, v[1], v[1])), 2)
    points = []
    for label in range(2):
        for _ in range(1 + read.pick(3)):
            z = read.vector(dimension)
            if clear and abs(h := dot(parts[label], z)) <= 1:
                far = z if h else parts[label]
                z = tuple(x * 2 / abs(dot(parts[label], far)) for x in far)
            for sign in (1, -1):
                moved = tuple(sign * x for x in z)
                points.append(Point((*moved, *zeros) if label == 0 else (*zeros, *moved), label))
    return network, tuple(points)


def mirrored(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """The identity's coarse gradient is exactly zero; that of the class's surrogates is not, where a loss remains."""
    network, points = _pairs(Reader(data))
    if any(any(row) for row in network.step(points, identity())):
        raise Contradiction("the identity's coarse gradient is not zero")
    active = [max(network.hidden(point.x)[2 * point.y : 2 * point.y + 2]) for point in points]
    losses = [network.loss(point) for point in points]
    lossy = [(h, loss, point) for h, loss, point in zip(active, losses, points, strict=True) if loss and h > 0]
    for h, loss, point in lossy:
        if loss != 1 - network.v[point.y][2 * point.y] * network.activation(h):
            raise Contradiction(f"the loss is {loss}")
    if not lossy:
        return None
    _felt(network, points)
    count = len(points)
    least = min(loss for _, loss, _ in lossy)
    return [(REMAINS.name, {mean: sum(losses, Fraction(0)) / count, share: least, felt: Fraction(len(lossy), count)})]


def enclosed(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """A pair ±w on an annulus of a plane: the identity's coarse gradient, the push of w and of −w, is 0."""
    x, y = (Fraction(int(value), 4) for value in rng.integers(1, 9, 2))
    v = Fraction(int(rng.integers(1, 4)), 4)
    nothing = Fraction(0)
    second = ((v, v, nothing), (nothing, nothing, v))
    found = averages([(x, y), (-x, -y), (nothing, nothing)], second, 0, 2, inner=INNER, outer=OUTER)
    if not all((found.push[0][k] + found.push[1][k]).contains(0) for k in range(2)):
        raise Contradiction("the two halves do not cancel")
    least = min(loss for level in (1, 2, 3) if (loss := 1 - v * level) > 0)
    return [(REMAINS.name, {mean: found.loss, share: least / 2, felt: found.active[0] + found.active[1]})]


def _felt(network: Network, points: tuple[Point, ...]) -> None:
    for surrogate in SURROGATES:
        if not any(any(row) for row in network.step(points, surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} vanishes as well")


def beyond(data: bytes) -> Sequence[tuple[str, Exact]]:
    """Pairs ±w with v_ij = ¼ so long that every point has h > 1: the clipped ReLU has no coarse gradient, at the loss
    1 − v_ij s ≥ ¼, where those of the class's surrogates are not zero."""
    network, points = _pairs(Reader(data), clear=True)
    if any(any(row) for row in network.step(points, clipped_relu())):
        raise Contradiction("the clipped ReLU has a coarse gradient beyond its clip")
    _felt(network, points)
    losses = [network.loss(point) for point in points]
    mean_loss = sum(losses, Fraction(0)) / len(points)
    return [(REMAINS.name, {mean: mean_loss, share: min(losses), felt: Fraction(1)})]


def falling(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """One neuron per class and symmetric data: no loss ahead of the neuron, the loss 1 behind, and the identity's step
    shortens it."""
    read = Reader(data)
    dimension = 1 + read.pick(3)
    zeros = (Fraction(0),) * dimension
    v, w = Fraction(2 + read.pick(2), 4), read.vector(dimension)
    z = read.vector(dimension)
    if not dot(w, z):
        return None
    z = tuple(x * Fraction(-2) / dot(w, z) for x in z)  # h = −2 behind, σ = 2 ahead
    network = Network(((*w, *zeros), (*zeros, *w)), ((v, Fraction(0)), (Fraction(0), v)), 2)
    places = [(*z, *zeros), (*zeros, *z)]
    points = tuple(Point(tuple(sign * a for a in x), label) for label, x in enumerate(places) for sign in (1, -1))
    if [network.loss(point) for point in points] != [1, 0, 1, 0]:
        raise Contradiction("the losses are not 0 ahead and 1 behind")
    step = network.step(points, identity())
    down, length_squared = -dot(network.w[0], step[0]), square(step[0])
    rate = down / length_squared  # half of 2a/b
    after = network.moved(step, rate)
    if square(after.w[0]) >= square(network.w[0]):
        raise Contradiction("the norm does not fall")
    if down != 2 * v:
        raise Contradiction("the step is not v x")
    found: list[tuple[str, Exact]] = [(INWARDS.name, {own: v, height: Fraction(-2)})]
    r = square(w)
    root = Fraction(int(sp.sqrt(r.numerator)), int(sp.sqrt(r.denominator)))
    if root**2 == r:
        found.append((SHORTER.name, {radius: root, length: length_squared, eta: rate, depth: down}))
    return found


def proof() -> Proof:
    """Pairs ±w make the loss even."""
    return Proof(
        justifications={
            REMAINS.name: Decomposition(((InRange(mean),), (Assumed(0), Assumed(1))), "(L − λq) + λq"),
            INWARDS.name: Decomposition(((Assumed(0), Assumed(1)),), "v_ij > 0 > h"),
            SHORTER.name: Decomposition(((Assumed(2), Assumed(3)),), "η(2a − ηb)"),
        },
        conclusion="With neurons in pairs ±w of equal v_ij the outputs, the loss and ξ are even functions of x, the "
        "identity's coarse gradient is the integral of an odd one and vanishes for symmetric data. One of each pair is "
        "active wherever P_i w is not orthogonal to x, so almost every point with a loss enters the step of a neuron "
        "of its class, and the part that pushes it outwards is not zero for a surrogate of the class "
        "(long2021.norm-growth). One pair ±w in dimension 2 or more: 0 < |h| ≤ 1 has positive mass for densities that "
        "reach it, and the loss there is 1 − v_ij > 0.",
    )


CLAIM = Claim(
    id="long2021.identity-fails",
    title="Outside the class: stationary points with loss for the identity",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For symmetric data the identity's coarse gradient vanishes at every W whose neurons come in pairs ±w "
        "of one class with equal v_ij. Among these W are some with distinct directions, v_ij < 1 and a positive loss, "
        "where no surrogate of the class is stationary. At other W a step of the identity shortens the right class's "
        "own components. The clipped ReLU is stationary with a positive loss at some W on finite data, and on "
        "densities in one dimension: where h > 1 for every active neuron.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "orthogonal subspaces, data or densities symmetric about 0, P_i w_j ≠ 0 for v_ij > 0",
        WEIGHTS + ", v_ij < 1",
        "identity (g′ = 1) and clipped ReLU (g′ = 1{0 < x < 1})",
        degenerate="v_ij s ≥ 1 at every level s: no loss on active points. The statement is about stationary "
        "points; that training from random starts does not reach zero loss within a cap is an experiment.",
    ),
    source=SOURCE,
    problems=OUTSIDE,
    proof=proof,
    trials=(
        Trial("pairs ±w", lambda: st.binary(min_size=16, max_size=48), mirrored),
        Trial("pairs ±w beyond the clip", lambda: st.binary(min_size=16, max_size=48), beyond),
        Trial("a neuron ahead of half its data", lambda: st.binary(min_size=12, max_size=32), falling),
    ),
    enclosed=(Enclosed("a pair ±w in a plane", enclosed),),
    planted=(
        resentenced("a loss above 1", REMAINS, right=sp.S.One, caught_by=WitnessKind.PROPERTIES),
        resentenced("twice the least loss", REMAINS, right=2 * share * felt, caught_by=WitnessKind.PROOF),
        resentenced(
            "a loss from nothing",
            REMAINS,
            variables=(*REMAINS.variables[:2], Variable(mean, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("no loss at all", REMAINS, left=-mean, caught_by=WitnessKind.ENCLOSURE),
        resentenced(
            "points ahead pull inwards",
            INWARDS,
            hypotheses=(INWARDS.hypotheses[0], Hypothesis(height, strict=True)),
            caught_by=WitnessKind.PROPERTIES,
        ),
        resentenced(
            "the norm grows", SHORTER, left=SHORTER.right, right=SHORTER.left, caught_by=WitnessKind.PROPERTIES
        ),
        resentenced(
            "for every step",
            SHORTER,
            variables=(*SHORTER.variables[:3], Variable(depth, sp.S.Zero)),
            hypotheses=SHORTER.hypotheses[:3],
            caught_by=WitnessKind.PROOF,
        ),
    ),
    statement_uses=("long2021.norm-growth",),
    proof_uses=("long2021.norm-growth",),
)
