"""Limits of the algorithm: gradients that are summable, three limits, and which of them keep ‖w‖."""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    CauchySchwarz,
    Decomposition,
    Identity,
    InRange,
    Proof,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.general.descent import ROOT, overlap, response, tangential
from ste_theory.derivations.yin2019.landscape import CRITICAL_KAPPA, KAPPA, SPURIOUS, SQUARED_ALONG_V, optimal
from ste_theory.derivations.yin2019.relu_limit_corrected import D_OPTIMAL
from ste_theory.derivations.yin2019.relu_limit_corrected import FACTOR as POSITIVE_FACTOR
from ste_theory.derivations.yin2019.relu_limit_corrected import OVERLAP as ZERO_OVERLAP
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import D, S_star, V, V_star, m, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

OPTIMAL = optimal(KAPPA)
OFFSET = v[row] - OPTIMAL
# α₀ = E[aμ′(ρa)], M₋ = E[aμ′(ρa)1{a < 0}] and b∥, as letters.
mean, minus, parallel = (sp.Symbol(name, real=True) for name in ("alpha_0", "mu_0", "beta"))
LETTERS = tuple(Variable(x, -sp.oo) for x in (mean, minus, parallel))
RADIAL = binary_gradients.STATEMENT.formula(Quantity.COARSE_RADIAL).subs(
    {binary_gradients.b_parallel: parallel, binary_gradients.a1: mean - minus, binary_gradients.a0: mean},
    simultaneous=True,
)
along, step = sp.Symbol("y_0", nonnegative=True), sp.Symbol("y_1", nonnegative=True)

STUDENT = Sentence(
    name="the student from the gradient",
    left=16 * SQUARED_ALONG_V,
    relation=Relation.AT_LEAST,
    right=row_sum(OFFSET**2),
    words="‖v − v_θ‖ ≤ 4‖p‖, p = ∂f/∂v: where p → 0, v approaches v_θ = B⁻¹((1 − 2θ/π)I + 11ᵀ)v*",
)
OVERLAP = Sentence(
    name="the overlap from the gradient",
    left=16 * V_star * SQUARED_ALONG_V,
    relation=Relation.AT_LEAST,
    right=(D - D_OPTIMAL) ** 2,
    words="|D − v_θᵀv*| ≤ 4‖v*‖‖p‖: D approaches v_θᵀv*, which is 0 at one angle alone",
)
TURNS = Sentence(
    name="the turns from the descent",
    left=overlap**2 * tangential * response / ROOT,
    relation=Relation.AT_LEAST,
    right=(overlap * tangential) ** 2,
    words="(Db⊥)² ≤ D²b⊥·M/√(2π): where D²b⊥ → 0 and M is bounded, Db⊥ → 0, and with it the turns of w",
    variables=(
        Variable(response, sp.S.Zero),
        Variable(overlap, sp.S.Zero),
        Variable(tangential, sp.S.Zero, response / ROOT),
    ),
)
AT_ANGLE = Sentence(
    name="the radial part where p = 0",
    left=with_student(RADIAL, OPTIMAL),
    relation=Relation.EQUAL,
    right=with_student(-minus * V + D * ((1 - theta / sp.pi) * mean - parallel), OPTIMAL),
    words="at v = v_θ: A = −M₋‖v‖² + D[(1 − θ/π)α₀ − b∥], α₀ = E[aμ′(ρa)], M₋ = E[aμ′(ρa)1{a < 0}]",
    variables=LETTERS,
)
SADDLE = Sentence(
    name="the radial part at the saddles",
    left=with_student(AT_ANGLE.right, optimal(CRITICAL_KAPPA)).subs(theta, sp.pi * (1 - CRITICAL_KAPPA) / 2),
    relation=Relation.EQUAL,
    right=-minus * S_star**2 / (m + 1) ** 2 * (m + CRITICAL_KAPPA) * (1 - CRITICAL_KAPPA),
    words="at the saddles A = −M₋‖v‖², ‖v‖² = (1ᵀv*)²(m + ϰ₀)(1 − ϰ₀)/(m+1)² with −1 < ϰ₀ ≤ 0: for M₋ < 0 positive "
    "iff m + ϰ₀ > 0 and 1ᵀv* ≠ 0",
    variables=LETTERS,
)
MINIMUM = Sentence(
    name="the radial part at θ = π",
    left=with_student(RADIAL.subs(parallel, minus), SPURIOUS),
    relation=Relation.EQUAL,
    right=-minus * 2 * (m - 1) * S_star**2 / (m + 1) ** 2,
    words="at (v_sp, θ = π), where b∥ = M₋: A = −M₋·2(m−1)(1ᵀv*)²/(m+1)², 0 for a one-sided surrogate (M₋ = 0)",
    variables=LETTERS[:2],
)
GLOBAL = Sentence(
    name="the radial part at the global minimum",
    left=with_student(RADIAL.subs(parallel, mean - minus), v_star[row]),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="at (v*, θ = 0), where b∥ = a₁: A = 0 for every surrogate",
    variables=LETTERS[:2],
)
SHORTER = Sentence(
    name="the norm after a step",
    left=(along + step**2 / rho) ** 2,
    relation=Relation.AT_LEAST,
    right=along**2 + step**2,
    words="‖w′‖ ≤ ρ − ηA + (ηDb⊥)²/ρ while ηA ≤ ρ/2: where A ≥ A₀ > 0 and Db⊥ → 0, ‖w‖ falls by ηA₀/2 a step "
    "in the end",
    variables=(Variable(along, rho / 2), Variable(step, sp.S.Zero)),
)
SENTENCES = (
    *(STUDENT, OVERLAP, ZERO_OVERLAP, POSITIVE_FACTOR, TURNS),
    *(AT_ANGLE, SADDLE, MINIMUM, GLOBAL, SHORTER),
)


