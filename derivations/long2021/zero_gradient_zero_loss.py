"""Zero coarse gradient with distinct directions and v_ij < 1 implies zero loss: what the limit of the algorithm needs.

The hypotheses include three that the reconstruction had left out, each shown to be needed in long2021.hypotheses:
V ≥ 0, subspaces of at least two dimensions, and densities instead of finite data.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot, plus
from ste_theory.derivations.long2021.cases import Reader
from ste_theory.derivations.long2021.integrals import draw
from ste_theory.derivations.long2021.setting import (
    ANGLE,
    COS,
    PROBLEMS,
    SOURCE,
    SURROGATES,
    WEIGHTS,
    anything,
    domain,
    half,
    least,
    nonnegative,
    own,
    positive,
    share,
    slab,
)
from ste_theory.rigorous.balls import ball

area = sp.Symbol("q", positive=True)
rival, level, entry = (sp.Symbol(name, nonnegative=True) for name in ("o", "s", "v_r"))
one, two, three, four = sp.symbols("a b c d", real=True)

PUSH = Sentence(
    name="a loss that is felt",
    left=share * own * least * area**2 / (2 * slab),
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="⟨w_{j,i}/r, −∇̃_{j,i}⟩ ≥ π_i v_ij δ q²/2K > 0 where q = P_i(ℓ > 0, h_j > 0) > 0 (long2021.summability): "
    "zero coarse gradient gives q = 0 for every neuron j of class i",
    variables=nonnegative(share, own, least, area, slab),
    hypotheses=positive(share, own, least, area, slab),
)
INDEPENDENT = Sentence(
    name="parts do not cancel",
    left=one**2 + two**2 + three**2 + four**2 + 2 * COS * two * three,
    relation=Relation.AT_LEAST,
    right=(1 - COS) * (one**2 + two**2 + three**2 + four**2),
    words="‖G₁ + G₂‖² ≥ (1 − cosα)(‖G₁‖² + ‖G₂‖²) for G₁ = (a, b) ∈ V₁ and G₂ = (c, d) ∈ V₂ at the angle α, t = "
    "tan(α/2): the sum vanishes only if every part does",
    variables=(ANGLE, *anything(one, two, three, four)),
)
RIVALS = Sentence(
    name="rivals are not negative",
    left=entry * level,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="V ≥ 0 and σ ≥ 0 give o_ξ ≥ 0",
    variables=nonnegative(entry, level),
)
BEHIND = Sentence(
    name="where no neuron of the class is active",
    left=1 + rival,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="on B = {h_j ≤ 0 for all j of class i} the loss is 1 + o_ξ ≥ 1",
    variables=nonnegative(rival),
)
BESIDE = Sentence(
    name="beside a facet of B",
    left=1 - own + rival,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="beside a facet {h_j = 0} of B, where 0 < h_j ≤ 1 and every other neuron of the class is inactive, the "
    "loss is 1 − v_ij + o_ξ > 0",
    variables=(Variable(own, sp.S.Zero, sp.S.One), *nonnegative(rival)),
    hypotheses=(*positive(own), Hypothesis(1 - own, strict=True)),
)
SENTENCES = (PUSH, INDEPENDENT, RIVALS, BEHIND, BESIDE)


def _parallel(x: Vector, y: Vector) -> bool:
    return all(x[i] * y[k] == x[k] * y[i] for i, k in combinations(range(len(x)), 2)) and dot(x, y) > 0


def facet(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """Random neurons in V_1 = R², R³ with distinct directions: a place where the loss is felt, if B is not empty.

    From a point of B towards a point where some neuron is active, the first neuron to become active does so alone.
    """
    read = Reader(data)
    dimension, own_count, rivals = 2 + read.pick(2), 1 + read.pick(4), 1 + read.pick(2)
    rows = [read.vector(dimension) for _ in range(own_count + rivals)]
    if any(_parallel(*pair) for pair in combinations(rows[:own_count], 2)):
        return None
    values = [Fraction(1 + read.pick(3), 4) for _ in rows]
    network = Network(
        tuple(rows),
        (
            (*values[:own_count], *[Fraction(0)] * rivals),
            (*[Fraction(0)] * own_count, *values[own_count:]),
        ),
        2,
    )
    inside = read.vector(dimension)
    if not all(dot(row, inside) < 0 for row in rows[:own_count]):
        inside = tuple(-sum(column) for column in zip(*rows[:own_count], strict=True))
        if not all(dot(row, inside) < 0 for row in rows[:own_count]):
            return None  # B may have no interior
    target = plus(rows[0], read.vector(dimension), Fraction(1, 97))
    if not any(dot(row, target) > 0 for row in rows[:own_count]):
        return None
    # h_j is affine along the way; the neurons cross 0 at these shares of it.
    crossing = sorted(
        (dot(row, inside) / (dot(row, inside) - dot(row, target)), j)
        for j, row in enumerate(rows[:own_count])
        if dot(row, target) > 0
    )
    if len(crossing) > 1 and crossing[0][0] == crossing[1][0]:
        return None  # an edge: another way out is drawn
    first, j = crossing[0]
    following = crossing[1][0] if len(crossing) > 1 else Fraction(1)
    at = first + (following - first) / 2
    x = plus(tuple((1 - at) * value for value in inside), target, at)
    edge = plus(tuple((1 - first) * value for value in inside), target, first)
    while dot(rows[j], x) > 1:
        x = tuple((a + b) / 2 for a, b in zip(x, edge, strict=True))
    point = Point(x, 0)
    active = [k for k in range(own_count) if dot(rows[k], x) > 0]
    if active != [j] or network.activation(dot(rows[j], x)) != 1:
        raise Contradiction("beside the facet exactly one neuron is active, at its first level")
    output = network.outputs(x)[1]
    loss = network.loss(point)
    if loss != 1 - values[j] + output or loss <= 0:
        raise Contradiction(f"the loss there is {loss}")
    behind = network.loss(Point(inside, 0))
    if behind != 1 + network.outputs(inside)[1]:
        raise Contradiction(f"the loss in B is {behind}")
    return [(BESIDE.name, {own: values[j], rival: output}), (BEHIND.name, {rival: network.outputs(inside)[1]})]


def enclosed(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """Random networks on an annulus of a plane: where the mean loss is certainly positive, some q_j certainly is."""
    found: list[tuple[str, Balls]] = []
    seen = draw(rng, own=3)
    if seen.found.loss > ball(Fraction(1, 1000)):
        j = max(seen.own, key=lambda k: float(seen.found.active[k]))
        values: Balls = {
            share: Fraction(1, 2),
            own: seen.second[0][j],
            least: 1,
            area: seen.found.active[j],
            slab: seen.slab,
        }
        found.append((PUSH.name, values))
    return found


def proof() -> Proof:
    """If B had interior the loss beside one of its facets would be felt."""
    near = Sign((1 + half) / (1 + half**2))
    cancel = Decomposition(
        tuple((near, InRange(half, upper=True), Square(x)) for x in (one, four, two + three)),
        "cosα(a² + d² + (b + c)²), cosα = (1 − t)(1 + t)/(1 + t²)",
    )
    return Proof(
        justifications={
            PUSH.name: Decomposition(((Sign(PUSH.left),),), "all factors are positive"),
            INDEPENDENT.name: cancel,
            RIVALS.name: Decomposition(((Sign(entry * level),),), "V ≥ 0"),
            BEHIND.name: Decomposition(((InRange(rival),),), "o_ξ ≥ 0"),
            BESIDE.name: Decomposition(((Assumed(1),), (InRange(rival),)), "v_ij < 1 and o_ξ ≥ 0"),
        },
        conclusion="Parts of different classes do not cancel, so every q is 0 and ℓ > 0 on class i only in B, up to "
        "measure 0. If P_i(B) > 0, the cone B has interior, and w_{j,i} ≠ 0 gives it a facet, a cone of dimension k "
        "− 1 ≥ 1 in some {h_j = 0}. Directions are distinct, and opposite ones would leave B no interior, so near a "
        "relative inner point of the facet with m < |x| < M no other neuron of the class changes sign. Beside it ℓ "
        "> 0 and h_j > 0 on a set of positive measure, against q = 0. So ℓ = 0 almost everywhere: o_y ≥ 1 + o_ξ, "
        "perfect classification.",
    )


CLAIM = Claim(
    id="long2021.zero-gradient-zero-loss",
    title="Zero coarse gradient and distinct directions imply zero loss",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let P_i(ℓ > 0, h_j > 0) = 0 for every class i and all its neurons j, as is the case where the coarse "
        "gradient vanishes, let w_{j,i} ≠ 0 for v_ij > 0, and let the directions of the w_{j,i} of one class be "
        "distinct. If v_ij < 1, the loss is zero almost everywhere and classification perfect.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i has a density in (p_min, p_max), p_min > 0, on m < |x| < M in V_i of dimension at least 2, the V_i "
        "linearly independent",
        WEIGHTS + ", v_ij < 1",
        SURROGATES,
        degenerate="V with negative entries, subspaces of one dimension, finite data, equal directions, v_ij ≥ 1: each "
        "has counterexamples (long2021.hypotheses, long2021.second-layer-sharp).",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(Trial("the way out of B", lambda: st.binary(min_size=24, max_size=64), facet),),
    enclosed=(Enclosed("loss that is felt", enclosed),),
    planted=(
        resentenced(
            "felt without a mass", PUSH, left=PUSH.left - share * own * least * area / slab, caught_by=WitnessKind.PROOF
        ),
        resentenced("no push at all", PUSH, left=-PUSH.left, caught_by=WitnessKind.ENCLOSURE),
        resentenced(
            "parts as if orthogonal",
            INDEPENDENT,
            right=one**2 + two**2 + three**2 + four**2,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "1 + cosα for 1 − cosα",
            INDEPENDENT,
            right=(1 + COS) * (one**2 + two**2 + three**2 + four**2),
            caught_by=WitnessKind.PROPERTIES,
        ),
        resentenced("rivals at least 1", RIVALS, right=sp.S.One, caught_by=WitnessKind.PROPERTIES),
        resentenced("a loss of 2 in B", BEHIND, right=sp.Integer(2), caught_by=WitnessKind.PROPERTIES),
        resentenced("the loss beside a facet exceeds ½", BESIDE, right=sp.S.Half, caught_by=WitnessKind.PROOF),
        resentenced(
            "weights up to 2",
            BESIDE,
            variables=(Variable(own, sp.S.Zero, sp.Integer(2)), *BESIDE.variables[1:]),
            hypotheses=BESIDE.hypotheses[:1],
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "as if the second level were reached", BESIDE, left=1 - 2 * own + rival, caught_by=WitnessKind.PROOF
        ),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.summability", "long2021.decomposition"),
)
