"""Descent of the whole algorithm with one explicit step size, for as long as ‖w‖ is not below c_w."""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Fact,
    InRange,
    Known,
    Proof,
    RowSquares,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.general.descent import (
    ROOT,
    SHARE,
    along,
    eta,
    overlap,
    radial,
    response,
    tangential,
    teacher,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, rho, v, v_star
from ste_theory.model.symbols import k as row

C, N = sp.Symbol("C", positive=True), sp.Symbol("N", positive=True)
# The two sides of the surrogate, √(2π)E[a⁺μ′(ρa)] and √(2π)E[a⁻μ′(ρa)], and which parts of them b∥ holds.
right_side, left_side = sp.Symbol("r_1", nonnegative=True), sp.Symbol("r_0", nonnegative=True)
right_part, left_part = sp.Symbol("alpha", nonnegative=True), sp.Symbol("beta", nonnegative=True)

LENGTHS = (Variable(N, sp.sqrt(V_star)), Variable(C, sp.sqrt(V)))
NOT_ZERO = (Hypothesis(C, strict=True),)
SIDES = tuple(Variable(x, sp.S.Zero, sp.S.One) for x in (right_side, left_side, right_part, left_part))
SIZE = (m + 2) * C**2 / 2 + (m + 1) * C * N
RADIAL = ROOT * binary_gradients.STATEMENT.formula(Quantity.COARSE_RADIAL).subs(
    {
        binary_gradients.b_parallel: (right_part * right_side - left_part * left_side) / ROOT,
        binary_gradients.a1: right_side / ROOT,
        binary_gradients.a0: (right_side - left_side) / ROOT,
    },
    simultaneous=True,
)
STEP = Variable(eta, sp.S.Zero, ROOT * rho / (2 * SIZE))
SLOWNESS = eta * ((m + 1) / 8 + teacher / (2 * sp.pi))


def _lemma(name: str, left: sp.Expr, right: sp.Expr, words: str) -> Sentence:
    return Sentence(name, left, Relation.AT_LEAST, right, words, variables=LENGTHS, hypotheses=NOT_ZERO)


OVERLAP_UP = _lemma("the overlap from above", C * N, D, "vᵀv* ≤ CN for C ≥ ‖v‖, N ≥ ‖v*‖")
OVERLAP_DOWN = _lemma("the overlap from below", C * N, -D, "−vᵀv* ≤ CN")
SUMS_UP = _lemma("the sums from above", m * C * N, S * S_star, "(1ᵀv)(1ᵀv*) ≤ mCN")
SUMS_DOWN = _lemma("the sums from below", m * C * N, -S * S_star, "−(1ᵀv)(1ᵀv*) ≤ mCN")

RADIAL_UP = Sentence(
    name="the radial part from above",
    left=SIZE,
    relation=Relation.AT_LEAST,
    right=RADIAL,
    words="√(2π)A ≤ Q := ½(m+2)C² + (m+1)CN for 0 ≤ μ′ ≤ 1, C ≥ ‖v‖, N ≥ ‖v*‖: a₁ = r₁/√(2π), a₀ = (r₁ − r₀)/√(2π), "
    "b∥ = (αr₁ − βr₀)/√(2π), where r₁ and r₀ come from the two sides of μ′ and α, β from the teacher",
    variables=(*LENGTHS, *SIDES),
    hypotheses=NOT_ZERO,
)
RADIAL_DOWN = Sentence(
    name="the radial part from below",
    left=SIZE,
    relation=Relation.AT_LEAST,
    right=-RADIAL,
    words="−√(2π)A ≤ Q",
    variables=(*LENGTHS, *SIDES),
    hypotheses=NOT_ZERO,
)
FIRST = Sentence(
    name="the first step bound",
    left=rho / 2,
    relation=Relation.AT_LEAST,
    right=eta * radial,
    words="η ≤ √(2π)ρ/(2Q) and |A| ≤ Q/√(2π) give η|A| ≤ ρ/2",
    variables=(*LENGTHS, STEP, Variable(radial, -SIZE / ROOT, SIZE / ROOT)),
    hypotheses=NOT_ZERO,
)
SECOND = Sentence(
    name="the second step bound",
    left=ROOT * rho,
    relation=Relation.AT_LEAST,
    right=2 * eta * overlap * response,
    words="η ≤ √(2π)ρ/(2Q), |D| ≤ CN and 0 ≤ M ≤ 1 give 2η|D|M ≤ √(2π)ρ",
    variables=(*LENGTHS, STEP, Variable(overlap, sp.S.Zero, C * N), Variable(response, sp.S.Zero, sp.S.One)),
    hypotheses=NOT_ZERO,
)
DECREASE = Sentence(
    name="the decrease of a step",
    left=-eta / 2 * along**2 - eta * SHARE / 2 * overlap**2 * tangential / rho,
    relation=Relation.AT_LEAST,
    right=-eta * (1 - SLOWNESS) * along**2
    - eta * (SHARE - eta * teacher * response / (ROOT**3 * rho)) * overlap**2 * tangential / rho,
    words="if moreover η[(m+1)/8 + ‖v*‖/2π] ≤ ½ and η‖v*‖M ≤ ½C₀(2π)^{3/2}ρ, C₀ = arctan(1/3)/π, the bound of "
    "general.descent is at most −(η/2)(‖p‖² + C₀D²b⊥/ρ), with p = ‖∂f/∂v‖, d = |D|, b = b⊥, N = ‖v*‖",
    variables=tuple(Variable(x, sp.S.Zero) for x in (eta, response, overlap, tangential, teacher, along)),
    hypotheses=(
        Hypothesis(sp.S.Half - SLOWNESS),
        Hypothesis(SHARE / 2 - eta * teacher * response / (ROOT**3 * rho)),
    ),
)
LEMMAS = (OVERLAP_UP, OVERLAP_DOWN, SUMS_UP, SUMS_DOWN)
SENTENCES = (RADIAL_UP, RADIAL_DOWN, FIRST, SECOND, DECREASE)

Products = tuple[tuple[Fact, ...], ...]


def times(factors: tuple[Fact, ...], terms: Products) -> Products:
    """Every product of facts times these."""
    return tuple((*factors, *term) for term in terms)


# What follows are differences that are not negative, as products of facts.
SHORTER = ((InRange(C), Sign(C + sp.sqrt(V))),)  # C² − V
TEACHER_SHORTER = ((InRange(N), Sign(N + sp.sqrt(V_star))),)  # N² − V*
SUM_SHORTER = (*times((Sign(m),), SHORTER), (CauchySchwarz(v[row], sp.S.One),))  # mC² − S²
TEACHER_SUM_SHORTER = (*times((Sign(m),), TEACHER_SHORTER), (CauchySchwarz(v_star[row], sp.S.One),))  # mN² − S*²


def _overlap(sign: int) -> Decomposition:
    square = (RowSquares(N * v[row] - sign * C * v_star[row]),)
    terms = (square, *times((Sign(N**2),), SHORTER), *times((Sign(C**2),), TEACHER_SHORTER))
    return Decomposition(terms, "2CN(CN ∓ D) is a sum of squares", multiplier=Sign(2 * C * N))


def _sums(sign: int) -> Decomposition:
    square = (Square(N * S - sign * C * S_star),)
    terms = (square, *times((Sign(N**2),), SUM_SHORTER), *times((Sign(C**2),), TEACHER_SUM_SHORTER))
    return Decomposition(terms, "2CN(mCN ∓ SS*) is a sum of squares", multiplier=Sign(2 * C * N))


def _mixed(part: sp.Symbol, plus: Sentence, minus: Sentence) -> Products:
    """CN/2 + (x − ½)D for a part x ∈ [0, 1]: x(CN + D)/2 + (1 − x)(CN − D)/2."""
    return ((Sign(part / 2), Known(plus.name)), (Sign(sp.S.Half), InRange(part, upper=True), Known(minus.name)))


def _radial(sign: int) -> Decomposition:
    half = Sign(sp.S.Half)
    towards, away = (OVERLAP_UP, OVERLAP_DOWN), (OVERLAP_DOWN, OVERLAP_UP)
    if sign > 0:
        right = (
            *times((half,), SHORTER),
            *times((half,), SUM_SHORTER),
            (half, Known(SUMS_DOWN.name)),
            *_mixed(right_part, *away),
        )
        left = (*times((half,), SHORTER), (half, Square(S)), (half, Known(SUMS_UP.name)), *_mixed(left_part, *towards))
        spare, rest = (m + 1) * C * (C + N) / 2, C**2 / 2 + (m + 1) * C * N / 2
        free: Products = ()
    else:
        right = ((half, Sign(V)), (half, Square(S)), (half, Known(SUMS_UP.name)), *_mixed(right_part, *towards))
        left = (
            (half, Sign(V)),
            *times((half,), SUM_SHORTER),
            (half, Known(SUMS_DOWN.name)),
            *_mixed(left_part, *away),
        )
        spare, rest = (m + 1) * C * N / 2, m * C**2 / 2 + (m + 1) * C * N / 2
        free = ((Sign(C**2),),)
    terms = (
        *free,
        (InRange(right_side, upper=True), Sign(spare)),
        *times((Sign(right_side),), right),
        (InRange(left_side, upper=True), Sign(rest)),
        *times((Sign(left_side),), left),
    )
    return Decomposition(terms, "√(2π)A is linear in r₁ and r₀, and the brackets in α and β")


LEMMA_PROOFS = {
    OVERLAP_UP.name: _overlap(1),
    OVERLAP_DOWN.name: _overlap(-1),
    SUMS_UP.name: _sums(1),
    SUMS_DOWN.name: _sums(-1),
}


def decrease_holds(length: sp.Expr) -> Decomposition:
    """``DECREASE`` at ρ = length."""
    terms = ((Sign(eta * along**2), Assumed(0)), (Sign(eta * overlap**2 * tangential / length), Assumed(1)))
    return Decomposition(terms, "half of each term is kept")


def proof() -> Proof:
    """|A| is bounded by ‖v‖ and ‖v*‖; so one step size serves all steps."""
    first = Decomposition(
        ((Sign(SIZE / ROOT), InRange(eta, upper=True)), (Sign(eta), InRange(radial, upper=True))), "|A| ≤ Q/√(2π)"
    )
    second = Decomposition(
        (
            (Sign(2 * SIZE), InRange(eta, upper=True)),
            (Sign(2 * eta), Sign((m + 2) * C**2 / 2 + m * C * N)),
            (Sign(2 * eta), InRange(overlap, upper=True)),
            (Sign(2 * eta * overlap), InRange(response, upper=True)),
        ),
        "CN ≤ Q",
    )
    return Proof(
        lemmas=LEMMAS,
        justifications=LEMMA_PROOFS
        | {
            RADIAL_UP.name: _radial(1),
            RADIAL_DOWN.name: _radial(-1),
            FIRST.name: first,
            SECOND.name: second,
            DECREASE.name: decrease_holds(rho),
        },
        conclusion="Induction: if fᵗ ≤ f⁰, then ‖vᵗ‖ ≤ C (yin2019.convergence-bounded); so for ‖wᵗ‖ ≥ c_w the step "
        "satisfies the conditions of general.descent (the first also with −A for A) and of the last sentence, and "
        "fᵗ⁺¹ ≤ fᵗ. M = E μ′(ρ sinθ ξ) lies between 0 and 1 with μ′.",
    )


CLAIM = Claim(
    id="yin2019.convergence-descent",
    title="Monotone descent of the algorithm with one explicit step size",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let 0 ≤ μ′ ≤ 1, N = ‖v*‖, C = N + √(8f(v⁰, w⁰)), Q = ½(m+2)C² + (m+1)CN, C₀ = arctan(1/3)/π. If "
        "η ≤ √(2π)c_w/(2Q), η[(m+1)/8 + N/2π] ≤ ½ and ηN ≤ ½C₀(2π)^{3/2}c_w, then as long as ‖wᵗ‖ ≥ c_w every step "
        "lowers the loss by at least (η/2)(‖∂f/∂v‖² + C₀D²b⊥/ρ).",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, 0 ≤ μ′ ≤ 1 (identity, ReLU, clipped ReLU), v* ≠ 0, ‖wᵗ‖ ≥ c_w > 0.",
        degenerate="v⁰ = 0 is allowed: C ≥ ‖v*‖ > 0. θ ∈ {0, π}: b⊥ = 0, b∥ by its limits, for which α and β are 0 "
        "or 1. For 0 ≤ μ′ ≤ L the bounds on w hold with Lη for η.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced("half the bound", RADIAL_UP, left=SIZE / 2, caught_by=WitnessKind.PROOF),
        resentenced("the sums are forgotten", RADIAL_UP, left=SIZE.subs(m, 0), caught_by=WitnessKind.PROOF),
        resentenced("without the teacher", RADIAL_DOWN, left=m * C**2 / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "one and a half times the first step",
            FIRST,
            variables=(*LENGTHS, Variable(eta, sp.S.Zero, 3 * STEP.upper / 2), FIRST.variables[-1]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "six times the second step",
            SECOND,
            variables=(*LENGTHS, Variable(eta, sp.S.Zero, 6 * STEP.upper), *SECOND.variables[-2:]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the whole decrease", DECREASE, left=2 * DECREASE.left, caught_by=WitnessKind.PROOF),
        resentenced("without a step bound", DECREASE, hypotheses=(), caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("yin2019.convergence-bounded",),
    proof_uses=("general.descent", "general.binary-gradients", "yin2019.convergence-bounded"),
)
