"""Outside the class: the identity and the clipped ReLU have stationary points with loss where ReLU has none."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot, square
from ste_theory.derivations.long2021.cases import Reader
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
    weight,
)
from ste_theory.model.surrogates import clipped_relu, identity, relu

coordinate, depth = sp.symbols("x a", real=True)
level, length, radius = (sp.Symbol(name, positive=True) for name in ("s", "b", "r"))
eta = sp.Symbol("eta", positive=True)

CANCELS = Sentence(
    name="mirror images cancel",
    left=weight * coordinate + weight * (-coordinate),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="if ℓ(x) = ℓ(−x) > 0 the identity's coarse gradient gets v x from one and −v x from the other",
    variables=(*nonnegative(weight), *anything(coordinate)),
)
REMAINS = Sentence(
    name="the loss that remains",
    left=1 - own * level,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="neurons in pairs ±w with equal v_ij, one of which is active: o_y = v_ij s is the same at x and −x, the "
    "loss is 1 − v_ij s > 0 where v_ij s < 1",
    variables=(Variable(own, sp.S.Zero), Variable(level, sp.S.One)),
    hypotheses=(*positive(own), Hypothesis(1 - own * level, strict=True)),
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
    words="with a = −⟨w_j, s⟩ > 0 and b = ‖s‖² for every step η < 2a/b",
    variables=(
        Variable(radius, sp.S.Zero),
        Variable(length, sp.S.Zero),
        Variable(eta, sp.S.Zero),
        Variable(depth, eta * length / 2),
    ),
    hypotheses=(*positive(radius, length, eta), Hypothesis(2 * depth - eta * length, strict=True)),
)
DEAD = Sentence(
    name="beyond the clip",
    left=1 - own * level,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="the clipped ReLU is dead for h > 1: where v_ij σ(h) < 1 there the loss stays without coarse gradient, at "
    "both x and −x for a pair ±w",
    variables=(Variable(own, sp.S.Zero), Variable(level, sp.Integer(2))),
    hypotheses=(*positive(own), Hypothesis(1 - own * level, strict=True)),
)
SENTENCES = (CANCELS, REMAINS, INWARDS, SHORTER, DEAD)


def _pairs(read: Reader) -> tuple[Network, tuple[Point, ...]]:
    """Two orthogonal classes, each with one pair ±w that the other class does not see, and symmetric data."""
    dimension = 1 + read.pick(3)
    zeros = (Fraction(0),) * dimension
    v = [Fraction(1 + read.pick(3), 4) for _ in range(2)]
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
            for sign in (1, -1):
                moved = tuple(sign * x for x in z)
                points.append(Point((*moved, *zeros) if label == 0 else (*zeros, *moved), label))
    return network, tuple(points)


def mirrored(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """The identity's coarse gradient is exactly zero; ReLU's is not, where a loss remains on an active point."""
    network, points = _pairs(Reader(data))
    if any(any(row) for row in network.step(points, identity())):
        raise Contradiction("the identity's coarse gradient is not zero")
    found: list[tuple[str, Exact]] = []
    dead, felt = True, False
    for point in points:
        j = 2 * point.y
        active = max(network.hidden(point.x)[j : j + 2])
        loss = network.loss(point)
        if loss and active > 0:
            s = network.activation(active)
            values = {own: network.v[point.y][j], level: Fraction(s)}
            if loss != 1 - values[own] * s:
                raise Contradiction(f"the loss is {loss}")
            found.append((REMAINS.name, values))
            felt = True
            if active > 1:
                found.append((DEAD.name, values))
            else:
                dead = False
    relu_step = network.step(points, relu())
    if felt and not any(any(row) for row in relu_step):
        raise Contradiction("ReLU's coarse gradient vanishes as well")
    if dead and any(any(row) for row in network.step(points, clipped_relu())):
        raise Contradiction("beyond the clip there is a coarse gradient")
    return found or None


def falling(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """One neuron per class, data behind it: the identity's step shortens it."""
    read = Reader(data)
    dimension = 1 + read.pick(3)
    zeros = (Fraction(0),) * dimension
    v, w = Fraction(1 + read.pick(3), 4), read.vector(dimension)
    z = read.vector(dimension)
    h = dot(w, z)
    if h >= 0:
        return None
    network = Network(((*w, *zeros), (*zeros, *w)), ((v, Fraction(0)), (Fraction(0), v)), 2)
    points = (Point((*z, *zeros), 0), Point((*zeros, *z), 1))
    step = network.step(points, identity())
    down, size = -dot(network.w[0], step[0]), square(step[0])
    rate = down / size  # half of 2a/b
    after = network.moved(step, rate)
    now = square(after.w[0])
    if now >= square(network.w[0]):
        raise Contradiction("the norm does not fall")
    if down != -v * h:
        raise Contradiction("the step is not v x")
    found: list[tuple[str, Exact]] = [(INWARDS.name, {own: v, height: h})]
    r = square(w)
    root = Fraction(int(sp.sqrt(r.numerator)), int(sp.sqrt(r.denominator)))
    if root**2 == r:
        found.append((SHORTER.name, {radius: root, length: size, eta: rate, depth: down}))
    return found


