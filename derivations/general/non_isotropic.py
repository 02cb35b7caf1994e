"""Gaussian input with a covariance: the coarse gradient can point uphill, for every surrogate; whitening prevents it.

A row is Rx, R the positive definite root of Σ, x ~ N(0, I). The network with input Rx and weights w, w* is the one with
input x and weights w̃ = Rw, w̃* = Rw*; E g_μ = R E g̃_μ and ∂f/∂w = R ∂f̃/∂w̃. So with Σ in the orthonormal frame of w̃, w̃*

    ⟨E g_μ, ∂f/∂w⟩ = ⟨E g̃_μ, Σ ∂f̃/∂w̃⟩,     Σ = [[r, q], [q, t]] on the plane,  q = ŵᵀΣû,  t = ûᵀΣû.
"""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients, correlation
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, rho, s, theta

x1, x2, y1, y2 = sp.symbols("x_1 x_2 y_1 y_2", real=True)
p1, p2, p3 = sp.symbols("p_1 p_2 p_3", real=True)
r, q, t = sp.Symbol("r", real=True), sp.Symbol("q", real=True), sp.Symbol("t", nonnegative=True)
radial, response = sp.Symbol("A", real=True), sp.Symbol("M", real=True)
size, overlap = sp.Symbol("a", nonnegative=True), sp.Symbol("d", nonnegative=True)
tangential = sp.Symbol("b", nonnegative=True)
least, most = sp.Symbol("l", nonnegative=True), sp.Symbol("L", nonnegative=True)
turn = sp.Symbol("omega", real=True)


def free(*letters: sp.Symbol) -> tuple[Variable, ...]:
    """Letters that are any real number."""
    return tuple(Variable(letter, -sp.oo) for letter in letters)


ROOT = sp.Matrix([[p1, p2], [p2, p3]])
SIGMA = sp.Matrix([[r, q], [q, t]])
X, Y = sp.Matrix([x1, x2]), sp.Matrix([y1, y2])

_TANGENTIAL = binary_gradients.STATEMENT.formula(Quantity.COARSE_TANGENTIAL).subs(binary_gradients.response, response)
_GRADIENT = binary_gradients.STATEMENT.formula(Quantity.GRADIENT_TANGENTIAL)
_ISOTROPIC = correlation.STATEMENT.formula(Quantity.CORRELATION).subs(binary_gradients.response, response)
COARSE, GRADIENT = sp.Matrix([radial, _TANGENTIAL]), sp.Matrix([0, _GRADIENT])
CORRELATION = (COARSE.T * SIGMA * GRADIENT)[0, 0]
B_ORTHOGONAL = s * response / sp.sqrt(2 * sp.pi)

