"""The loss splits over the subspaces: data of class i see W through the projections of its rows to V_i only."""

from collections.abc import Sequence

import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Identity, Proof
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, plus
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.setting import (
    ANGLE,
    COS,
    PROBLEMS,
    SIN,
    SOURCE,
    anything,
    domain,
)

ROW = sp.symbols("w_1:5", real=True)
along, across = sp.symbols("x_1 x_2", real=True)
FIRST, SECOND = (1, 0, 0, 0), (0, SIN, COS, 0)  # a basis of V₁; V₂ = span{e₃, e₄}
POINT = tuple(along * a + across * b for a, b in zip(FIRST, SECOND, strict=True))


def product(x: Sequence[sp.Expr | int], y: Sequence[sp.Expr | int]) -> sp.Expr:
    """⟨x, y⟩ in coordinates of R⁴."""
    return sp.Add(*(a * b for a, b in zip(x, y, strict=True)))


def first_part(vector: Sequence[sp.Expr | int]) -> tuple[sp.Expr, ...]:
    """P₁ of a vector of R⁴, written with the basis of V₁."""
    one, two = product(vector, FIRST), product(vector, SECOND)
    return tuple(one * a + two * b for a, b in zip(FIRST, SECOND, strict=True))


SEES = Sentence(
    name="what a neuron sees",
    left=product(ROW, POINT),
    relation=Relation.EQUAL,
    right=product(first_part(ROW), POINT),
    words="⟨w, x⟩ = ⟨P₁w, x⟩ for x = x₁e₁ + x₂(sinα e₂ + cosα e₃) ∈ V₁, t = tan(α/2): outputs, loss and coarse "
    "gradient of a point of class 1 depend on W through P₁w_1, …, P₁w_k only",
    variables=(ANGLE, *anything(*ROW, along, across)),
)
STAYS = Sentence(
    name="where a step points",
    left=product(first_part(POINT), first_part(POINT)),
    relation=Relation.EQUAL,
    right=product(POINT, POINT),
    words="‖P₁x‖ = ‖x‖ for x ∈ V₁: the part of the coarse gradient that class 1 contributes, a multiple of x summed "
    "over its data, lies in V₁",
    variables=(ANGLE, *anything(along, across)),
)
LENGTH = Sentence(
    name="coordinates in the plane",
    left=product(POINT, POINT),
    relation=Relation.EQUAL,
    right=along**2 + across**2,
    words="e₁ and sinα e₂ + cosα e₃ are orthonormal at every angle: a density on V₁ is one in (x₁, x₂)",
    variables=(ANGLE, *anything(along, across)),
)
SENTENCES = (SEES, STAYS, LENGTH)


def realized(case: Case) -> Sequence[tuple[str, Exact]]:
    """Loss and coarse gradient of a random network against those of its projections, class by class."""
    network, whole = case.network, case.network.step(case.data, case.surrogate)
    losses, rows = [], [tuple(0 * x for x in row) for row in network.w]
    for label in range(len(case.bases)):
        data = case.of_class(label)
        seen = Network(tuple(case.component(row, label) for row in network.w), network.v, network.bits)
        losses.append(seen.mean_loss(data))
        step = seen.step(data, case.surrogate)
        if any(case.component(row, label) != row for row in step):
            raise Contradiction(f"the step of class {label + 1} leaves its subspace")
        rows = [plus(row, change) for row, change in zip(rows, step, strict=True)]
    if sum(losses) != network.mean_loss(case.data):
        raise Contradiction(f"the loss is {network.mean_loss(case.data)}, that of the projections {sum(losses)}")
    if tuple(rows) != whole:
        raise Contradiction("the coarse gradients of the classes do not add up to the whole")
    return []


def proof() -> Proof:
    """x = P_i x for x ∈ V_i, and projections are symmetric."""
    return Proof(
        justifications={
            SEES.name: Identity("⟨w, x⟩ = ⟨w, P₁x⟩ = ⟨P₁w, x⟩"),
            STAYS.name: Identity("P₁x = x"),
            LENGTH.name: Identity("sin² + cos² = 1"),
        },
        conclusion="In any dimension: x = P_i x for x ∈ V_i gives ⟨w_j, x⟩ = ⟨P_i w_j, x⟩, so that ℓ on class i is a "
        "function of P_i W, and f(W) = Σ_i π_i E_i ℓ(P_i W; x). Neither orthogonality nor the form of V is used.",
    )


CLAIM = Claim(
    id="long2021.decomposition",
    title="The loss splits over the subspaces of the classes",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="f(W) = Σ_i π_i f_i(P_i W) with P_i the projection to V_i: data of class i see a row w_j through its "
        "component w_{j,i} = P_i w_j only, and contribute to the coarse gradient a part that lies in V_i. Both hold "
        "for subspaces at any angle.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i lives in the linear subspace V_i of R^d; any V, any surrogate",
        degenerate="Overlapping subspaces: the parts are no coordinates of W any more, the sum still holds.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("orthogonal subspaces", cases, realized),
        Trial("subspaces at an angle", lambda: cases(angled=True), realized),
    ),
    planted=(
        resentenced(
            "the wrong projection", SEES, right=product(ROW, (along, across, 0, 0)), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "sine and cosine exchanged",
            SEES,
            left=product(ROW, (along, across * COS, across * SIN, 0)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the whole row projected twice over", SEES, right=2 * SEES.right, caught_by=WitnessKind.PROPERTIES),
        resentenced("without the second coordinate", SEES, right=ROW[0] * along, caught_by=WitnessKind.PROPERTIES),
        resentenced("a step that is shortened", STAYS, left=STAYS.left * COS**2, caught_by=WitnessKind.PROOF),
        resentenced("a step along e₁ alone", STAYS, left=along**2, caught_by=WitnessKind.PROOF),
        resentenced(
            "a basis that is not orthonormal", LENGTH, right=(along + across) ** 2, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "coordinates with a factor", LENGTH, right=along**2 + across**2 / (1 + COS**2), caught_by=WitnessKind.PROOF
        ),
    ),
)
