"""The global minimum of a two-bit network is stable from one side only: beyond w*, ‖w‖ grows, away from it.

At θ = 0 the best v for a given ρ is v(ρ) = argmin_v f. Its part in span(1) and the rest of it do not mix, and
−⟨E g_μ, ŵ⟩ at v(ρ) is a positive combination of two brackets, X₁ and X₀ + (m−1)X₂ (``brackets``).

All three vanish at ρ = ρ* and change their slope there, because the covariance k has a kink: beyond ρ* the student's
steps come before the teacher's.
"""

from collections.abc import Callable

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Evaluation, Identity, Proof, Search
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.brackets import (
    density,
    one_row,
    one_row_rise,
    per_row,
    per_row_rise,
    tail,
    two_bit,
    uneven,
    uneven_rise,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import uniform_relu
from ste_theory.model.surrogates import clipped_relu, relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, v, v_star
from ste_theory.model.symbols import k as row

# At θ = 0: E σ and E σ*, variance and covariance of the activations, the moments of the surrogate derivative.
level, level_star = sp.Symbol("s_1", real=True), sp.Symbol("s_1_star", real=True)
spread, shared, spread_star = (
    sp.Symbol("q", positive=True),
    sp.Symbol("kappa", real=True),
    sp.Symbol("q_star", real=True),
)
mean, own, across = (sp.Symbol(name, real=True) for name in ("alpha_0", "alpha_1", "beta"))
LEVELS = tuple(Variable(letter, -sp.oo) for letter in (level, level_star, shared))
SPREAD, USED = Variable(spread, sp.S.Zero), Hypothesis(spread, strict=True)
MOMENTS = tuple(Variable(letter, -sp.oo) for letter in (mean, own, across))

ACROSS_ROWS = shared / spread
ALONG_ROWS = (shared + m * level * level_star) / (spread + m * level**2)
BEST = ACROSS_ROWS * (v_star[row] - S_star / m) + ALONG_ROWS * S_star / m
UNEVEN, EVEN = V_star - S_star**2 / m, S_star**2 / m  # ‖v*‖² outside and inside span(1)
_ERROR = level * S - level_star * S_star
SLOPE = spread * v[row] - shared * v_star[row] + level * _ERROR
LOSS = (spread * V - 2 * shared * D + spread_star * V_star + _ERROR**2) / 2
RADIAL = V * (own - mean * level) - D * (across - mean * level_star) + S * mean * _ERROR


# What words and formulas call it.
NAMED = (
    ("s₁, s₁*", "E σ(ρa), E σ(ρ*a); s_1, s*_1 in formulas"),
    ("q, q*", "Var σ(ρa), Var σ(ρ*a)"),
    ("k", "Cov(σ(ρa), σ(ρ*a)); κ in formulas"),
    ("α_0, α_1, β", "E aμ′(ρa), E aμ′(ρa)σ(ρa), E aμ′(ρa)σ(ρ*a)"),
    ("v(ρ)", "the v with the least loss at ρ = ‖w‖, θ = 0"),
    ("X₁", "(β − α_0s₁*)q − k(α_1 − α_0s₁)"),
    ("X₀", "β(q + s₁²) − (k + s₁s₁*)α_1"),
    ("X₂", "βs₁² + α_0s₁*(q + s₁²) − (k + s₁s₁*)α_0s₁ − s₁s₁*α_1"),
)
_LETTERS = (level, level_star, spread, shared, mean, own, across)
BEST_V = Sentence(
    name="the best v",
    left=row_sum(with_student(SLOPE, BEST) ** 2),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="θ = 0: ∂f/∂v = qv − kv* + s₁(s₁1ᵀv − s₁*1ᵀv*)1 vanishes at v(ρ) = (k/q)(v* − (1ᵀv*/m)1) + "
    "((k + ms₁s₁*)/(q + ms₁²))(1ᵀv*/m)1",
    variables=(*LEVELS, SPREAD),
    hypotheses=(USED,),
)
LEAST = Sentence(
    name="the least loss",
    left=with_student(LOSS, BEST),
    relation=Relation.EQUAL,
    right=(
        spread_star * V_star
        + level_star**2 * S_star**2
        - UNEVEN * shared**2 / spread
        - EVEN * (shared + m * level * level_star) ** 2 / (spread + m * level**2)
    )
    / 2,
    words="there f = ½[q*V* + (s₁*1ᵀv*)² − (V* − (1ᵀv*)²/m)k²/q − ((1ᵀv*)²/m)(k + ms₁s₁*)²/(q + ms₁²)]",
    variables=(*LEVELS, SPREAD, Variable(spread_star, -sp.oo)),
    hypotheses=(USED,),
)
DRIFT = Sentence(
    name="the drift of ‖w‖",
    left=-with_student(RADIAL, BEST),
    relation=Relation.EQUAL,
    right=UNEVEN * ACROSS_ROWS / spread * uneven(*_LETTERS)
    + EVEN * ALONG_ROWS / (spread + m * level**2) * (one_row(*_LETTERS) + (m - 1) * per_row(*_LETTERS)),
    words="there −⟨E g_μ, ŵ⟩ = (V* − (1ᵀv*)²/m)(k/q²)X₁ + ((1ᵀv*)²/m)(k + ms₁s₁*)/(q + ms₁²)²·(X₀ + (m−1)X₂), "
    "V* ≥ (1ᵀv*)²/m",
    variables=(*LEVELS, SPREAD, *MOMENTS),
    hypotheses=(USED,),
)

# One row, v* = 1, ρ* = 1, three steps at 0 ≤ τ_1 < τ_2 < τ_3: the slope of X₀ on both sides of ρ = 1.
height = sp.symbols("d_1:4", real=True)
place = sp.symbols("tau_1:4", real=True)
r = sp.Symbol("r", positive=True)
STEPS = tuple(Variable(letter, -sp.oo) for letter in (*height, *place))


def _later(i: int, j: int, *, beyond: bool) -> sp.Expr:
    """The larger of the student's threshold τ_i/r and the teacher's τ_j for r near 1, on either side."""
    return place[i] / r if i > j or (i == j and not beyond) else place[j]


def _one_row_of_steps(*, beyond: bool) -> sp.Expr:
    """X₀ = b∥E σ² − E σσ*·a₁ with μ′ = 1 on the positive half-line and σ = 0 on the negative one."""
    pairs = [(i, j) for i in range(3) for j in range(3)]
    second = sum(height[i] * height[j] * tail(place[max(i, j)] / r) for i, j in pairs)
    both = sum(height[i] * height[j] * tail(_later(i, j, beyond=beyond)) for i, j in pairs)
    mine, teachers = (sum(d * density(t / scale) for d, t in zip(height, place, strict=True)) for scale in (r, 1))
    return teachers * second - both * mine


def _slope(*, beyond: bool) -> sp.Expr:
    """Σ_j d_jτ_jφ(τ_j)(G·σ(τ_j±) − Qτ_j), G = E aσ, Q = E σ² at ρ = 1."""
    pairs = [(i, j) for i in range(3) for j in range(3)]
    second = sum(height[i] * height[j] * tail(place[max(i, j)]) for i, j in pairs)
    first = sum(d * density(t) for d, t in zip(height, place, strict=True))
    level_at = [sum(height[: j + beyond]) for j in range(3)]
    return sum(d * t * density(t) * (first * at - second * t) for d, t, at in zip(height, place, level_at, strict=True))


BEYOND_ONE, BEFORE_ONE = (
    Sentence(
        name=f"the slope {side} the minimum",
        left=sp.diff(_one_row_of_steps(beyond=beyond), r).subs(r, 1),
        relation=Relation.EQUAL,
        right=_slope(beyond=beyond),
        words=f"m = 1, v* = 1, ρ* = 1, any steps d_j at 0 ≤ τ_1 < τ_2 < τ_3, ReLU: for ρ {'>' if beyond else '<'} 1 "
        f"the slope of X₀ at 1 is Σ_j d_jτ_jφ(τ_j)(G σ(τ_j{'⁺' if beyond else '⁻'}) − Qτ_j) with G = E aσ(a), "
        f"Q = E σ(a)²: the level {'above' if beyond else 'below'} the step counts; a step at 0 adds nothing",
        variables=STEPS,
    )
    for side, beyond in (("beyond", True), ("before", False))
)


AFTER, BEFORE = Variable(r, sp.S.One, sp.Rational(5, 4)), Variable(r, sp.Rational(4, 5), sp.S.One)
Bracket = Callable[..., sp.Expr]
BRACKETS: tuple[tuple[str, Bracket, sp.Expr, sp.Expr], ...] = (
    ("X₁", uneven, sp.Rational(1, 40), sp.Rational(1, 20)),
    ("X₀", one_row, sp.Rational(1, 25), sp.Rational(1, 10)),
    ("X₂", per_row, sp.Rational(1, 80), sp.Rational(1, 20)),
)
AT_MINIMUM = tuple(
    Sentence(
        name=f"{name} at the minimum",
        left=bracket(*two_bit(sp.S.One, beyond=True)),
        relation=Relation.EQUAL,
        right=sp.S.Zero,
        words=f"two bits (steps at 0, 1, 2), ReLU, ρ* = 1: {name} = 0 at ρ = 1",
    )
    for name, bracket, _, _ in BRACKETS
)
OUTWARD = tuple(
    Sentence(
        name=f"{name} beyond the minimum",
        left=sp.diff(bracket(*two_bit(r, beyond=True)), r),
        relation=Relation.AT_LEAST,
        right=rate,
        words=f"for 1 ≤ ρ ≤ 5/4, ∂{name}/∂ρ ≥ {sp.sstr(rate)}: {name} ≥ (ρ − 1){sp.sstr(rate)[1:]} ≥ 0",
        variables=(AFTER,),
    )
    for name, bracket, rate, _ in BRACKETS
)
INWARD = tuple(
    Sentence(
        name=f"{name} before the minimum",
        left=-sp.diff(bracket(*two_bit(r, beyond=False)), r),
        relation=Relation.AT_LEAST,
        right=rate,
        words=f"for 4/5 ≤ ρ ≤ 1, ∂{name}/∂ρ ≤ −{sp.sstr(rate)}: {name} ≥ (1 − ρ){sp.sstr(rate)[1:]} again",
        variables=(BEFORE,),
    )
    for name, bracket, _, rate in BRACKETS
)


def _rises(part: Bracket) -> sp.Expr:
    """(k² / q)′ < 0 as kq′ − 2k′q > 0, for a pair (k, q) of functions of r."""
    s, s_star, q, k, *_ = two_bit(r, beyond=True)
    return part(s, s_star, q, k, *(sp.diff(x, r) for x in (s, q, k)))


RISES = tuple(
    Sentence(
        name=f"the loss rises, {name}",
        left=_rises(part),
        relation=Relation.ABOVE,
        right=sp.S.Zero,
        words=f"1 ≤ ρ ≤ 5/4: {words}",
        variables=(AFTER,),
    )
    for name, part, words in (
        ("X₁", uneven_rise, "kq′ − 2k′q > 0: k²/q falls"),
        ("X₀", one_row_rise, "KQ′ − 2K′Q > 0 for K = k + ms₁s₁*, Q = q + ms₁² at m = 1: K²/Q falls"),
        ("X₂", per_row_rise, "and what each further row adds to KQ′ − 2K′Q is positive: so for every m"),
    )
)
_CLIPPED = one_row(*two_bit(r, beyond=True, clip=3))
NEAR, FURTHER = Variable(r, sp.S.One, sp.Rational(11, 10)), Variable(r, sp.Rational(11, 10), sp.Rational(5, 4))
CLIPPED = Sentence(
    name="clipped at the top level",
    left=sp.diff(_CLIPPED, r),
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="1{0 < x < 3}, m = 1, leaves too: ∂X₀/∂ρ > 0 for 1 ≤ ρ ≤ 11/10",
    variables=(NEAR,),
)
CLIPPED_FURTHER = Sentence(
    name="clipped, further away",
    left=_CLIPPED,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="and X₀ > 0 for 11/10 ≤ ρ ≤ 5/4",
    variables=(FURTHER,),
)
CAUGHT = Sentence(
    name="but is held",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=_CLIPPED.subs(r, sp.Rational(3, 2)),
    words="and X₀ < 0 at ρ = 3/2: in between there is a stationary point, where f > 0",
)
SENTENCES = (
    BEST_V,
    LEAST,
    DRIFT,
    BEYOND_ONE,
    BEFORE_ONE,
    *AT_MINIMUM,
    *OUTWARD,
    *INWARD,
    *RISES,
    CLIPPED,
    CLIPPED_FURTHER,
    CAUGHT,
)


def proof() -> Proof:
    """Exact algebra for the brackets, searches in balls for their signs."""
    exact = Identity("sums over rows are those of V, S, D, V*, S*")
    return Proof(
        justifications={sentence.name: exact for sentence in (BEST_V, LEAST, DRIFT)}
        | {sentence.name: Identity("the primitive of φ is Φ") for sentence in (BEYOND_ONE, BEFORE_ONE)}
        | {sentence.name: Identity("student and teacher are the same") for sentence in AT_MINIMUM}
        | {
            sentence.name: Search("a function of ρ on an interval")
            for sentence in (*OUTWARD, *INWARD, *RISES, CLIPPED, CLIPPED_FURTHER)
        }
        | {CAUGHT.name: Evaluation("a number")},
        conclusion="k and k + ms₁s₁* are positive: σ(ρa) and σ*(ρ*a) grow with a. At v(ρ) ∂f/∂v = 0 and ∂f/∂ρ is the "
        "derivative of the least loss. For 1 < ρ ≤ 5/4 it is positive and ⟨E g_relu, ŵ⟩ negative: the correlation is "
        "negative, and a small step raises the loss. The flow of (v, ρ) on ρ ≥ ρ* is smooth up to (v*, ρ*); its linear "
        "part there is δv′ = −Bδv − hδρ, δρ′ = −gᵀδv − eδρ with B > 0. p(λ) = gᵀ(B + λ)⁻¹h − e − λ is for λ = 0 the "
        "slope of the drift at v(ρ), which is positive, and negative for large λ: it has a root λ > 0. Its direction "
        "δρ = 1, δv = −(B + λ)⁻¹h points to ρ > ρ*; along it trajectories leave. θ = 0 stays 0.",
    )


PROOF = WitnessKind.PROOF
_ELSEWHERE = one_row(*two_bit(sp.Rational(11, 10), beyond=True))
CLAIM = Claim(
    id="general.half-stable-minimum",
    title="The global minimum of a two-bit network is unstable for coarse gradient descent, the ReLU's too",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let σ have the steps 0, 1, 2 (two bits), ρ* = 1, θ = 0, and let v(ρ) be the best v at ρ = ‖w‖. With the "
        "ReLU as surrogate, for every m, n and v* ≠ 0, −E g_relu at v(ρ) makes ‖w‖ grow for 4/5 ≤ ρ < 1, towards the "
        "global minimum, and for 1 < ρ ≤ 5/4, away from it and up the population loss. So arbitrarily near the global "
        "minimum the coarse gradient is negatively correlated with the population gradient (n = 1; else for small "
        "θ > 0), and the minimum is unstable for the flow of −E g_relu. Clipping at the top level does not change this "
        "(shown for m = 1); the flow on v(ρ) then has a stationary point above ρ*, at a positive loss. The binary "
        "activation does not feel ‖w‖. Keeping ‖w‖ fixed removes the effect.",
        letters=NAMED,
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0} + 1{x > 1} + 1{x > 2}, ‖w*‖ = 1, θ = 0, 4/5 ≤ ‖w‖ ≤ 5/4, μ′ = 1{x > 0} or 1{0 < x < 3}; "
        "the first sentences for any staircase and surrogate with q > 0, those about slopes for three steps.",
        degenerate="ρ = ρ*: y = y*, every coarse gradient is 0. ∂f/∂ρ has a kink there: its limit from above is "
        "positive, from below negative.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "what the convergence of Yin et al. 2019 does not extend to"),
    problems=(Problem(uniform_relu(2), relu()), Problem(uniform_relu(2), clipped_relu(3))),
    proof=proof,
    planted=(
        resentenced(
            "the optimum of a single row",
            BEST_V,
            left=row_sum(with_student(SLOPE, ACROSS_ROWS * v_star[row]) ** 2),
            caught_by=PROOF,
        ),
        resentenced("the drift inwards", DRIFT, right=-DRIFT.right, caught_by=PROOF),
        resentenced(
            "the further rows are forgotten",
            DRIFT,
            right=DRIFT.right.subs(m - 1, 0),
            caught_by=PROOF,
        ),
        resentenced("half the least loss", LEAST, right=LEAST.right / 2, caught_by=PROOF),
        resentenced("the level below the step", BEYOND_ONE, right=BEFORE_ONE.right, caught_by=PROOF),
        resentenced("the level above the step", BEFORE_ONE, right=BEYOND_ONE.right, caught_by=PROOF),
        *(
            resentenced(f"{found.name}: without the kink", found, left=-before.left, caught_by=PROOF)
            for found, before in zip(OUTWARD, INWARD, strict=True)
        ),
        *(
            resentenced(f"{found.name}: at a higher rate", found, right=4 * found.right, caught_by=PROOF)
            for found in INWARD
        ),
        resentenced("a teacher of another scale", AT_MINIMUM[1], left=_ELSEWHERE, caught_by=PROOF),
        resentenced("the loss falls", RISES[0], left=-RISES[0].left, caught_by=PROOF),
        resentenced("for every ρ", RISES[1], variables=(Variable(r, sp.S.One, sp.S(2)),), caught_by=PROOF),
        resentenced("the clipped ReLU leaves for good", CLIPPED_FURTHER, variables=(AFTER,), caught_by=PROOF),
        resentenced("faster and faster", CLIPPED, variables=(AFTER,), caught_by=PROOF),
        resentenced("it is not held", CAUGHT, left=2 * CAUGHT.right, caught_by=PROOF),
    ),
    statement_uses=("general.coarse-gradient", "general.population-loss", "general.population-gradient"),
    proof_uses=(
        "general.plane-reduction",
        "general.coarse-gradient",
        "general.population-loss",
        "general.population-gradient",
    ),
)