FORM = Sentence(
    name="the inner product",
    left=((ROOT * X).T * (ROOT * Y))[0, 0],
    relation=Relation.EQUAL,
    right=(X.T * ROOT * ROOT * Y)[0, 0],
    words="⟨Rx, Ry⟩ = xᵀΣy for a symmetric R with R² = Σ: for x = E g̃_μ, y = ∂f̃/∂w̃ it is the correlation in w",
    variables=free(x1, x2, y1, y2, p1, p2, p3),
)
WHOLE = Sentence(
    name="the correlation",
    left=CORRELATION,
    relation=Relation.EQUAL,
    right=t * _ISOTROPIC - q * radial * D / (2 * sp.pi * rho),
    words="⟨E g_μ, ∂f/∂w⟩ = t·(the correlation for Σ = I) − q·A·D/(2πρ), where q = ŵᵀΣû, t = ûᵀΣû, ρ = ‖w̃‖ and "
    "A = ⟨E g̃_μ, ŵ⟩: the radial part of the coarse gradient enters",
    variables=(*free(radial, response, r, q), Variable(t, sp.S.Zero)),
)
# The covariance that makes it negative: t = 1, q = D(1 + b⊥)/A, r = 1 + q².
OBLIQUE = D * (1 + B_ORTHOGONAL) / radial
NOT_ZERO = Hypothesis(radial**2, strict=True)
ADVERSE = Sentence(
    name="an adverse covariance",
    left=WHOLE.right.subs({t: 1, q: OBLIQUE}, simultaneous=True),
    relation=Relation.EQUAL,
    right=-(D**2) / (2 * sp.pi * rho),
    words="every surrogate, every network with A ≠ 0, D ≠ 0, 0 < θ < π: for t = 1, q = D(1 + b⊥)/A, r = 1 + q² it is "
    "−D²/(2πρ) < 0",
    variables=free(radial, response),
    hypotheses=(NOT_ZERO,),
)
DEFINITE = Sentence(
    name="it is a covariance",
    left=sp.Matrix([[1 + OBLIQUE**2, OBLIQUE], [OBLIQUE, 1]]).det(),
    relation=Relation.EQUAL,
    right=sp.S.One,
    words="its determinant is 1 and t = 1: positive definite",
    variables=free(radial, response),
    hypotheses=(NOT_ZERO,),
)
# m = 1, v = v* = 1 at the right angle, ReLU: E g̃ = (ŵ − û)/(2√(2π)).
_ONE = {V: 1, S: 1, D: 1, V_star: 1, S_star: 1, theta: sp.pi / 2, rho: 1}
_RELU = sp.Matrix(
    [relu_claim.STATEMENT.formula(part).subs(_ONE) for part in (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)]
)
_SLOPE = sp.Matrix([0, _GRADIENT.subs(_ONE)])
RIGHT_ANGLE = Sentence(
    name="the ReLU at the right angle",
    left=sp.expand((_RELU.T * SIGMA * _SLOPE)[0, 0]),
    relation=Relation.EQUAL,
    right=(t - q) / (4 * sp.pi * sp.sqrt(2 * sp.pi)),
    words="m = 1, v = v* = 1, θ = π/2, ‖w̃‖ = 1: ⟨E g_relu, ∂f/∂w⟩ = (t − q)/(4π√(2π)), negative iff q > t",
    variables=(*free(r, q), Variable(t, sp.S.Zero)),
)
EXAMPLE_ROOT = sp.Matrix([[2, 1], [1, 1]])
EXAMPLE_SIGMA = EXAMPLE_ROOT**2
EXAMPLE_W, EXAMPLE_W_STAR = EXAMPLE_ROOT.inv() * sp.Matrix([1, 0]), EXAMPLE_ROOT.inv() * sp.Matrix([0, 1])
EXAMPLE = Sentence(
    name="an example in integers",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=((EXAMPLE_ROOT * _RELU).T * (EXAMPLE_ROOT * _SLOPE))[0, 0],
    words="Σ = [[5, 3], [3, 2]] = [[2, 1], [1, 1]]², w = (1, −1), w* = (−1, 2), v = v* = 1: w̃ = e₁, w̃* = e₂ and "
    "⟨E g_relu, ∂f/∂w⟩ = −1/(4π√(2π)) = −0.0317",
)
EXAMPLE_VALUE = Sentence(
    name="its value",
    left=EXAMPLE.right,
    relation=Relation.EQUAL,
    right=-1 / (4 * sp.pi * sp.sqrt(2 * sp.pi)),
    words="⟨E g_relu, ∂f/∂w⟩ = −1/(4π√(2π))",
)
SPREAD = Sentence(
    name="how oblique a covariance is",
    left=(most - least) / 2,
    relation=Relation.AT_LEAST,
    right=(most - least) * sp.sin(turn) * sp.cos(turn),
    words="if λ ≤ Λ are the eigenvalues on the plane, |q| = (Λ − λ)|sinω cosω| ≤ (Λ − λ)/2 and t ≥ λ",
    variables=(Variable(least, sp.S.Zero), Variable(most, least), Variable(turn, -sp.pi, sp.pi)),
)
SAFE = Sentence(
    name="near isotropy",
    left=overlap**2 * tangential * t,
    relation=Relation.AT_LEAST,
    right=size * overlap * q,
    words="with a = |A|, d = |D|, b = b⊥ ≥ 0: if (Λ − λ)|A| ≤ 2λ|D|b⊥ the correlation, (d²bt ∓ adq)/(2πρ), is not "
    "negative",
    variables=(
        Variable(least, sp.S.Zero),
        Variable(most, least),
        Variable(size, sp.S.Zero),
        Variable(overlap, sp.S.Zero),
        Variable(tangential, sp.S.Zero),
        Variable(t, least, most),
        Variable(q, -(most - least) / 2, (most - least) / 2),
    ),
    hypotheses=(Hypothesis(2 * least * overlap * tangential - (most - least) * size),),
)
WHITE = Sentence(
    name="whitened input",
    left=WHOLE.right.subs({t: 1, q: 0}, simultaneous=True),
    relation=Relation.EQUAL,
    right=_ISOTROPIC,
    words="input Σ^{−1/2}z: q = 0, t = 1, the correlation is D² sinθ M/((2π)^{3/2}ρ) again, not negative for M ≥ 0",
    variables=free(radial, response),
)
PRECONDITIONED = Sentence(
    name="a preconditioned step",
    left=((ROOT * X).T * (ROOT * ROOT).adjugate() * (ROOT * Y))[0, 0],
    relation=Relation.EQUAL,
    right=(ROOT * ROOT).det() * (x1 * y1 + x2 * y2),
    words="⟨Σ⁻¹E g_μ, ∂f/∂w⟩ = ⟨E g̃_μ, ∂f̃/∂w̃⟩ (both sides times det Σ): the step −Σ⁻¹E g_μ in w has the sign of "
    "whitened input",
    variables=free(x1, x2, y1, y2, p1, p2, p3),
)
SENTENCES = (
    FORM,
    WHOLE,
    ADVERSE,
    DEFINITE,
    RIGHT_ANGLE,
    EXAMPLE,
    EXAMPLE_VALUE,
    SPREAD,
    SAFE,
    WHITE,
    PRECONDITIONED,
)


