"""v_ij < 1 is sharp: for every v_ij ≥ 1 there are points with zero coarse gradient and the loss ½."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, InRange, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot
from ste_theory.derivations.long2021.cases import SURROGATES, Reader
from ste_theory.derivations.long2021.setting import PROBLEMS, SOURCE, WEIGHTS, domain, nonnegative, positive
from ste_theory.derivations.long2021.setting import SURROGATES as CLASS

value, level, rival = sp.Symbol("v_i", positive=True), sp.Symbol("s", positive=True), sp.Symbol("o", nonnegative=True)
chance, several = sp.Symbol("p", nonnegative=True), sp.Symbol("n", positive=True)

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
HALF = Sentence(
    name="the mean loss",
    left=0 * chance + (1 - chance) * 1,
    relation=Relation.EQUAL,
    right=1 - chance,
    words="with o_ξ = 0 the mean loss is P_i(h ≤ 0), ½ for a symmetric density",
    variables=(Variable(chance, sp.S.Zero, sp.S.One),),
)
BELOW = Sentence(
    name="below one",
    left=sp.S.One,
    relation=Relation.ABOVE,
    right=value * 1,
    words="for v_ij < 1 the first level s = 1 leaves the loss 1 − v_ij > 0 beside every facet: no such points "
    "(long2021.zero-gradient-zero-loss)",
    variables=(Variable(value, sp.S.Zero, sp.S.One),),
    hypotheses=(*positive(value), Hypothesis(1 - value, strict=True)),
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
SENTENCES = (AHEAD, BEHIND, HALF, BELOW, EQUAL)


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
    for surrogate in SURROGATES:
        if any(any(row) for row in network.step(tuple(points), surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} is not zero")
    return found


def proof() -> Proof:
    """One neuron per class that is silent on the other classes."""
    return Proof(
        justifications={
            AHEAD.name: Decomposition(((Sign(level), InRange(value)), (InRange(level),)), "s(v − 1) + (s − 1)"),
            BEHIND.name: Decomposition(((InRange(rival),),), "o_ξ ≥ 0"),
            HALF.name: Identity("0 ahead, 1 behind"),
            BELOW.name: Decomposition(((Assumed(1),),), "v_ij < 1"),
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
    trials=(Trial("stationary points", lambda: st.binary(min_size=16, max_size=48), realized),),
    planted=(
        resentenced(
            "from ½ on", AHEAD, variables=(Variable(value, sp.S.Half), AHEAD.variables[1]), caught_by=WitnessKind.PROOF
        ),
        resentenced("two levels ahead", AHEAD, right=sp.Integer(2), caught_by=WitnessKind.PROPERTIES),
        resentenced("no loss behind", BEHIND, left=rival, caught_by=WitnessKind.PROPERTIES),
        resentenced("the mean loss ahead", HALF, right=chance, caught_by=WitnessKind.PROOF),
        resentenced(
            "below two",
            BELOW,
            variables=(Variable(value, sp.S.Zero, sp.Integer(2)),),
            hypotheses=BELOW.hypotheses[:1],
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the second level below one", BELOW, right=2 * value, caught_by=WitnessKind.PROOF),
        resentenced("one of n suffices", EQUAL, left=value * level, caught_by=WitnessKind.PROPERTIES),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.zero-gradient-zero-loss",),
)
