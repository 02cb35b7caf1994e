"""The bound on the ReLU coarse gradient: its constant depends on bounds of ‖v‖ and of ‖w‖."""

import sympy as sp

from ste_theory.calculus.row_sums import with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Case,
    Cases,
    CauchySchwarz,
    Decomposition,
    Identity,
    InRange,
    Known,
    Proof,
    RowSquares,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.bound import CORRELATION, NORM, NORM_HOLDS, PSI, SQUARE, V_P
from ste_theory.derivations.yin2019.landscape import ALONG_V, SQUARED_ALONG_V, optimal
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, V, k, rho, theta, v

A = sp.Symbol("A", nonnegative=True)
C_v = sp.Symbol("C_v", nonnegative=True)
C_w = sp.Symbol("C_w", positive=True)
x = sp.Symbol("x", real=True)

# 2(1 − 2/π)²: how far ψ² and sinθ(1 − sinθ) are in touch at θ = π/2.
TOUCH = 2 * (1 - 2 / sp.pi) ** 2
BY_V = 2 / sp.pi / (1 - TOUCH)
BY_W = sp.sqrt(sp.pi / 2)

BOUND = Sentence(
    name="the bound",
    left=A * (SQUARED_ALONG_V + CORRELATION),
    relation=Relation.AT_LEAST,
    right=SQUARE,
    words="A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩) ≥ ‖E g_relu‖² for ‖v‖ ≤ C_v, ‖w‖ ≤ C_w and every A not below the constant",
    variables=(
        Variable(C_v, sp.sqrt(V)),
        Variable(C_w, rho),
        Variable(A, sp.Max(BY_V * C_v**2, BY_W * C_w)),
    ),
)
SHARP = Sentence(
    name="sharp in the bound of ‖w‖",
    left=with_student(SQUARE, optimal(sp.S.Zero)).subs(theta, sp.pi / 2),
    relation=Relation.EQUAL,
    right=BY_W * rho * with_student(SQUARED_ALONG_V + CORRELATION, optimal(sp.S.Zero)).subs(theta, sp.pi / 2),
    words="where ∂f/∂v = 0 and θ = π/2 the quotient of both sides is √(π/2)‖w‖",
)
ANGLE = Sentence(
    name="the inequality between angles",
    left=sp.sin(theta) - sp.sin(theta) ** 2,
    relation=Relation.AT_LEAST,
    right=PSI**2 / TOUCH,
    words="sinθ(1 − sinθ) ≥ ψ²/(2(1 − 2/π)²), with equality at θ = 0, π/2 and π",
)
SLACK = 1 - 2 / sp.pi
# The same for θ = π/2 + x, multiplied by TOUCH, in a form whose first three derivatives at x = 0 vanish term by term.
MIDDLE = Sentence(
    name="around the right angle",
    left=SLACK**2 * (2 * sp.cos(x) * (1 - sp.cos(x)) - x**2) + 2 * SLACK * x * (x - sp.sin(x)) - (x - sp.sin(x)) ** 2,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="with θ = π/2 + x, |x| ≤ 1: contact of fourth order at x = 0",
    variables=(Variable(x, sp.Integer(-1), sp.Integer(1)),),
)
ENDS = Sentence(
    name="towards the ends",
    left=TOUCH * (sp.sin(x) - sp.sin(x) ** 2) - (1 - 2 * x / sp.pi - sp.cos(x)) ** 2,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="for 0 ≤ θ ≤ 3π/16; θ → π − θ leaves both sides as they are",
    variables=(Variable(x, sp.S.Zero, 3 * sp.pi / 16),),
)


def proof() -> Proof:
    """The difference of both sides as a sum of what is not negative; the last part is an inequality for θ alone."""
    cover = Cases(
        (
            Case(ENDS.name, x, x, TOUCH),
            Case(MIDDLE.name, x, sp.pi / 2 + x, TOUCH),
            Case(ENDS.name, x, sp.pi - x, TOUCH),
        ),
        "the three ranges cover [0, π]",
    )
    ratio = (1 - TOUCH) / TOUCH
    sum_of_parts = Decomposition(
        (
            (InRange(A, of=BY_V * C_v**2), RowSquares(ALONG_V)),
            (Sign(BY_V), InRange(C_v), Sign(C_v + sp.sqrt(V)), RowSquares(ALONG_V)),
            (Sign(BY_V), CauchySchwarz(v[k], ALONG_V)),
            (InRange(A, of=BY_W * C_w), Sign(CORRELATION)),
            (Sign(BY_W), InRange(C_w), Sign(CORRELATION)),
            (Sign(1 / (8 * sp.pi * ratio)), Square(4 * V_P - ratio * D * PSI)),
            (Sign(1 / (8 * sp.pi)), Square(D), Known(ANGLE.name)),
        ),
        "(vᵀp)² ≤ ‖v‖²‖p‖², the hypotheses, a completed square, and the inequality between angles",
    )
    return Proof(
        lemmas=(NORM, MIDDLE, ENDS, ANGLE),
        justifications={
            NORM.name: NORM_HOLDS,
            MIDDLE.name: Search("one variable, contact at x = 0"),
            ENDS.name: Search("one variable, contact at x = 0"),
            ANGLE.name: cover,
            BOUND.name: sum_of_parts,
            SHARP.name: Identity("∂f/∂v = 0 there, ψ = 0 and sinθ = 1"),
        },
        conclusion="Whether the factor of C_v² is the least possible is not shown here.",
    )


def _range(by_v: sp.Expr, by_w: sp.Expr) -> tuple[Variable, ...]:
    return (*BOUND.variables[:2], Variable(A, sp.Max(by_v * C_v**2, by_w * C_w)))


CLAIM = Claim(
    id="yin2019.relu-bound-corrected",
    title="The ReLU coarse gradient is bounded by descent where ‖v‖ and ‖w‖ are",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="If ‖v‖ ≤ C_v and ‖w‖ ≤ C_w then ‖E g_relu‖² ≤ A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩) with "
        "A = max{(2/π)C_v²/(1 − 2(1 − 2/π)²), √(π/2) C_w}.",
        sentences=(BOUND, SHARP),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π, ‖v‖ ≤ C_v, ‖w‖ ≤ C_w.",
        degenerate="At θ ∈ {0, π} by continuity of both sides; v = 0: both sides are 0 or the left one is.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects the second part of Lemma 5 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    corrects="yin2019.relu-bound",
    planted=(
        resentenced(
            "a twentieth of the constant for ‖w‖", BOUND, variables=_range(BY_V, BY_W / 20), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "a quarter of the constant for ‖v‖",
            BOUND,
            variables=_range(BY_V / 4, BY_W),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the bound as printed, without ‖w‖", BOUND, variables=_range(BY_V, sp.S.Zero), caught_by=WitnessKind.PROOF
        ),
        resentenced("the bound without ‖v‖", BOUND, variables=_range(sp.S.Zero, BY_W), caught_by=WitnessKind.PROOF),
        resentenced("the norm, not its square", BOUND, right=4 * sp.sqrt(SQUARE), caught_by=WitnessKind.PROOF),
        resentenced("without the correlation", BOUND, left=A * SQUARED_ALONG_V, caught_by=WitnessKind.PROOF),
        resentenced("without ∂f/∂v", BOUND, left=A * CORRELATION, caught_by=WitnessKind.PROOF),
        resentenced("the inequality reversed", BOUND, left=BOUND.right, right=BOUND.left, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "yin2019.relu-correlation"),
)
