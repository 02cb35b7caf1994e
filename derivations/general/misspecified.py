"""The coarse gradient at the minimizer of the population loss when the teacher has rows that the student lacks.

A teacher with r more rows than the student is a network with m + r rows whose student has weight 0 in the last r: these
rows add nothing to g_μ or to ∂ℓ/∂v of the others, and the formulas of the binary model do not contain m. So the loss
and the gradients are the known ones with

    1ᵀv* → 1ᵀv* + T,   ‖v*‖² → ‖v*‖² + W,      T, W: sum and squared norm of the r extra weights.

The extra part of y* is independent of the student's rows and has mean T/2.
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, CauchySchwarz, Decomposition, Identity, Proof, RowSquares, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.yin2019 import identity as identity_claim
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.derivations.yin2019.landscape import ALONG_V, BETA, KAPPA, LOSS
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, theta, v, v_star
from ste_theory.model.symbols import k as row

T = sp.Symbol("T", real=True)
W = sp.Symbol("W", nonnegative=True)
mean, same = sp.Symbol("alpha_0", real=True), sp.Symbol("alpha_1", real=True)
EXTRA = (Variable(T, -sp.oo), Variable(W, sp.S.Zero))
MEANS = (Variable(mean, -sp.oo), Variable(same, -sp.oo))


def with_extra_rows(formula: sp.Expr) -> sp.Expr:
    """The formula for a teacher with extra rows: the student's weights there are 0."""
    result: sp.Expr = formula.subs({S_star: S_star + T, V_star: V_star + W}, simultaneous=True)
    return result


WHOLE = with_extra_rows(LOSS)
SLOPE = with_extra_rows(ALONG_V)
# v_θ := B⁻¹(ϰv* + (1ᵀv* + T)1): where ∂f/∂v = 0 at the angle θ. At θ = 0 it is v* + T/(m+1).
OPTIMAL = KAPPA * (v_star[row] - S_star / (m + 1)) + (S_star + T) / (m + 1)
MINIMIZER = v_star[row] + T / (m + 1)
OFFSET = v[row] - OPTIMAL
LEAST = W / 8 + T**2 / (8 * (m + 1))
S_MIN = S_star + m * T / (m + 1)
SAME_SIGN = Hypothesis(S_star * (S_star + T))

RADIAL = with_extra_rows(binary_gradients.STATEMENT.formula(Quantity.COARSE_RADIAL))
# At θ = 0 the angle between student and teacher disappears from b∥: b∥ = a₁.
AT_ZERO = RADIAL.subs(
    {binary_gradients.b_parallel: same, binary_gradients.a1: same, binary_gradients.a0: mean}, simultaneous=True
)
DRIFT = T * S_MIN / (m + 1)


def _at_minimizer(formula: sp.Expr) -> sp.Expr:
    return with_student(with_extra_rows(formula), MINIMIZER).subs(theta, 0)


