"""With w normalized after each step the algorithm converges for every surrogate, the identity included."""

from dataclasses import replace

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.descent import ROOT, SHARE, eta, overlap, radial, response, tangential, teacher
from ste_theory.derivations.yin2019 import convergence_descent as descent
from ste_theory.derivations.yin2019 import convergence_limits as limits
from ste_theory.derivations.yin2019.convergence_descent import LENGTHS, NOT_ZERO, SIZE, C, N
from ste_theory.derivations.yin2019.relu_limit_corrected import FACTOR as POSITIVE_FACTOR
from ste_theory.derivations.yin2019.relu_limit_corrected import OVERLAP as ZERO_OVERLAP
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import m, rho

STEP = Variable(eta, sp.S.Zero, ROOT / (2 * SIZE))
RANGE = Variable(radial, -SIZE / ROOT, SIZE / ROOT)

FIRST = Sentence(
    name="the first step bound",
    left=sp.S.Half,
    relation=Relation.AT_LEAST,
    right=eta * radial,
    words="η ≤ √(2π)/(2Q) and |A| ≤ Q/√(2π) give η|A| ≤ ½: one step size for all steps",
    variables=(*LENGTHS, STEP, RANGE),
    hypotheses=NOT_ZERO,
)
SECOND = Sentence(
    name="the second step bound",
    left=ROOT,
    relation=Relation.AT_LEAST,
    right=2 * eta * overlap * response,
    words="η ≤ √(2π)/(2Q), |D| ≤ CN and 0 ≤ M ≤ 1 give 2η|D|M ≤ √(2π)",
    variables=(*LENGTHS, STEP, Variable(overlap, sp.S.Zero, C * N), Variable(response, sp.S.Zero, sp.S.One)),
    hypotheses=NOT_ZERO,
)
TURN = Sentence(
    name="the turn of a step",
    left=2 * eta * overlap * tangential * (1 - eta * radial),
    relation=Relation.AT_LEAST,
    right=eta * overlap * tangential,
    words="tan ω = η|D|b⊥/(1 − ηA) ≤ 2η|D|b⊥: w turns as it would without normalization from ‖w‖ = 1",
    variables=(*LENGTHS, STEP, RANGE, *(Variable(x, sp.S.Zero) for x in (overlap, tangential))),
    hypotheses=NOT_ZERO,
)
DECREASE = descent.DECREASE.substituted({rho: sp.S.One})
DECREASE = replace(
    DECREASE,
    words="if moreover η[(m+1)/8 + ‖v*‖/2π] ≤ ½ and η‖v*‖M ≤ ½C₀(2π)^{3/2}, the bound of general.descent at ρ = 1 is "
    "at most −(η/2)(‖p‖² + C₀D²b⊥), p = ‖∂f/∂v‖, d = |D|, b = b⊥, N = ‖v*‖; f does not see the normalization",
)
SENTENCES = (
    *(FIRST, SECOND, DECREASE, TURN),
    *(limits.STUDENT, limits.OVERLAP, ZERO_OVERLAP, POSITIVE_FACTOR, limits.TURNS),
)


def proof() -> Proof:
    """The proof for ‖wᵗ‖ ≥ c_w, with ρ = 1 at the beginning of every step."""
    first = (Sign(SIZE / ROOT), InRange(eta, upper=True)), (Sign(eta), InRange(radial, upper=True))
    product = Sign(2 * eta * overlap * tangential)
    second = Decomposition(
        (
            (Sign(2 * SIZE), InRange(eta, upper=True)),
            (Sign(2 * eta), Sign((m + 2) * C**2 / 2 + m * C * N)),
            (Sign(2 * eta), InRange(overlap, upper=True)),
            (Sign(2 * eta * overlap), InRange(response, upper=True)),
        ),
        "CN ≤ Q",
    )
    taken = limits.proof().justifications
    shared = (limits.STUDENT, limits.OVERLAP, ZERO_OVERLAP, POSITIVE_FACTOR, limits.TURNS)
    return Proof(
        justifications={
            FIRST.name: Decomposition(first, "|A| ≤ Q/√(2π)"),
            SECOND.name: second,
            DECREASE.name: descent.decrease_holds(sp.S.One),
            TURN.name: Decomposition(tuple((product, *facts) for facts in first), "1 − ηA ≥ ½"),
            **{sentence.name: taken[sentence.name] for sentence in shared},
        },
        conclusion="yin2019.convergence-descent and yin2019.convergence-limits with c_w = C_w = 1: the loss falls in "
        "every step, ‖p‖ and Db⊥ tend to 0, and b⊥ = sinθ M(sinθ)/√(2π) is continuous in sinθ and 0 at 0 alone; so "
        "(v, θ) converges to one of three limits. w stays in the plane of w⁰ and w*, on one side of w*.",
    )


CLAIM = Claim(
    id="yin2019.convergence-normalized",
    title="Convergence with normalized w, for every surrogate with a positive response",
    kind=Kind.LIMIT,
    statement=Statement(
        equations=(),
        words="Algorithm v ← v − η ∂f/∂v, w ← w − η E g_μ, then w ← w/‖w‖. Let 0 ≤ μ′ ≤ 1, M > 0 on (0, 1], N = ‖v*‖, "
        "C = N + √(8f⁰), Q = ½(m+2)C² + (m+1)CN, η ≤ √(2π)/(2Q), η[(m+1)/8 + N/2π] ≤ ½, ηN ≤ ½C₀(2π)^{3/2}. From "
        "every start every step lowers the loss by at least (η/2)(‖∂f/∂v‖² + C₀D²b⊥), and (v, w) converges: θ → 0, "
        "v → v*, or θ → π, v → v_sp, or to the saddle. No bound on ‖w‖ is assumed, and the identity converges too.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, 0 ≤ μ′ ≤ 1, ‖w*‖ = 1, v* ≠ 0, ‖w⁰‖ = 1, 0 ≤ θ ≤ π.",
        degenerate="The step before the normalization does not reach 0: 1 − ηA ≥ ½. θ⁰ ∈ {0, π} stays.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced(
            "one and a half times the first step",
            FIRST,
            variables=(*LENGTHS, Variable(eta, sp.S.Zero, 3 * STEP.upper / 2), RANGE),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "six times the second step",
            SECOND,
            variables=(*LENGTHS, Variable(eta, sp.S.Zero, 6 * STEP.upper), *SECOND.variables[-2:]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("half the turn", TURN, left=TURN.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("the whole decrease", DECREASE, left=2 * DECREASE.left, caught_by=WitnessKind.PROOF),
        resentenced("without a step bound", DECREASE, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced(
            "three times the decrease in w",
            DECREASE,
            left=DECREASE.left - eta * SHARE * overlap**2 * tangential,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the teacher's part of the step bound is forgotten",
            DECREASE,
            hypotheses=(Hypothesis(DECREASE.hypotheses[0].expression.subs(teacher, 0)), DECREASE.hypotheses[1]),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    statement_uses=("yin2019.convergence-descent",),
    proof_uses=(
        "yin2019.convergence-descent",
        "yin2019.convergence-limits",
        "yin2019.convergence-bounded",
        "general.descent",
        "yin2019.loss",
    ),
)