def proof() -> Proof:
    """Pairs ±w make the loss even."""
    return Proof(
        justifications={
            CANCELS.name: Identity("x and −x"),
            REMAINS.name: Decomposition(((Assumed(1),),), "v_ij s < 1"),
            INWARDS.name: Decomposition(((Assumed(0), Assumed(1)),), "v_ij > 0 > h"),
            SHORTER.name: Decomposition(((Assumed(2), Assumed(3)),), "η(2a − ηb)"),
            DEAD.name: Decomposition(((Assumed(1),),), "v_ij s < 1"),
        },
        conclusion="With neurons in pairs ±w of equal v_ij the outputs, the loss and ξ are even functions of x, the "
        "identity's coarse gradient is the integral of an odd one and vanishes for symmetric densities. The "
        "directions ±w are distinct and v_ij < 1, so ReLU's does not vanish while P(ℓ > 0) > 0 "
        "(long2021.zero-gradient-zero-loss).",
    )


CLAIM = Claim(
    id="long2021.identity-fails",
    title="Outside the class: stationary points with loss for the identity and the clipped ReLU",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For symmetric data the identity's coarse gradient vanishes at every W whose neurons come in pairs ±w "
        "of one class with equal v_ij, though directions are distinct, v_ij < 1 and the loss is positive; norms of "
        "the right class can decrease under it. The clipped ReLU is dead where h > 1.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "orthogonal subspaces, densities symmetric about 0",
        WEIGHTS + ", v_ij < 1",
        "identity (g′ = 1) and clipped ReLU (g′ = 1{0 < x < 1})",
        degenerate="v_ij s = 1: no loss on active points. The statement is about stationary points; that training from "
        "random starts does not reach zero loss within a cap is an experiment.",
    ),
    source=SOURCE,
    problems=OUTSIDE,
    proof=proof,
    trials=(
        Trial("pairs ±w", lambda: st.binary(min_size=16, max_size=48), mirrored),
        Trial("a neuron ahead of its data", lambda: st.binary(min_size=12, max_size=32), falling),
    ),
    planted=(
        resentenced("mirror images add up", CANCELS, left=2 * weight * coordinate, caught_by=WitnessKind.PROOF),
        resentenced("a loss above ¾", REMAINS, right=sp.Rational(3, 4), caught_by=WitnessKind.PROPERTIES),
        resentenced("a loss at any level", REMAINS, hypotheses=REMAINS.hypotheses[:1], caught_by=WitnessKind.PROOF),
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
        resentenced("a loss of ½ beyond the clip", DEAD, right=sp.S.Half, caught_by=WitnessKind.PROOF),
        resentenced("dead at any level", DEAD, hypotheses=DEAD.hypotheses[:1], caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("long2021.norm-growth",),
    proof_uses=("long2021.zero-gradient-zero-loss",),
)
