"""What replaces orthogonality: steps multiplied by (Σ_i P_i)⁻¹ are decoupled at every angle."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Identity, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Vector, dot, plus, square
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.decomposition import POINT, across, along, first_part
from ste_theory.derivations.long2021.setting import (
    ANGLE,
    COS,
    OURS,
    PROBLEMS,
    SIN,
    SURROGATES,
    WEIGHTS,
    anything,
    domain,
    half,
)

# P₁ + P₂ and its inverse on span{e₂, e₃}; the identity elsewhere.
SUM = sp.Matrix([[SIN**2, SIN * COS], [SIN * COS, COS**2 + 1]])
INVERSE = sp.Matrix([[(COS**2 + 1) / SIN**2, -COS / SIN], [-COS / SIN, 1]])
TURNED = (POINT[0], *(INVERSE * sp.Matrix(POINT[1:3])), POINT[3])
STEPS = (ANGLE, *anything(along, across))
POSITIVE = (Hypothesis(half, strict=True),)


def _square(vector: Sequence[sp.Expr]) -> sp.Expr:
    return sp.Add(*(x**2 for x in vector))


INVERTS = Sentence(
    name="the inverse",
    left=_square(list(SUM * INVERSE - sp.eye(2))),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="T(P₁ + P₂) = I on the span of the two planes, t = tan(α/2) > 0",
    variables=(ANGLE,),
    hypotheses=POSITIVE,
)
NOTHING = Sentence(
    name="nothing leaks",
    left=TURNED[2] ** 2 + TURNED[3] ** 2,
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="P₂Tx = 0 for x ∈ V₁",
    variables=STEPS,
    hypotheses=POSITIVE,
)
KEPT = Sentence(
    name="the own part is kept",
    left=_square([a - b for a, b in zip(first_part(TURNED), POINT, strict=True)]),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="P₁Tx = x for x ∈ V₁",
    variables=STEPS,
    hypotheses=POSITIVE,
)
COST = Sentence(
    name="what it costs",
    left=_square(TURNED) * SIN**2,
    relation=Relation.EQUAL,
    right=SIN**2 * along**2 + across**2,
    words="‖Tx‖² = x₁² + x₂²/sin²α: the step in W is longer by up to 1/sinα",
    variables=STEPS,
    hypotheses=POSITIVE,
)
SENTENCES = (INVERTS, NOTHING, KEPT, COST)


def inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The inverse by exact elimination. Raises ``Contradiction`` for a singular matrix."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(k == r)) for k in range(size))] for r, row in enumerate(matrix)]
    for k in range(size):
        pivot = next((r for r in range(k, size) if rows[r][k]), None)
        if pivot is None:
            raise Contradiction("Σ P_i is singular on the span of independent subspaces")
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(size):
            if r != k and rows[r][k]:
                rows[r] = [a - rows[r][k] * b for a, b in zip(rows[r], rows[k], strict=True)]
    return [row[size:] for row in rows]


def preconditioner(case: Case) -> tuple[Vector, ...]:
    """T = (Σ_i P_i)⁺ as a matrix: E M⁻¹ Eᵀ for the basis vectors E, M = Eᵀ(Σ_i P_i)E."""
    directions = [b for basis in case.bases for b in basis]
    images = []
    for c in directions:
        image = tuple(Fraction(0) for _ in c)
        for label in range(len(case.bases)):
            image = plus(image, case.component(c, label))
        images.append(image)
    middle = inverse([[dot(b, image) for image in images] for b in directions])
    size = len(directions[0])
    return tuple(
        tuple(
            sum(
                (
                    one[r] * value * two[c]
                    for one, row in zip(directions, middle, strict=True)
                    for two, value in zip(directions, row, strict=True)
                    if value and one[r] and two[c]
                ),
                Fraction(0),
            )
            for c in range(size)
        )
        for r in range(size)
    )


def realized(case: Case) -> Sequence[tuple[str, Exact]]:
    """Preconditioned steps of each class: the own component moves as it should, the others not; norms do not fall."""
    network, classes = case.network, range(len(case.bases))
    matrix = preconditioner(case)
    total = [tuple(Fraction(0) for _ in row) for row in network.w]
    for label in classes:
        step = network.step(case.of_class(label), case.surrogate)
        moved = [tuple(dot(line, row) for line in matrix) for row in step]
        for row, change in zip(step, moved, strict=True):
            for other in classes:
                expected = row if other == label else tuple(0 * x for x in row)
                if case.component(change, other) != expected:
                    raise Contradiction(f"P_{other + 1}T moves a step of class {label + 1} to something else")
        total = [tuple(a + b for a, b in zip(one, two, strict=True)) for one, two in zip(total, moved, strict=True)]
    after: Network = network.moved(tuple(total), case.eta)
    for j, owner in enumerate(network.owner):
        before, now = (square(case.component(w[j], owner)) for w in (network.w, after.w))
        if now < before:
            raise Contradiction(f"the norm of w_{j + 1} in its own subspace falls from {before} to {now} (squared)")
    return []


def proof() -> Proof:
    """T = (EEᵀ)⁻¹ for E = [E_1 … E_n] with orthonormal blocks, so EᵀTE = I for independent columns."""
    return Proof(
        justifications={
            INVERTS.name: Identity("the inverse of a 2 × 2 matrix"),
            NOTHING.name: Identity("Tx has no component along e₃ and e₄"),
            KEPT.name: Identity("its component in V₁ is x"),
            COST.name: Identity("Tx = x₁e₁ + (x₂/sinα)e₂"),
        },
        conclusion="In any dimension: Σ_i P_i = EEᵀ and T = (EEᵀ)⁺. For independent subspaces E has independent "
        "columns, E⁺E = I and EᵀTE = Eᵀ(EEᵀ)⁺E = I, whose blocks say E_iᵀTE_i = I and E_rᵀTE_i = 0. So in the "
        "coordinates P_i W the preconditioned algorithm at any angle is the plain one for orthogonal subspaces: "
        "every statement about norms, summability and limits carries over. Σ_i P_i is in proportion to the second "
        "moment of the data if they are isotropic in their subspaces with equal E‖x‖²π_i/k_i: whitening the input "
        "does the same.",
    )


CLAIM = Claim(
    id="long2021.preconditioning",
    title="Preconditioned by (Σ P_i)⁻¹ the classes are decoupled at every angle",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="For linearly independent subspaces let T = (Σ_i P_i)⁺. A step T·G with G ∈ V_i moves the component "
        "of w_j in V_i by G and those in the other V_r not at all. So W ← W − η∇̃T has at every angle the dynamics "
        "of orthogonal subspaces; in particular the norms of the right class never decrease.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i lives in the linear subspace V_i, the V_i linearly independent",
        WEIGHTS,
        SURROGATES,
        degenerate="α → 0: the step is longer by 1/sinα and does not exist at α = 0. At 90° T is the identity.",
    ),
    source=OURS,
    problems=PROBLEMS,
    proof=proof,
    trials=(Trial("subspaces at an angle", lambda: cases(angled=True), realized),),
    planted=(
        resentenced(
            "an inverse without the second plane",
            INVERTS,
            left=_square(list((SUM - sp.diag(0, 1)) * INVERSE - sp.eye(2))),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "a sign in the inverse",
            INVERTS,
            left=_square(list(SUM * INVERSE.applyfunc(sp.Abs) - sp.eye(2))),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "nothing leaks without T", NOTHING, left=POINT[2] ** 2 + POINT[3] ** 2, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "the square of the sum for its inverse",
            NOTHING,
            left=_square(list(SUM * sp.Matrix(POINT[1:3]))[1:]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the own part is doubled",
            KEPT,
            left=_square([2 * a - b for a, b in zip(first_part(TURNED), POINT, strict=True)]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the step itself is kept",
            KEPT,
            left=_square([a - b for a, b in zip(TURNED, POINT, strict=True)]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("it costs nothing", COST, right=SIN**2 * (along**2 + across**2), caught_by=WitnessKind.PROOF),
        resentenced(
            "it costs twice as much", COST, right=SIN**2 * along**2 + 2 * across**2, caught_by=WitnessKind.PROPERTIES
        ),
    ),
    statement_uses=("long2021.decoupling",),
    proof_uses=("long2021.decoupling", "long2021.norm-growth"),
)
