"""v_ij < 1 is sharp: for every v_ij ≥ 1 there are points with zero coarse gradient and the loss ½."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot
from ste_theory.derivations.long2021.cases import SURROGATES, Reader
from ste_theory.derivations.long2021.setting import PROBLEMS, SOURCE, WEIGHTS, domain, nonnegative, positive
from ste_theory.derivations.long2021.setting import SURROGATES as CLASS

value, level, rival = sp.Symbol("v_i", positive=True), sp.Symbol("s", positive=True), sp.Symbol("o", nonnegative=True)
several, other = sp.Symbol("n", positive=True), sp.Symbol("u", nonnegative=True)
lower = sp.Symbol("s_prime", nonnegative=True)

AHEAD = Sentence(
    name="ahead of the neuron",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="v_ij ≥ 1 and h > 0, so σ(h) = s ≥ 1: o_y ≥ 1 and with o_ξ = 0 no loss, hence no coarse gradient",
    variables=(Variable(value, sp.S.One), Variable(level, sp.S.One)),
)
BEHIND = Sentence(
    name="behind it",
    left=1 + rival,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="h ≤ 0: o_y = 0 and the loss is 1 + o_ξ ≥ 1",
    variables=nonnegative(rival),
)
WEAKER = Sentence(
    name="rivals that are not silent",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=1 + other * lower,
    words="a rival with v_rk = u whose row is a shorter multiple of the same one has σ(h_k) = s′ ≤ s: for v_ij ≥ 1 "
    "+ u there is no loss ahead either, and behind both are inactive",
    variables=(
        *nonnegative(other),
        Variable(value, 1 + other),
        Variable(level, sp.S.One),
        Variable(lower, sp.S.Zero, level),
    ),
)
EQUAL = Sentence(
    name="equal directions",
    left=several * value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="n neurons in one direction with n·v_ij ≥ 1 do the same for v_ij < 1: distinct directions are needed",
    variables=(Variable(several, sp.S.One), Variable(value, 1 / several), Variable(level, sp.S.One)),
    hypotheses=positive(value),
)
SENTENCES = (AHEAD, BEHIND, WEAKER, EQUAL)


def realized(data: bytes) -> Sequence[tuple[str, Exact]]:
    """Two classes in R², one neuron each (or n equal ones), silent on the other class: stationary, with loss behind."""
    read = Reader(data)
    dimension, count = 1 + read.pick(2), 1 + read.pick(3)
    weights = [Fraction(4 + read.pick(9), 4 * count) for _ in range(2)]
    zeros = (Fraction(0),) * dimension
    parts: list[Vector] = [read.vector(dimension) for _ in range(2)]
    rows = [*[(*parts[0], *zeros)] * count, *[(*zeros, *parts[1])] * count]
    nothing = (Fraction(0),) * count
    network = Network(
        tuple(rows), ((*(weights[:1] * count), *nothing), (*nothing, *(weights[1:] * count))), 1 + read.pick(3)
    )
    points: list[Point] = []
    found: list[tuple[str, Exact]] = []
    for label in range(2):
        for _ in range(3):
            z = read.vector(dimension)
            for sign in (1, -1):
                x = (*(sign * a for a in z), *zeros) if label == 0 else (*zeros, *(sign * a for a in z))
                points.append(Point(x, label))
                h = dot(network.w[label * count], x)
                loss = network.loss(points[-1])
                if h > 0:
                    values = {value: weights[label], level: Fraction(network.activation(h)), several: Fraction(count)}
                    if loss:
                        raise Contradiction(f"the loss ahead is {loss}")
                    found.append((EQUAL.name if count > 1 else AHEAD.name, values))
                else:
                    if loss != 1:
                        raise Contradiction(f"the loss behind is {loss}")
                    found.append((BEHIND.name, {rival: Fraction(0)}))
    if all(any(network.hidden(point.x)) for point in points) and network.mean_loss(tuple(points)) * 2 != len(points):
        raise Contradiction("the mean loss of symmetric data is not ½")
    _stationary(network, points)
    return found


def _stationary(network: Network, points: Sequence[Point]) -> None:
    for surrogate in SURROGATES:
        if any(any(row) for row in network.step(tuple(points), surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} is not zero")


def rivals(data: bytes) -> Sequence[tuple[str, Exact]]:
    """One neuron of class 1 and a rival along a shorter multiple of its row, seen from class 1."""
    read = Reader(data)
    row, u = read.vector(1 + read.pick(3)), Fraction(1 + read.pick(4), 4)
    v, share = 1 + u + Fraction(read.pick(3), 4), Fraction(1 + read.pick(4), 4)
    nothing = Fraction(0)
    network = Network((row, tuple(share * x for x in row)), ((v, nothing), (nothing, u)), 1 + read.pick(3))
    points = [Point(read.vector(len(row)), 0) for _ in range(4)]
    found: list[tuple[str, Exact]] = []
    for point in points:
        h, loss = network.hidden(point.x), network.loss(point)
        if loss != (0 if h[0] > 0 else 1):
            raise Contradiction(f"the loss is {loss} where h = {h[0]}")
        if h[0] > 0:
            levels = [Fraction(network.activation(x)) for x in h]
            found.append((WEAKER.name, {value: v, other: u, level: levels[0], lower: levels[1]}))
    _stationary(network, points)
    return found


def proof() -> Proof:
    """One neuron per class that is silent on the other classes."""
    return Proof(
        justifications={
            AHEAD.name: Decomposition(((Sign(level), InRange(value)), (InRange(level),)), "s(v − 1) + (s − 1)"),
            BEHIND.name: Decomposition(((InRange(rival),),), "o_ξ ≥ 0"),
            WEAKER.name: Decomposition(
                (
                    (Sign(level), InRange(value)),
                    (Sign(other), InRange(lower, upper=True)),
                    (InRange(level),),
                ),
                "s(v − 1 − u) + u(s − s′) + (s − 1)",
            ),
            EQUAL.name: Decomposition(
                ((Sign(several * level), InRange(value)), (InRange(level),)), "ns(v − 1/n) + (s − 1)"
            ),
        },
        conclusion="Let w_j ∈ V_i for the one neuron j of class i, so that it is silent on the other classes. The "
        "coarse gradient is zero, directions are distinct (one per class), v_ij ≥ 1, and the loss is P(h ≤ 0).",
    )


CLAIM = Claim(
    id="long2021.second-layer-sharp",
    title="v_ij < 1 is sharp: from 1 on there are stationary points with loss",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For every v_ij ≥ 1, every number of bits and every surrogate of the class there are W with zero coarse "
        "gradient, distinct directions and mean loss ½ on symmetric data. For v_ij < 1 there are none by "
        "long2021.zero-gradient-zero-loss; there n equal directions with n·v_ij ≥ 1 do the same.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "two classes in orthogonal subspaces, one direction per class",
        WEIGHTS,
        CLASS,
        degenerate="v_ij = 1 already suffices. Points with h = 0 count as behind.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("stationary points", lambda: st.binary(min_size=16, max_size=48), realized),
        Trial("with a rival that is not silent", lambda: st.binary(min_size=12, max_size=32), rivals),
    ),
    planted=(
        resentenced(
            "from ½ on", AHEAD, variables=(Variable(value, sp.S.Half), AHEAD.variables[1]), caught_by=WitnessKind.PROOF
        ),
        resentenced("two levels ahead", AHEAD, right=sp.Integer(2), caught_by=WitnessKind.PROPERTIES),
        resentenced("no loss behind", BEHIND, left=rival, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "rivals as heavy",
            WEAKER,
            variables=(WEAKER.variables[0], Variable(value, sp.Max(1, other)), *WEAKER.variables[2:]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "rivals as long as they like",
            WEAKER,
            variables=(*WEAKER.variables[:3], Variable(lower, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("two rivals", WEAKER, right=1 + 2 * other * lower, caught_by=WitnessKind.PROOF),
        resentenced("one of n suffices", EQUAL, left=value * level, caught_by=WitnessKind.PROPERTIES),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.zero-gradient-zero-loss",),
)
