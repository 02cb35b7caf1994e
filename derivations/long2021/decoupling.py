"""A class-i step leaves the other classes' components of W unchanged: exact at 90°, off by cosα below, never more."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, Identity, Proof, Sign, Square
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import square
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.decomposition import POINT, across, along
from ste_theory.derivations.long2021.setting import ANGLE, COS, PROBLEMS, SOURCE, anything, domain, half

LEAK = POINT[2] ** 2 + POINT[3] ** 2  # ‖P₂x‖², V₂ = span{e₃, e₄}
STEP = (ANGLE, *anything(along, across))
SIZE = Sentence(
    name="what leaks",
    left=LEAK,
    relation=Relation.EQUAL,
    right=COS**2 * across**2,
    words="‖P₂x‖² = cos²α·x₂² for x = x₁e₁ + x₂(sinα e₂ + cosα e₃): only the direction that is nearest to V₂ leaks",
    variables=STEP,
)
BOUND = Sentence(
    name="the bound",
    left=COS**2 * (along**2 + across**2),
    relation=Relation.AT_LEAST,
    right=LEAK,
    words="‖P₂x‖ ≤ cosα‖x‖, with equality for x₁ = 0",
    variables=STEP,
)
EXACT = Sentence(
    name="exact at 90°",
    left=LEAK.subs(half, 1),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="P₂x = 0 for x ∈ V₁ at α = 90°",
    variables=anything(along, across),
)
TAN_22 = sp.sqrt(2) - 1
FALSE_AT_45 = Sentence(
    name="false at 45°",
    left=LEAK.subs({half: TAN_22, along: 0, across: 1}),
    relation=Relation.EQUAL,
    right=sp.S.Half,
    words="at α = 45° a unit step along sinα e₂ + cosα e₃ moves the class-2 component by 1/√2",
)
SENTENCES = (SIZE, BOUND, EXACT, FALSE_AT_45)


def orthogonal(case: Case) -> Sequence[tuple[str, Exact]]:
    """After a step on class i alone the components of all rows in V_r, r ≠ i, are what they were."""
    for label in range(len(case.bases)):
        step = case.network.step(case.of_class(label), case.surrogate)
        after = case.network.moved(step, case.eta)
        for other in range(len(case.bases)):
            if other != label:
                for one, two in zip(case.network.w, after.w, strict=True):
                    if case.component(one, other) != case.component(two, other):
                        raise Contradiction(f"a step of class {label + 1} moves the component of class {other + 1}")
    return []


def angled(case: Case) -> Sequence[tuple[str, Exact]] | None:
    """The first basis vectors of V₁ and V₂ have the cosine c; a step of class 1 leaks into V₂ by at most c."""
    step = case.network.step(case.of_class(0), case.surrogate)
    found: list[tuple[str, Exact]] = []
    tangent = _half_angle(case.cosine)
    for row in step:
        leak, whole = square(case.component(row, 1)), square(row)
        if leak > case.cosine**2 * whole:
            raise Contradiction(f"‖P₂G‖² = {leak} exceeds cos²α‖G‖² = {case.cosine**2 * whole}")
        across_part = sum((a * b for a, b in zip(row, case.bases[0][0], strict=True)), Fraction(0))
        if whole and leak != case.cosine**2 * across_part**2:
            raise Contradiction("what leaks is not cosα times the component along the nearest direction")
        rest = whole - across_part**2
        if whole and _is_square(rest):
            found.append((BOUND.name, {half: tangent, along: _root(rest), across: across_part}))
    return found or None


def _half_angle(cosine: Fraction) -> Fraction:
    """tan(α/2) = √((1 − c)/(1 + c)), rational for the cosines of the cases."""
    return _root((1 - cosine) / (1 + cosine))


def _is_square(value: Fraction) -> bool:
    return all(sp.ntheory.primetest.is_square(part) for part in (value.numerator, value.denominator))


def _root(value: Fraction) -> Fraction:
    return Fraction(int(sp.sqrt(value.numerator)), int(sp.sqrt(value.denominator)))


def proof() -> Proof:
    """In coordinates of the two planes; the general case is the definition of the smallest angle."""
    return Proof(
        justifications={
            SIZE.name: Identity("the components along e₃ and e₄"),
            BOUND.name: Decomposition(((Sign(COS**2), Square(along)),), "cos²α·x₁² is left over"),
            EXACT.name: Identity("cos 90° = 0"),
            FALSE_AT_45.name: Identity("cos² 45° = ½"),
        },
        conclusion="For any two subspaces cosα, the largest ⟨x, y⟩ over unit vectors, is the norm of P_r on V_i, so "
        "that ‖P_r G‖ ≤ cosα‖G‖ for every step G ∈ V_i, with equality for some G; it is 0 iff they are orthogonal.",
    )


CLAIM = Claim(
    id="long2021.decoupling",
    title="A step of one class leaves the others alone iff the subspaces are orthogonal",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="The part G ∈ V_i that class i contributes to a step moves the component of w_j in V_r by P_r G, "
        "which is 0 if V_i and V_r are orthogonal, and in general ‖P_r G‖ ≤ cosα‖G‖ with the smallest angle α "
        "between them. This is sharp; it is false that nothing moves at 45°.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i lives in the linear subspace V_i of R^d; any V, any surrogate",
        degenerate="α → 0: the subspaces overlap, and a step of one class is a step of the other.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("orthogonal subspaces", cases, orthogonal),
        Trial("subspaces at an angle", lambda: cases(angled=True), angled),
    ),
    planted=(
        resentenced("sine for cosine", SIZE, right=(1 - COS**2) * across**2, caught_by=WitnessKind.PROOF),
        resentenced("the other coordinate leaks", SIZE, right=COS**2 * along**2, caught_by=WitnessKind.PROOF),
        resentenced("the square of the bound", BOUND, left=COS**2 * BOUND.left, caught_by=WitnessKind.PROPERTIES),
        resentenced("half the bound", BOUND, left=BOUND.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("exact at every angle", EXACT, left=LEAK, variables=STEP, caught_by=WitnessKind.PROOF),
        resentenced("exact at 60°", EXACT, left=LEAK.subs(half, 1 / sp.sqrt(3)), caught_by=WitnessKind.PROOF),
        resentenced("nothing leaks at 45°", FALSE_AT_45, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("all of it leaks at 45°", FALSE_AT_45, right=sp.S.One, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.decomposition",),
)