SPLIT = Sentence(
    name="the loss",
    left=WHOLE,
    relation=Relation.EQUAL,
    right=LOSS - T * (S - S_star) / 4 + (T**2 + W) / 8,
    words="f = f₀ − (T/2)E(y − y₀*) + ½E(y_e*)²: f₀ is the loss against the rows that the student has, y_e* the extra "
    "part of the teacher with mean T/2 and variance W/4, E(y − y₀*) = (1ᵀv − 1ᵀv*)/2",
    variables=EXTRA,
)
STATIONARY = Sentence(
    name="the gradient in v",
    left=row_sum(SLOPE * OFFSET),
    relation=Relation.EQUAL,
    right=(row_sum(OFFSET**2) + row_sum(OFFSET) ** 2) / 4,
    words="4(∂f/∂v)ᵀ(v − v_θ) = (v − v_θ)ᵀB(v − v_θ): ∂f/∂v = 0 iff v = v_θ := B⁻¹((1 − 2θ/π)v* + (1ᵀv* + T)1)",
    variables=EXTRA[:1],
)
ABOVE = Sentence(
    name="above the minimum",
    left=WHOLE - LEAST,
    relation=Relation.EQUAL,
    right=(row_sum(OFFSET**2) + row_sum(OFFSET) ** 2) / 8
    + theta * (sp.pi - theta) / (2 * sp.pi**2) * BETA
    + theta * S_star * (S_star + T) / (2 * sp.pi * (m + 1)),
    words="f(v, θ) = W/8 + T²/(8(m+1)) + ⅛(v − v_θ)ᵀB(v − v_θ) + θ(π − θ)v*ᵀB⁻¹v*/2π² + θ·1ᵀv*(1ᵀv* + T)/(2π(m+1))",
    variables=EXTRA,
)
MINIMUM = Sentence(
    name="the minimum",
    left=WHOLE,
    relation=Relation.AT_LEAST,
    right=LEAST,
    words="if 1ᵀv*(1ᵀv* + T) ≥ 0 the least value of f is W/8 + T²/(8(m+1)), at θ = 0, v = v* + T/(m+1)·1",
    variables=EXTRA,
    hypotheses=(SAME_SIGN,),
)
REACHED = Sentence(
    name="where it is reached",
    left=_at_minimizer(LOSS),
    relation=Relation.EQUAL,
    right=LEAST,
    words="f = W/8 + T²/(8(m+1)) at θ = 0, v = v* + T/(m+1)·1",
    variables=EXTRA,
)
GAP = Sentence(
    name="the student is too long",
    left=with_student(V - D, MINIMIZER),
    relation=Relation.EQUAL,
    right=DRIFT,
    words="there ‖v‖² − vᵀv* = T·1ᵀv/(m+1) = 2βS/(m+1) with the mean offset β = T/2 and S = 1ᵀv = 1ᵀv* + mT/(m+1)",
    variables=EXTRA[:1],
)
COARSE = Sentence(
    name="the coarse gradient",
    left=with_student(AT_ZERO, MINIMIZER),
    relation=Relation.EQUAL,
    right=-(mean - same) * DRIFT,
    words="there E g_μ = −M₋(‖v‖² − vᵀv*)ŵ, where M₋ = E[aμ′(ρa)1{a<0}] = α₀ − α₁, α₀ = E[aμ′(ρa)] and "
    "α₁ = E[aμ′(ρa)1{a>0}]; along û it is 0 at θ = 0",
    variables=(EXTRA[0], *MEANS),
)
IDENTITY = Sentence(
    name="the identity",
    left=_at_minimizer(identity_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)),
    relation=Relation.EQUAL,
    right=DRIFT / sp.sqrt(2 * sp.pi),
    words="identity: M₋ = −1/√(2π), the drift along ŵ is T·1ᵀv/((m+1)√(2π)), not 0 unless T = 0 or 1ᵀv = 0",
    variables=EXTRA[:1],
)
RELU = Sentence(
    name="the ReLU",
    left=_at_minimizer(relu_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="ReLU: E g_relu = 0 at the minimum; so for every surrogate with μ′ = 0 on x < 0, where M₋ = 0",
    variables=EXTRA[:1],
)
_EXAMPLE = {S_star: 2, V_star: 2, m: 2, T: 1, W: 1}
EXAMPLE = Sentence(
    name="an example",
    left=IDENTITY.left.subs(_EXAMPLE),
    relation=Relation.EQUAL,
    right=8 / (9 * sp.sqrt(2 * sp.pi)),
    words="two rows against v* = (1, 1, 1): v = (4/3, 4/3), the identity drifts by 8/(9√(2π)) = 0.3546 along ŵ "
    "and E g_relu = 0",
)
EXAMPLE_LOSS = Sentence(
    name="its loss",
    left=REACHED.left.subs(_EXAMPLE),
    relation=Relation.EQUAL,
    right=sp.Rational(1, 6),
    words="there f = 1/6",
)
# Any staircase at θ = 0, ρ = ρ*: s₁* = s₁, b∥ = a₁, Cov = Var = q. The teacher of every row: sum 1ᵀv* + T.
level, spread = sp.Symbol("s_1", positive=True), sp.Symbol("q", positive=True)
SHIFT = level**2 * T / (spread + m * level**2)
LEVELS = (Variable(level, sp.S.Zero), Variable(spread, sp.S.Zero))
USED = (Hypothesis(level, strict=True), Hypothesis(spread, strict=True))
_SLOPE_ANY = spread * (v[row] - v_star[row]) + level**2 * (S - S_star - T)
_RADIAL_ANY = V * same + (S**2 - V) * mean * level - D * same - (S * (S_star + T) - D) * mean * level
ANY_SLOPE = Sentence(
    name="any staircase: the gradient in v",
    left=with_student(_SLOPE_ANY, v_star[row] + SHIFT),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="θ = 0, ρ = ρ*: ∂f/∂v = q(v − v*) + s₁²(1ᵀv − 1ᵀv* − T)1 with q = Var σ(ρa), s₁ = E σ(ρa) vanishes at "
    "v = v* + s₁²T/(q + ms₁²)·1; binary: q = s₁² = ¼",
    variables=(EXTRA[0], *LEVELS),
    hypotheses=USED,
)
ANY_GAP = Sentence(
    name="any staircase: the student is too long",
    left=with_student(V - D, v_star[row] + SHIFT),
    relation=Relation.EQUAL,
    right=SHIFT * (S_star + m * SHIFT),
    words="there ‖v‖² − vᵀv* = x·1ᵀv with x = s₁²T/(q + ms₁²)",
    variables=(EXTRA[0], *LEVELS),
    hypotheses=USED,
)
ANY_COARSE = Sentence(
    name="any staircase: the coarse gradient",
    left=with_student(_RADIAL_ANY, v_star[row] + SHIFT),
    relation=Relation.EQUAL,
    right=SHIFT * (S_star + m * SHIFT) * (same - mean * (spread + level**2) / level),
    words="there E g_μ = (‖v‖² − vᵀv*)(a₁ − a₀s₂/s₁)ŵ, a₁ = E[aμ′(ρa)σ(ρa)], a₀ = E[aμ′(ρa)], s₂ = E σ(ρa)²; for the "
    "binary activation s₂ = s₁ and it is −M₋(‖v‖² − vᵀv*)ŵ; at ρ* = 2 on thresholds 0, 1, 2 with two rows against "
    "(1, 1, 1) the identity has 0.764, the ReLU 0.060, 1{0<x<3} −0.011: the ReLU leaves it too",
    variables=(EXTRA[0], *MEANS, *LEVELS),
    hypotheses=USED,
)
# The student is binary, m = 1, v* = 1; the teacher's staircase is another one. h = E[σ*1{a>0}], j = E[aσ*1{a>0}].
held, carried = sp.Symbol("h", nonnegative=True), sp.Symbol("j", real=True)
PHI = 1 / sp.sqrt(2 * sp.pi)
_TAIL = sp.erfc(1 / sp.sqrt(2)) / 2
OTHER = Sentence(
    name="another staircase",
    left=(2 * held) ** 2 * PHI - 2 * held * carried,
    relation=Relation.EQUAL,
    right=-2 * held * (carried - 2 * held * PHI),
    words="binary student, m = 1, v* = 1, θ = 0, another staircase σ* of the teacher: ∂f/∂v = 0 at v = 2h, "
    "h = E[σ*1{a>0}], and E g_relu = (v²φ(0) − vj)ŵ = −2h(j − 2hφ(0))ŵ, j = E[aσ*1{a>0}]: minus h times the covariance "
    "of a and σ* given a > 0",
    variables=(Variable(held, sp.S.Zero), Variable(carried, -sp.oo)),
)
OTHER_EXAMPLE = Sentence(
    name="an example of another staircase",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=(1 + 2 * _TAIL) * (2 * PHI * _TAIL - PHI * sp.exp(-sp.S.Half)),
    words="σ* = 1{x>0} + 1{x>1}, ρ* = 1: h = ½ + Φ(−1), j = φ(0) + φ(1) and "
    "E g_relu = (1 + 2Φ(−1))(2φ(0)Φ(−1) − φ(1))ŵ = −0.152ŵ: a "
    "teacher of another staircase moves the ReLU; one of another scale ρ* is realizable and moves none",
)
SENTENCES = (
    SPLIT,
    STATIONARY,
    ABOVE,
    MINIMUM,
    REACHED,
    GAP,
    COARSE,
    IDENTITY,
    RELU,
    EXAMPLE,
    EXAMPLE_LOSS,
    ANY_SLOPE,
    ANY_GAP,
    ANY_COARSE,
    OTHER,
    OTHER_EXAMPLE,
)


def proof() -> Proof:
    """f is quadratic in v; what is left at v = v_θ is a concave function of θ, least at an end."""
    share = 1 / (2 * sp.pi**2 * (m + 1))
    minimum = Decomposition(
        (
            (Sign(sp.Rational(1, 8)), RowSquares(OFFSET)),
            (Sign(sp.Rational(1, 8)), Square(row_sum(OFFSET))),
            (Sign(share), Sign(theta), Sign(sp.pi - theta), Sign(V_star)),
            (Sign(share), Sign(theta), Sign(sp.pi - theta), CauchySchwarz(v_star[row], sp.S.One)),
            (Sign(1 / (2 * sp.pi * (m + 1))), Sign(theta), Assumed(0)),
        ),
        "the expansion above; (m+1)v*ᵀB⁻¹v* = ‖v*‖² + (m‖v*‖² − (1ᵀv*)²)",
    )
    exact = Identity("sums over rows are those of V, S, D, V*, S*")
    return Proof(
        justifications={sentence.name: exact for sentence in SENTENCES}
        | {
            MINIMUM.name: minimum,
            OTHER_EXAMPLE.name: Decomposition(((Sign(-OTHER_EXAMPLE.right),),), "a number, in balls"),
        },
        conclusion="So the surrogates differ at the good minimum as soon as the teacher is not realizable: those with "
        "M₋ = 0 rest there, the identity leaves it. If 1ᵀv*(1ᵀv* + T) < 0 the minimum is at θ = π.",
    )


CLAIM = Claim(
    id="general.misspecified",
    title="The coarse gradient at the minimizer of a teacher with rows that the student lacks",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let the teacher have r more rows than the student, with weights of sum T and squared norm W. If "
        "1ᵀv*(1ᵀv* + T) ≥ 0 (v*: the m rows in common) the population loss is least at θ = 0, v = v* + T/(m+1)·1; "
        "there f = W/8 + T²/(8(m+1)) and E g_μ = −M₋(‖v‖² − vᵀv*)ŵ with ‖v‖² − vᵀv* = T·1ᵀv/(m+1) and "
        "M₋ = E[aμ′(ρa)1{a<0}]. For any staircase at θ = 0, ρ = ρ* and the best v it is (‖v‖² − vᵀv*)(a₁ − a₀s₂/s₁)ŵ. "
        "For the identity it is not 0, for ReLU and clipped ReLU it is. Ranking surrogates by "
        "|M₋| ranks them by how fast they leave the good minimum.",
        letters=(
            (
                "r, T, W",
                "number of the teacher's extra rows, sum and squared norm of their weights: they are in y*, and in Z",
            ),
        ),
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0, any surrogate with E|aμ′(ρa)| < ∞; the extra rows are independent of "
        "the others and share w*.",
        degenerate="T = 0: the minimizer is v = v*, every surrogate rests there. 1ᵀv = 0: so it does too. "
        "1ᵀv*(1ᵀv* + T) < 0: the minimum is at θ = π. θ = 0: û does not exist, the tangential part has the limit 0.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "why real networks leave good minima, which a realizable teacher cannot show"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced("half the offset", SPLIT, right=SPLIT.right + T * (S - S_star) / 8, caught_by=WitnessKind.PROOF),
        resentenced(
            "the extra variance is forgotten", REACHED, right=T**2 / (8 * (m + 1)), caught_by=WitnessKind.PROOF
        ),
        resentenced("m for m + 1", GAP, right=T * S_MIN / m, caught_by=WitnessKind.PROOF),
        resentenced(
            "the sum of the teacher for the student's", GAP, right=T * S_star / (m + 1), caught_by=WitnessKind.PROOF
        ),
        resentenced("a minimum for every T", MINIMUM, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced("a larger minimum", MINIMUM, right=LEAST + T**2 / 8, caught_by=WitnessKind.PROOF),
        resentenced("the positive side of the surrogate", COARSE, right=-same * DRIFT, caught_by=WitnessKind.PROOF),
        resentenced("the drift inwards", IDENTITY, right=-IDENTITY.right, caught_by=WitnessKind.PROOF),
        resentenced("the ReLU drifts too", RELU, right=DRIFT / sp.sqrt(2 * sp.pi), caught_by=WitnessKind.PROOF),
        resentenced(
            "the variance for the second moment",
            ANY_COARSE,
            right=ANY_COARSE.right.subs(spread + level**2, spread),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the binary step for any staircase", ANY_GAP, right=DRIFT, caught_by=WitnessKind.PROOF),
        resentenced(
            "the mean of the extra rows is forgotten",
            ANY_SLOPE,
            left=with_student(spread * (v[row] - v_star[row]) + level**2 * (S - S_star), v_star[row] + SHIFT),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the covariance with the other sign",
            OTHER,
            right=-OTHER.right,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "another staircase pulls inwards", OTHER_EXAMPLE, right=-OTHER_EXAMPLE.right, caught_by=WitnessKind.PROOF
        ),
        resentenced("the slope in θ is forgotten", ABOVE, right=ABOVE.right.subs(BETA, 0), caught_by=WitnessKind.PROOF),
    ),
    proof_uses=(
        "general.plane-reduction",
        "yin2019.loss",
        "yin2019.gradient",
        "general.binary-gradients",
        "yin2019.identity",
        "yin2019.relu",
    ),
)