def proof() -> Proof:
    """Summable descent makes steps small; limit points are isolated; so there is one limit."""
    sums = Identity("sums over rows are those of V, S, D, V*, S*")
    return Proof(
        justifications={
            STUDENT.name: Decomposition(((Sign(m + 2), Square(row_sum(OFFSET))),), "4p = B(v − v_θ)"),
            OVERLAP.name: Decomposition(
                (
                    (Sign((m + 2) * V_star), Square(row_sum(OFFSET))),
                    (CauchySchwarz(v_star[row], OFFSET),),
                ),
                "D − v_θᵀv* = v*ᵀ(v − v_θ)",
            ),
            ZERO_OVERLAP.name: sums,
            POSITIVE_FACTOR.name: Decomposition(
                ((Sign(V_star),), (CauchySchwarz(v_star[row], sp.S.One),)), "m‖v*‖² ≥ (1ᵀv*)²"
            ),
            TURNS.name: Decomposition(
                ((Sign(overlap**2 * tangential), InRange(tangential, upper=True)),), "b⊥ ≤ M/√(2π)"
            ),
            AT_ANGLE.name: sums,
            SADDLE.name: sums,
            MINIMUM.name: sums,
            GLOBAL.name: sums,
            SHORTER.name: Decomposition(
                ((Sign(2 * step**2 / rho), InRange(along)), (Sign(step**4 / rho**2),)), "2(ρ − ηA) ≥ ρ"
            ),
        },
        conclusion="Added up over t, yin2019.convergence-descent gives Σ(‖pᵗ‖² + C₀(Dᵗ)²b⊥ᵗ/ρᵗ) ≤ 2f⁰/η. As ρᵗ ≤ C_w: "
        "p → 0 and D²b⊥ → 0, so v − v_θ → 0, and D sinθ → 0 if M(ρ sinθ) stays above a positive number. A limit point "
        "has v = v_θ and D = 0 or sinθ = 0: the saddle (one angle, as D = v_θᵀv* is affine in ϰ with a positive "
        "factor), (v*, 0) or (v_sp, π). The steps of v and θ tend to 0, so the limit points of (v, θ) are connected, "
        "and as there are at most three of them there is one. If there A ≥ A₀ > 0 for every ρ in [c_w, C_w], then ‖w‖ "
        "falls below c_w: a contradiction.",
    )


CLAIM = Claim(
    id="yin2019.convergence-limits",
    title="Limits of the algorithm for one-sided and two-sided surrogates",
    kind=Kind.LIMIT,
    statement=Statement(
        equations=(),
        words="Under yin2019.convergence-descent, with c_w ≤ ‖wᵗ‖ ≤ C_w and M ≥ M₀ > 0 on (0, C_w]: "
        "Σ(‖∂f/∂v‖² + C₀D²b⊥/ρ) ≤ 2f⁰/η, and (v, θ) converges to (v*, 0), to (v_sp, π) or to the saddle. For a "
        "one-sided surrogate (μ′ = 0 on x < 0, as ReLU) E g_μ vanishes at all three. For a two-sided μ′ ≥ 0 (as the "
        "identity), m > 1 and 1ᵀv* ≠ 0, the last two do not let ‖wᵗ‖ ≥ c_w be: what remains is (v*, 0).",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, 0 ≤ μ′ ≤ 1, ‖w*‖ = 1, v* ≠ 0, c_w ≤ ‖wᵗ‖ ≤ C_w, 0 ≤ θ ≤ π.",
        degenerate="1ᵀv* = 0 or m = 1: A vanishes at θ = π for every surrogate. M₋ is continuous in ρ > 0, so that it "
        "is bounded away from 0 on [c_w, C_w] if it is nowhere 0. θ ∈ {0, π}: b∥ is a₁ or M₋.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced("four times as near", STUDENT, left=SQUARED_ALONG_V, caught_by=WitnessKind.PROOF),
        resentenced("the teacher's length is forgotten", OVERLAP, left=SQUARED_ALONG_V, caught_by=WitnessKind.PROOF),
        resentenced(
            "no overlap at π/2",
            ZERO_OVERLAP,
            right=((m + 1) * V_star - S_star**2) / (m + 1) * KAPPA,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a smaller turn", TURNS, left=TURNS.left / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "the other side of μ′", AT_ANGLE, right=AT_ANGLE.right.subs(minus, -minus), caught_by=WitnessKind.PROOF
        ),
        resentenced("the saddle keeps w", SADDLE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("the drift of m rows", MINIMUM, right=MINIMUM.right.subs(m - 1, m), caught_by=WitnessKind.PROOF),
        resentenced("a drift at the global minimum", GLOBAL, right=-minus * V_star, caught_by=WitnessKind.PROOF),
        resentenced("half the square", SHORTER, left=(along + step**2 / (4 * rho)) ** 2, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("yin2019.convergence-descent",),
    proof_uses=(
        "yin2019.convergence-descent",
        "general.binary-gradients",
        "general.stationarity",
        "general.one-sided-iff-stationary",
        "yin2019.gradient",
        "yin2019.critical-points-corrected",
    ),
)
