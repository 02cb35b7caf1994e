"""The empirical loss along the negative coarse gradient: ragged for few samples, monotone for many [Figure 1].

v is held, w(η) = w − ηE g_μ = (ρ − ηA)ŵ + ηDb⊥û. The population loss along this line is smooth; the mean f_N of the
loss over N samples is a step function of η: it jumps where one of the mN numbers ⟨Z_i, w(η)⟩, affine in η, changes its
sign.
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, CauchySchwarz, Decomposition, Identity, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.landscape import LOSS
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import D, V, V_star, m, rho, theta, v
from ste_theory.model.symbols import k as row

eta = sp.Symbol("eta", nonnegative=True)
radial, turn = sp.Symbol("A", real=True), sp.Symbol("omega", real=True)
tangential = sp.Symbol("b", nonnegative=True)
residual, weight = sp.Symbol("r", real=True), sp.Symbol("x", real=True)
longest, heaviest = sp.Symbol("R", nonnegative=True), sp.Symbol("X", nonnegative=True)
mean, largest = sp.Symbol("f", nonnegative=True), sp.Symbol("L", nonnegative=True)
gap, batch, risk = sp.Symbol("h", positive=True), sp.Symbol("N", positive=True), sp.Symbol("delta", nonnegative=True)
steps = sp.Symbol("K", nonnegative=True)
one, other, first, second = sp.symbols("f_1 f_2 e_1 e_2", real=True)

AHEAD, ACROSS = rho - eta * radial, eta * D * tangential
LENGTH = AHEAD**2 + ACROSS**2
LINE = (Variable(eta, sp.S.Zero), Variable(radial, -sp.oo), Variable(tangential, sp.S.Zero))
NOT_ZERO = Hypothesis(LENGTH, strict=True)

LINEAR = Sentence(
    name="the loss at a turn",
    left=LOSS.subs(theta, theta - turn) - LOSS,
    relation=Relation.EQUAL,
    right=-turn * D / (2 * sp.pi),
    words="turning w by ω towards w* changes f by −ωD/2π, as long as −(π − θ) ≤ ω ≤ θ",
    variables=(Variable(turn, -sp.pi, sp.pi),),
)
TURN = Sentence(
    name="the speed of the turn",
    left=AHEAD * sp.diff(ACROSS, eta) - ACROSS * sp.diff(AHEAD, eta),
    relation=Relation.EQUAL,
    right=rho * D * tangential,
    words="tan ω = ηDb⊥/(ρ − ηA), so dω/dη = ρDb⊥/((ρ − ηA)² + η²D²b⊥²): w(η) turns in one sense for all η",
    variables=LINE,
)
FALLS = Sentence(
    name="the population curve",
    left=sp.S.Zero,
    relation=Relation.AT_LEAST,
    right=-D / (2 * sp.pi) * rho * D * tangential / LENGTH,
    words="df/dη = −(D/2π)dω/dη ≤ 0: smooth and monotone for M ≥ 0 until w(η) has the direction of w* (D > 0) or −w* "
    "(D < 0)",
    variables=LINE,
    hypotheses=(NOT_ZERO,),
)
JUMP = Sentence(
    name="a jump",
    left=(residual + weight) ** 2 / 2 - residual**2 / 2,
    relation=Relation.EQUAL,
    right=weight * residual + weight**2 / 2,
    words="where ⟨Z_i, w(η)⟩ changes its sign, y changes by x = ±v_i and f_N by (x(y − y*) + ½x²)/N",
    variables=(Variable(residual, -sp.oo), Variable(weight, -sp.oo)),
)
JUMP_BOUND = Sentence(
    name="its size",
    left=heaviest * longest + heaviest**2 / 2,
    relation=Relation.AT_LEAST,
    right=weight * residual + weight**2 / 2,
    words="with |v_i| ≤ X and |y − y*| ≤ R no jump is larger than (XR + ½X²)/N: at most mN jumps, of order 1/N",
    variables=(
        Variable(longest, sp.S.Zero),
        Variable(heaviest, sp.S.Zero),
        Variable(residual, -longest, longest),
        Variable(weight, -heaviest, heaviest),
    ),
)
STUDENT = Sentence(
    name="the student's output",
    left=m * V,
    relation=Relation.AT_LEAST,
    right=row_sum(v[row]) ** 2,
    words="(vᵀσ)² ≤ m‖v‖² for every σ ∈ {0, 1}^m (here all ones), likewise for the teacher",
)
LARGEST = Sentence(
    name="the largest loss",
    left=largest,
    relation=Relation.AT_LEAST,
    right=(one - other) ** 2 / 2,
    words="so 0 ≤ ℓ ≤ L := m(‖v‖² + ‖v*‖²), as y² ≤ m‖v‖² and y*² ≤ m‖v*‖² (f₁ = y, f₂ = y*)",
    variables=(
        Variable(largest, m * (V + V_star)),
        Variable(one, -sp.oo),
        Variable(other, -sp.oo),
    ),
    hypotheses=(Hypothesis(m * V - one**2), Hypothesis(m * V_star - other**2)),
)
VARIANCE = Sentence(
    name="the variance of the loss",
    left=largest**2 / 4,
    relation=Relation.AT_LEAST,
    right=mean * largest - mean**2,
    words="E ℓ² ≤ L·E ℓ gives Var ℓ ≤ f(L − f) ≤ L²/4, so Var f_N ≤ L²/4N",
    variables=(Variable(largest, sp.S.Zero), Variable(mean, sp.S.Zero, largest)),
)
ORDER = Sentence(
    name="the order of two values",
    left=one + first,
    relation=Relation.ABOVE,
    right=other + second,
    words="where f₁ − f₂ ≥ h and both empirical values are off by less than h/2 they are in the order of f₁ > f₂",
    variables=(
        Variable(gap, sp.S.Zero),
        Variable(one, -sp.oo),
        Variable(other, -sp.oo),
        Variable(first, -gap / 2, gap / 2),
        Variable(second, -gap / 2, gap / 2),
    ),
    hypotheses=(
        Hypothesis(gap, strict=True),
        Hypothesis(one - other - gap),
        Hypothesis(gap / 2 + first, strict=True),
        Hypothesis(gap / 2 - second, strict=True),
    ),
)
MANY = Sentence(
    name="many samples",
    left=risk,
    relation=Relation.AT_LEAST,
    right=steps * (largest**2 / (4 * batch)) / (gap / 2) ** 2,
    words="Chebyshev at K step sizes whose population losses are h apart: with N ≥ KL²/(δh²) samples the empirical "
    "losses fall from each to the next with probability at least 1 − δ",
    variables=(
        Variable(steps, sp.S.Zero),
        Variable(largest, sp.S.Zero),
        Variable(gap, sp.S.Zero),
        Variable(risk, sp.S.Zero, sp.S.One),
        Variable(batch, sp.S.Zero),
    ),
    hypotheses=(
        Hypothesis(gap, strict=True),
        Hypothesis(batch, strict=True),
        Hypothesis(batch * risk * gap**2 - steps * largest**2),
    ),
)
SENTENCES = (LINEAR, TURN, FALLS, JUMP, JUMP_BOUND, STUDENT, LARGEST, VARIANCE, ORDER, MANY)


def proof() -> Proof:
    """The population curve by its derivative, the empirical one by its jumps and its variance."""
    falls = Decomposition(
        ((Sign(rho / (2 * sp.pi)), Square(D), Sign(tangential)),), "ρD²b⊥/2π over a square", multiplier=Assumed(0)
    )
    size = Decomposition(
        (
            (Sign(sp.S.Half), InRange(weight, upper=True), InRange(weight)),
            (Sign(sp.S.Half), InRange(weight, upper=True), InRange(residual)),
            (Sign(sp.S.Half), InRange(weight), InRange(residual, upper=True)),
        ),
        "2(XR − xr) = (X − x)(R + r) + (X + x)(R − r)",
    )
    largest_loss = Decomposition(
        ((InRange(largest),), (Assumed(0),), (Assumed(1),), (Sign(sp.S.Half), Square(one + other))),
        "½(p − q)² = p² + q² − ½(p + q)²",
    )
    order = Decomposition(((Assumed(1),), (Assumed(2),), (Assumed(3),)), "the gap is larger than both errors")
    many = Decomposition(((Assumed(2),),), "δNh² ≥ KL²", multiplier=Sign(batch * gap**2))
    exact = Identity("multiplied out")
    return Proof(
        justifications={
            LINEAR.name: Identity("f is linear in θ and does not depend on ‖w‖"),
            TURN.name: exact,
            FALLS.name: falls,
            JUMP.name: exact,
            JUMP_BOUND.name: size,
            STUDENT.name: Decomposition(((CauchySchwarz(v[row], sp.S.One),),), "Cauchy-Schwarz with σ"),
            LARGEST.name: largest_loss,
            VARIANCE.name: Decomposition(((Square(largest / 2 - mean),),), "(L/2 − f)² ≥ 0"),
            ORDER.name: order,
            MANY.name: many,
        },
        conclusion="On a grid of step sizes the picture is monotone for many samples; between neighbouring jumps f_N "
        "is constant, so that on a finer scale it stays a staircase for every N.",
    )


CLAIM = Claim(
    id="yin2019.finite-sample-loss",
    title="The empirical loss along the negative coarse gradient: ragged for few samples, monotone for many",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let v be held and w(η) = w − ηE g_μ with M(ρ sinθ) > 0. The population loss along the line is smooth "
        "with slope −ρD²b⊥/(2π‖w(η)‖²) ≤ 0 until w(η) has the direction of w* (D > 0) or −w* (D < 0). The loss over N "
        "samples is a step function of η with at most mN jumps, each of order 1/N. At K step sizes whose population "
        "losses are at least h apart it falls from each to the next with probability at least 1 − δ if N ≥ KL²/(δh²), "
        "L = m(‖v‖² + ‖v*‖²).",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, any surrogate with a response that is not negative, w ≠ 0, 0 < θ < π, "
        "samples independent of the direction of the line, with w(η) ≠ 0.",
        degenerate="D b⊥ = 0: w(η) keeps or reverses the direction of w; the population loss is constant between.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Figure 1", "a picture there, made precise here"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced("twice the slope in θ", LINEAR, right=2 * LINEAR.right, caught_by=WitnessKind.PROOF),
        resentenced("the radial part turns w", TURN, right=TURN.right - eta * radial, caught_by=WitnessKind.PROOF),
        resentenced("the population curve rises", FALLS, right=-FALLS.right, caught_by=WitnessKind.PROOF),
        resentenced("the square of the weight", JUMP, right=weight * residual + weight**2, caught_by=WitnessKind.PROOF),
        resentenced("half the jump", JUMP_BOUND, left=JUMP_BOUND.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("rows do not add up", STUDENT, left=V, caught_by=WitnessKind.PROOF),
        resentenced(
            "a loss without its teacher", LARGEST, hypotheses=LARGEST.hypotheses[:1], caught_by=WitnessKind.PROOF
        ),
        resentenced("half the variance", VARIANCE, left=largest**2 / 8, caught_by=WitnessKind.PROOF),
        resentenced("errors as large as the gap", ORDER, right=other + 3 * second, caught_by=WitnessKind.PROOF),
        resentenced(
            "a quarter of the samples",
            MANY,
            hypotheses=(*MANY.hypotheses[:2], Hypothesis(4 * batch * risk * gap**2 - steps * largest**2)),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    proof_uses=("yin2019.loss", "general.binary-gradients"),
)