def proof() -> Proof:
    """Bilinear forms on the plane of w̃ and w̃*."""
    spread = Decomposition(
        ((Sign(sp.S.Half), InRange(most), Square(sp.sin(turn) - sp.cos(turn))),), "(sinω − cosω)² = 1 − 2sinω cosω"
    )
    safe = Decomposition(
        (
            (Sign(overlap**2 * tangential), InRange(t)),
            (Sign(overlap / 2), Assumed(0)),
            (Sign(size * overlap), InRange(q, upper=True)),
        ),
        "t ≥ λ, |q| ≤ (Λ − λ)/2 and the hypothesis; q → −q for the other sign of AD",
    )
    exact = Identity("bilinear forms multiplied out")
    return Proof(
        justifications={sentence.name: exact for sentence in SENTENCES}
        | {
            EXAMPLE.name: Decomposition(((Sign(-EXAMPLE.right),),), "the value is −1/(4π√(2π))"),
            SPREAD.name: spread,
            SAFE.name: safe,
        },
        conclusion="On the complement of the plane both gradients vanish, so only Σ on the plane matters; its "
        "eigenvalues there lie between the least and the largest of Σ.",
    )


CLAIM = Claim(
    id="general.non-isotropic",
    title="Input with a covariance: the coarse gradient can point uphill, whitening restores the sign",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For z ~ N(0, Σ) let w̃ = Σ^{1/2}w, w̃* = Σ^{1/2}w*, q = ŵᵀΣû, t = ûᵀΣû in their plane. Then "
        "⟨E g_μ, ∂f/∂w⟩ = t·D² sinθ M/((2π)^{3/2}ρ) − q·A·D/(2πρ). For every surrogate and every network "
        "with A ≠ 0, D ≠ 0, 0 < θ < π there is a positive definite Σ for which it is negative; for the ReLU, m = 1, "
        "v = v* = 1, Σ = [[5, 3], [3, 2]], w = (1, −1), w* = (−1, 2) it is −1/(4π√(2π)). It is not negative if M ≥ 0 "
        "and the eigenvalues of Σ, λ ≤ Λ, satisfy (Λ − λ)|A| ≤ 2λ|D|b⊥; nor for whitened input, nor along Σ⁻¹E g_μ.",
        letters=(("w̃, w̃*", "Σ^{1/2}w and Σ^{1/2}w*: ρ, θ, ŵ, û and A are theirs here, and the rows of Z are N(0, Σ)"),),
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, rows iid N(0, Σ) with Σ positive definite, ‖Σ^{1/2}w*‖ = 1, w ≠ 0, 0 < θ < π between "
        "Σ^{1/2}w and Σ^{1/2}w*.",
        degenerate="A = 0 or D = 0: the sign is that of D² sinθ M for every Σ. q = 0: so it is too.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "the sign of the correlation needs isotropic input"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu()), Problem(binary(), clipped_relu())),
    proof=proof,
    planted=(
        resentenced("R for Σ", FORM, right=(X.T * ROOT * Y)[0, 0], caught_by=WitnessKind.PROOF),
        resentenced("the radial part is forgotten", WHOLE, right=t * _ISOTROPIC, caught_by=WitnessKind.PROOF),
        resentenced("r for t", WHOLE, right=WHOLE.right.subs(t, r), caught_by=WitnessKind.PROOF),
        resentenced("an adverse covariance helps", ADVERSE, right=-ADVERSE.right, caught_by=WitnessKind.PROOF),
        resentenced("a singular covariance", DEFINITE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("the sign of q", RIGHT_ANGLE, right=RIGHT_ANGLE.right.subs(q, -q), caught_by=WitnessKind.PROOF),
        resentenced("twice the value", EXAMPLE_VALUE, right=2 * EXAMPLE_VALUE.right, caught_by=WitnessKind.PROOF),
        resentenced("half the obliqueness", SPREAD, left=SPREAD.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("safe for every covariance", SAFE, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced("whitening leaves half of it", WHITE, right=_ISOTROPIC / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "preconditioning with R",
            PRECONDITIONED,
            right=ROOT.det() * (x1 * y1 + x2 * y2),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    proof_uses=(
        "general.binary-gradients",
        "general.correlation",
        "yin2019.relu",
    ),
)
