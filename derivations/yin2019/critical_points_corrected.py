"""All critical points of the population loss and what they are, edges of the conditions included."""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Identity,
    Proof,
    RowSquares,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019 import gradient
from ste_theory.derivations.yin2019.landscape import (
    ALONG_V,
    BETA,
    CRITICAL_KAPPA,
    D_SPURIOUS,
    KAPPA,
    LOSS,
    MARGIN,
    SPURIOUS,
    optimal,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S_star, V_star, m, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

# How far the angle is from the critical one, or from the end it lies at.
h = sp.Symbol("h", nonnegative=True)
H = Variable(h, sp.S.Zero, sp.pi)

OPTIMAL = optimal(KAPPA)
OFFSET = v[row] - OPTIMAL
CRITICAL = optimal(CRITICAL_KAPPA)
FROM_SADDLE, FROM_SPURIOUS = v[row] - CRITICAL, v[row] - SPURIOUS
CRITICAL_ANGLE = sp.pi * (1 - CRITICAL_KAPPA) / 2
WHOLE = (m + 1) * V_star - S_star**2
AT_SADDLE = with_student(LOSS, CRITICAL).subs(theta, CRITICAL_ANGLE)
AT_SPURIOUS = S_star**2 / (2 * (m + 1))


def squares(offset: sp.Expr) -> sp.Expr:
    """xᵀBx for the row expression x."""
    return row_sum(offset**2) + row_sum(offset) ** 2


STUDENT = Sentence(
    name="the student",
    left=row_sum(ALONG_V * OFFSET),
    relation=Relation.EQUAL,
    right=squares(OFFSET) / 4,
    words="4(∂f/∂v)ᵀ(v − v_θ) = (v − v_θ)ᵀB(v − v_θ): ∂f/∂v = 0 iff v = v_θ := B⁻¹((1 − 2θ/π)I + 11ᵀ)v*",
)
GRADIENT = Sentence(
    name="the gradient in w",
    left=2 * sp.pi * rho * gradient.STATEMENT.formula(Quantity.GRADIENT_TANGENTIAL),
    relation=Relation.EQUAL,
    right=-D,
    words="for 0 < θ < π the gradient in w vanishes iff D = vᵀv* = 0",
)
OVERLAP = Sentence(
    name="the critical angle",
    left=with_student(D, OPTIMAL),
    relation=Relation.EQUAL,
    right=WHOLE / (m + 1) * (KAPPA - CRITICAL_KAPPA),
    words="at v = v_θ: D = 0 iff 1 − 2θ/π = ϰ₀ := −(1ᵀv*)²/((m+1)‖v*‖² − (1ᵀv*)²)",
)
FACTOR = Sentence(
    name="its factor is positive",
    left=WHOLE,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="(m+1)‖v*‖² > (1ᵀv*)²",
)
EXISTS = Sentence(
    name="where the angle exists",
    left=(1 + CRITICAL_KAPPA) * WHOLE,
    relation=Relation.EQUAL,
    right=MARGIN,
    words="ϰ₀ ≤ 0 always, and ϰ₀ > −1, that is θ < π, iff (1ᵀv*)² < ½(m+1)‖v*‖²",
)
SADDLE = Sentence(
    name="around the saddle",
    left=LOSS.subs(theta, CRITICAL_ANGLE + h) - AT_SADDLE,
    relation=Relation.EQUAL,
    right=squares(FROM_SADDLE) / 8 + h * D / (2 * sp.pi),
    words="f(v, θ₀ + h) − f(saddle) = ⅛(v − v₀)ᵀB(v − v₀) + hD/2π, where D vanishes at v₀: larger for h = 0, v ≠ v₀",
    variables=(H,),
)
DOWN = Sentence(
    name="down from the saddle",
    left=with_student(SADDLE.right, CRITICAL - 2 * h / sp.pi * (v_star[row] - S_star / (m + 1))),
    relation=Relation.EQUAL,
    right=-(h**2) * BETA / (2 * sp.pi**2),
    words="for v = v₀ − (2h/π)B⁻¹v* it is −h²v*ᵀB⁻¹v*/(2π²) < 0: a saddle, never a minimum",
    variables=(H,),
)
BELOW_PI = Sentence(
    name="around θ = π",
    left=LOSS.subs(theta, sp.pi - h) - AT_SPURIOUS,
    relation=Relation.EQUAL,
    right=squares(FROM_SPURIOUS) / 8 - h * D / (2 * sp.pi),
    words="f(v, π − h) = (1ᵀv*)²/(2(m+1)) + ⅛(v − v_sp)ᵀB(v − v_sp) − hD/2π, v_sp = B⁻¹(11ᵀ − I)v*; h = 0 for n = 1",
    variables=(Variable(h, sp.S.Zero, sp.pi),),
)
D_THERE = Sentence(
    name="the overlap at θ = π",
    left=with_student(D, SPURIOUS) * (m + 1),
    relation=Relation.EQUAL,
    right=-MARGIN,
    words="v_spᵀv* = −((m+1)‖v*‖² − 2(1ᵀv*)²)/(m+1)",
)
MINIMUM = Sentence(
    name="a local minimum",
    left=squares(FROM_SPURIOUS) / 8 - h * D / (2 * sp.pi),
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="if (1ᵀv*)² < ½(m+1)‖v*‖², f ≥ f(v_sp, π) for all w and all v with ‖v − v_sp‖ ≤ |v_spᵀv*|/‖v*‖",
    variables=(Variable(h, sp.S.Zero, sp.pi),),
    hypotheses=(
        Hypothesis(-D_SPURIOUS, strict=True),
        Hypothesis(D_SPURIOUS**2 - V_star * row_sum(FROM_SPURIOUS**2)),
    ),
)
EQUALITY = Sentence(
    name="the boundary case",
    left=with_student(BELOW_PI.right, SPURIOUS + 2 * h / sp.pi * (v_star[row] - S_star / (m + 1))),
    relation=Relation.EQUAL,
    right=-(h**2) * BETA / (2 * sp.pi**2) + h * MARGIN / (2 * sp.pi * (m + 1)),
    words="for v = v_sp + (2h/π)B⁻¹v*: if (1ᵀv*)² = ½(m+1)‖v*‖² (always for m = 1) this is −h²v*ᵀB⁻¹v*/(2π²) < 0, and "
    "the gradient exists and vanishes at (v_sp, π): a saddle",
    variables=(H,),
)
BEYOND = Sentence(
    name="beyond the boundary",
    left=with_student(BELOW_PI.right, SPURIOUS),
    relation=Relation.EQUAL,
    right=h * MARGIN / (2 * sp.pi * (m + 1)),
    words="at v = v_sp: if (1ᵀv*)² > ½(m+1)‖v*‖² the loss falls as θ leaves π: no minimum, and no gradient in w",
    variables=(H,),
)
TEACHER = Sentence(
    name="around θ = 0",
    left=LOSS.subs(theta, h),
    relation=Relation.EQUAL,
    right=squares(v[row] - v_star[row]) / 8 + h * D / (2 * sp.pi),
    words="f(v, θ = h) = ⅛(v − v*)ᵀB(v − v*) + hD/2π: 0 at v = v*, θ = 0, the global minimum",
    variables=(Variable(h, sp.S.Zero, sp.pi),),
)
POSITIVE = Sentence(
    name="v*ᵀB⁻¹v* is positive",
    left=BETA * (m + 1),
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="v*ᵀB⁻¹v* = ‖v*‖² − (1ᵀv*)²/(m+1) > 0",
)
SENTENCES = (
    STUDENT,
    GRADIENT,
    OVERLAP,
    FACTOR,
    EXISTS,
    SADDLE,
    DOWN,
    BELOW_PI,
    D_THERE,
    MINIMUM,
    EQUALITY,
    BEYOND,
    TEACHER,
    POSITIVE,
)


def proof() -> Proof:
    """f is quadratic in v and linear in θ, so every expansion is finite."""
    exact = Identity("f is quadratic in v and linear in θ")
    schwarz = Decomposition(((Sign(V_star),), (CauchySchwarz(v_star[row], sp.S.One),)), "m‖v*‖² ≥ (1ᵀv*)²")
    # With x = v − v_sp and d = v_spᵀv* < 0: (xᵀv*)² ≤ ‖x‖²‖v*‖² ≤ d² gives D² ≤ 2dD, so D ≤ 0.
    down = 1 / (4 * sp.pi)
    minimum = Decomposition(
        (
            (Sign(sp.Rational(1, 8)), Assumed(0), RowSquares(FROM_SPURIOUS)),
            (Sign(sp.Rational(1, 8)), Assumed(0), Square(row_sum(FROM_SPURIOUS))),
            (Sign(down), Sign(h), Square(D)),
            (Sign(down), Sign(h), Assumed(1)),
            (Sign(down), Sign(h), CauchySchwarz(FROM_SPURIOUS, v_star[row])),
        ),
        "|(v − v_sp)ᵀv*| ≤ |v_spᵀv*| keeps D from becoming positive",
        multiplier=Assumed(0),
    )
    justifications = {sentence.name: exact for sentence in SENTENCES}
    return Proof(
        justifications=justifications | {FACTOR.name: schwarz, POSITIVE.name: schwarz, MINIMUM.name: minimum},
        conclusion="f ≥ 0 with equality iff (v*, θ = 0), or (v_sp, θ = π) if 1ᵀv* = 0; for w = 0 f = ⅛v*ᵀBv* > 0.",
    )


CLAIM = Claim(
    id="yin2019.critical-points-corrected",
    title="The critical points of the population loss",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let v* ≠ 0, n ≥ 2. The points with a vanishing gradient are: if (1ᵀv*)² < ½(m+1)‖v*‖², the saddles "
        "v = B⁻¹(ϰ₀I + 11ᵀ)v*, 1 − 2θ/π = ϰ₀ = −(1ᵀv*)²/((m+1)‖v*‖² − (1ᵀv*)²); if (1ᵀv*)² = ½(m+1)‖v*‖² the saddle "
        "(v_sp, θ = π). Where the gradient in w does not exist: (v*, θ = 0) is a global minimum; (v_sp, θ = π) with "
        "v_sp = B⁻¹(11ᵀ − I)v* and loss (1ᵀv*)²/(2(m+1)) is a local minimum iff (1ᵀv*)² < ½(m+1)‖v*‖², a global one "
        "iff 1ᵀv* = 0. For n = 1 both (v*, θ = 0) and (v_sp, θ = π) are local minima for every teacher.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0, v* ≠ 0.",
        degenerate="m = 1: always the boundary case. 1ᵀv* = 0: two global minima. n = 1: θ ∈ {0, π}. w = 0: see "
        "yin2019.origin-corrected.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects Proposition 1 of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    corrects="yin2019.critical-points",
    planted=(
        resentenced("m for m + 1", OVERLAP, right=OVERLAP.right.subs(m, m - 1), caught_by=WitnessKind.PROOF),
        resentenced("the saddle is a minimum", DOWN, right=-DOWN.right, caught_by=WitnessKind.PROOF),
        resentenced(
            "half the slope in θ", SADDLE, right=SADDLE.right - h * D / (4 * sp.pi), caught_by=WitnessKind.PROOF
        ),
        resentenced("the condition with m", EXISTS, right=m * V_star - 2 * S_star**2, caught_by=WitnessKind.PROOF),
        resentenced("a minimum without its condition", MINIMUM, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced("a minimum everywhere", MINIMUM, hypotheses=(MINIMUM.hypotheses[0],), caught_by=WitnessKind.PROOF),
        resentenced(
            "the loss of the spurious minimum doubled",
            BELOW_PI,
            left=BELOW_PI.left - AT_SPURIOUS,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the teacher's slope reversed", TEACHER, right=TEACHER.right - h * D / sp.pi, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "the sum over rows is forgotten", STUDENT, right=row_sum(OFFSET**2) / 4, caught_by=WitnessKind.PROOF
        ),
    ),
    proof_uses=("yin2019.loss", "yin2019.gradient"),
)
