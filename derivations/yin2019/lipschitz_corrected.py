"""Where the population gradient is Lipschitz: away from the kinks, sinθ ≥ s₀, with an explicit constant.

L = (m+1)/4 + ‖v*‖/(4c_w) + ‖v*‖/(2πc_w) + C_v‖v*‖(1 + 1/s₀)/(2πc_w²)
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Identity,
    InRange,
    Proof,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019 import gradient
from ste_theory.derivations.yin2019.landscape import ALONG_V
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, m, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

alpha = sp.Symbol("alpha", real=True)
c_w, s_0 = sp.Symbol("c_w", positive=True), sp.Symbol("s_0", positive=True)
C_v, N = sp.Symbol("C_v", nonnegative=True), sp.Symbol("N", nonnegative=True)
r, q = sp.Symbol("r_1", positive=True), sp.Symbol("r_2", positive=True)
g, z = sp.Symbol("g", real=True), sp.Symbol("z", real=True)
t, d = sp.Symbol("t", real=True), sp.Symbol("d", real=True)
A, B = sp.Symbol("delta_v", nonnegative=True), sp.Symbol("delta_w", nonnegative=True)
P, G, Q, U = (sp.Symbol(name, nonnegative=True) for name in ("p", "g_w", "delta", "u"))
ANGLE = sp.Symbol("delta_theta", nonnegative=True)
ONE = sp.S.One
LENGTHS = (Variable(c_w, sp.S.Zero), Variable(r, c_w), Variable(q, c_w))
POSITIVE = Hypothesis(c_w, strict=True)

SOME = Hypothesis(s_0, strict=True)
APART = (Hypothesis(sp.sin(t + d) - s_0), Hypothesis(sp.sin(t - d) - s_0))

IN_V = Sentence(
    name="the gradient in v",
    left=row_sum((4 * ALONG_V - (v[row] + S) + (1 - 2 * theta / sp.pi) * v_star[row] + S_star) ** 2),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="∂f/∂v = ¼(I + 11ᵀ)v − ¼((1 − 2θ/π)I + 11ᵀ)v*: linear in v, and linear in θ with the slope v*/2π",
)
IN_W = Sentence(
    name="the gradient in w",
    left=2 * sp.pi * rho * gradient.STATEMENT.formula(Quantity.GRADIENT_TANGENTIAL),
    relation=Relation.EQUAL,
    right=-D,
    words="∂f/∂w = −D û/(2π‖w‖): a product of D (slope ‖v*‖ in v) and û/‖w‖",
)
ROWS = Sentence(
    name="the matrix I + 11ᵀ",
    left=(m + 1) ** 2 * V,
    relation=Relation.AT_LEAST,
    right=row_sum((v[row] + S) ** 2),
    words="‖(I + 11ᵀ)x‖ ≤ (m+1)‖x‖, written for x = v",
)
DIRECTION = Sentence(
    name="directions",
    left=r**2 + q**2 - 2 * r * q * g,
    relation=Relation.AT_LEAST,
    right=c_w**2 * (2 - 2 * g),
    words="‖w − w̃‖ ≥ c_w‖ŵ − w̃/‖w̃‖‖, with ‖w‖ = r₁, ‖w̃‖ = r₂ ≥ c_w and the cosine g of their angle",
    variables=(*LENGTHS, Variable(g, -ONE, ONE)),
    hypotheses=(POSITIVE,),
)
INVERSE = Sentence(
    name="inverse norms",
    left=(r**2 + q**2 - 2 * r * q * g) * r**2 * q**2,
    relation=Relation.AT_LEAST,
    right=c_w**4 * (r - q) ** 2,
    words="‖w − w̃‖ ≥ c_w²|1/‖w‖ − 1/‖w̃‖|",
    variables=(*LENGTHS, Variable(g, -ONE, ONE)),
    hypotheses=(POSITIVE,),
)
ARC = Sentence(
    name="chord and arc",
    left=sp.sin(alpha / 2),
    relation=Relation.AT_LEAST,
    right=alpha / sp.pi,
    words="an arc α ≤ π is at most π/2 times its chord 2 sin(α/2)",
    variables=(Variable(alpha, sp.S.Zero, sp.pi),),
)
TRIANGLE = Sentence(
    name="angles with w*",
    left=sp.cos(2 * d),
    relation=Relation.AT_LEAST,
    right=sp.cos(t + d) * sp.cos(t - d) + sp.sin(t + d) * sp.sin(t - d) * z,
    words="θ = t + d, θ̃ = t − d: the cosine of angle(w, w̃) is cosθcosθ̃ + sinθsinθ̃·z, |z| ≤ 1, at most cos(θ − θ̃): "
    "|θ − θ̃| ≤ angle(w, w̃)",
    variables=(Variable(t, sp.S.Zero, sp.pi), Variable(d, -sp.pi / 2, sp.pi / 2), Variable(z, -ONE, ONE)),
    hypotheses=(Hypothesis(sp.sin(t + d)), Hypothesis(sp.sin(t - d))),
)
TANGENT = Sentence(
    name="tangent directions",
    left=1 - sp.cos(t + d) * sp.cos(t - d) - sp.sin(t + d) * sp.sin(t - d) * z,
    relation=Relation.AT_LEAST,
    right=s_0**2 * (1 - sp.sin(t + d) * sp.sin(t - d) - sp.cos(t + d) * sp.cos(t - d) * z),
    words="‖û − ũ‖ ≤ ‖ŵ − w̃/‖w̃‖‖/s₀ where sinθ, sinθ̃ ≥ s₀ (θ = t + d, θ̃ = t − d); half the squares of both sides",
    variables=(
        Variable(s_0, sp.S.Zero, ONE),
        Variable(t, sp.S.Zero, sp.pi),
        Variable(d, -sp.pi / 2, sp.pi / 2),
        Variable(z, -ONE, ONE),
    ),
    hypotheses=(*APART, Hypothesis(sp.sin(t) - s_0), SOME),
)
MIDDLE = Sentence(
    name="the angle between",
    left=sp.sin(t),
    relation=Relation.AT_LEAST,
    right=s_0,
    words="if sinθ, sinθ̃ ≥ s₀ the angle t = (θ + θ̃)/2 has sin t ≥ s₀",
    variables=TANGENT.variables[:3],
    hypotheses=(*APART, Hypothesis(sp.sin(t)), SOME),
)

# What the lemmas give for the parts of the gradient; n = ‖v*‖, δ² = δ_v² + δ_w².
CONSTANT = (m + 1) / 4 + N / (4 * c_w) + N / (2 * sp.pi * c_w) + C_v * N * (1 + 1 / s_0) / (2 * sp.pi * c_w**2)
BOUND = Sentence(
    name="the Lipschitz bound",
    left=CONSTANT * Q,
    relation=Relation.AT_LEAST,
    right=P + G,
    words="L·δ ≥ p + g_w ≥ ‖∇f − ∇̃f‖, where δ ≥ δ_v = ‖v − ṽ‖ and δ ≥ δ_w = ‖w − w̃‖; p and g_w bound the parts in v "
    "and in w: p ≤ (m+1)δ_v/4 + ‖v*‖|θ − θ̃|/2π, g_w ≤ ‖v*‖δ_v/(2πc_w) + C_v‖v*‖u/2π, u = ‖û/‖w‖ − ũ/‖w̃‖‖, N = ‖v*‖",
    variables=(
        Variable(c_w, sp.S.Zero),
        Variable(s_0, sp.S.Zero, ONE),
        Variable(C_v, sp.S.Zero),
        Variable(N, sp.S.Zero),
        Variable(A, sp.S.Zero),
        Variable(B, sp.S.Zero),
        Variable(Q, sp.Max(A, B)),
        Variable(ANGLE, sp.S.Zero, sp.pi / (2 * c_w) * B),
        Variable(U, sp.S.Zero, (1 + 1 / s_0) / c_w**2 * B),
        Variable(P, sp.S.Zero, (m + 1) / 4 * A + N * ANGLE / (2 * sp.pi)),
        Variable(G, sp.S.Zero, N * A / (2 * sp.pi * c_w) + C_v * N * U / (2 * sp.pi)),
    ),
    hypotheses=(POSITIVE, SOME),
)
SENTENCES = (IN_V, IN_W, ROWS, DIRECTION, INVERSE, ARC, TRIANGLE, MIDDLE, TANGENT, BOUND)


def proof() -> Proof:
    """∂f/∂v is linear in v and θ; ∂f/∂w = −D û/(2π‖w‖) is a product of three Lipschitz factors."""
    half = Sign(sp.Rational(1, 2))
    beyond = (InRange(r), InRange(q))
    rows = Decomposition(((Sign(m + 2), CauchySchwarz(v[row], ONE)),), "m‖x‖² ≥ (1ᵀx)²")
    apart = InRange(g, upper=True)
    direction = Decomposition(
        (
            (Square(r - q),),
            (Sign(sp.Integer(2)), apart, *beyond),
            (Sign(2 * c_w), apart, InRange(r)),
            (Sign(2 * c_w), apart, InRange(q)),
        ),
        "r₁r₂ ≥ c_w²",
    )
    inverse = Decomposition(
        (
            (Sign(2 * r**3 * q**3), apart),
            (Square(r - q), InRange(r), Sign(r + c_w), Sign(q**2)),
            (Square(r - q), Sign(c_w**2), InRange(q), Sign(q + c_w)),
        ),
        "(r₁ − r₂)² ≤ ‖w − w̃‖² and r₁r₂ ≥ c_w²",
    )
    triangle = Decomposition(((Assumed(0), Assumed(1), InRange(z, upper=True)),), "sinθ sinθ̃(1 − z)")
    middle = Decomposition(
        ((half, Assumed(0)), (half, Assumed(1)), (Assumed(2), Sign(1 - sp.cos(d)))),
        "sinθ + sinθ̃ = 2 sin t cos d",
    )
    # Both sides are affine in z: the values at z = 1 and z = −1 decide.
    above = (half, InRange(z))
    below = (half, InRange(z, upper=True))
    tangent = Decomposition(
        (
            (*above, InRange(s_0, upper=True), Sign(1 + s_0), Sign(2 * sp.sin(d) ** 2)),
            (*below, Sign(sp.Integer(2)), Assumed(2), Sign(s_0)),
            (*below, Sign(sp.Integer(2)), Assumed(2), Sign(s_0)),
            (*below, Sign(sp.Integer(2)), Assumed(2), Assumed(2)),
            (*below, Sign(2 * s_0**2), Square(sp.sin(t))),
        ),
        "1 − cos2d at z = 1; 2(sin²t − s₀²cos²t) at z = −1, sin t ≥ s₀",
    )
    by_v, by_w = InRange(Q, of=A), InRange(Q, of=B)
    bound = Decomposition(
        (
            (InRange(P, upper=True),),
            (InRange(G, upper=True),),
            (Sign((m + 1) / 4), by_v),
            (Sign(N / (2 * sp.pi * c_w)), by_v),
            (Sign(N / (2 * sp.pi)), InRange(ANGLE, upper=True)),
            (Sign(N / (4 * c_w)), by_w),
            (Sign(C_v * N / (2 * sp.pi)), InRange(U, upper=True)),
            (Sign(C_v * N * (1 + 1 / s_0) / (2 * sp.pi * c_w**2)), by_w),
        ),
        "the parts added up",
    )
    return Proof(
        justifications={
            IN_V.name: Identity("as stated by yin2019.gradient"),
            IN_W.name: Identity("as stated by yin2019.gradient"),
            ROWS.name: rows,
            DIRECTION.name: direction,
            INVERSE.name: inverse,
            ARC.name: Search("one variable, equality at both ends"),
            TRIANGLE.name: triangle,
            MIDDLE.name: middle,
            TANGENT.name: tangent,
            BOUND.name: bound,
        },
        conclusion="|θ − θ̃| ≤ angle(w, w̃) ≤ (π/2)‖ŵ − w̃/‖w̃‖‖ ≤ πδ_w/(2c_w), and u ≤ |1/‖w‖ − 1/‖w̃‖| + ‖û − ũ‖/c_w ≤ "
        "(1 + 1/s₀)δ_w/c_w²; |D − D̃| ≤ ‖v*‖δ_v.",
    )


CLAIM = Claim(
    id="yin2019.lipschitz-corrected",
    title="The population gradient is Lipschitz away from its kinks",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="If ‖w‖, ‖w̃‖ ≥ c_w > 0, ‖v‖, ‖ṽ‖ ≤ C_v and sinθ, sinθ̃ ≥ s₀ > 0, then ‖∇f(v, w) − ∇f(ṽ, w̃)‖ ≤ "
        "L‖(v, w) − (ṽ, w̃)‖ with L = (m+1)/4 + ‖v*‖/(4c_w) + ‖v*‖/(2πc_w) + C_v‖v*‖(1 + 1/s₀)/(2πc_w²).",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, sinθ, sinθ̃ ≥ s₀.",
        degenerate="s₀ → 0: the constant grows like 1/s₀, as it must. Between the points the domain may be left.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects Lemma 3 of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    corrects="yin2019.lipschitz",
    planted=(
        resentenced("m for m + 1", ROWS, left=m**2 * V, caught_by=WitnessKind.PROOF),
        resentenced("c_w to the first power", DIRECTION, right=4 * c_w * (2 - 2 * g), caught_by=WitnessKind.PROOF),
        resentenced("the chord is longer than the arc", ARC, right=alpha / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "without sinθ ≥ s₀",
            TANGENT,
            hypotheses=(Hypothesis(sp.sin(t + d)), Hypothesis(sp.sin(t - d)), Hypothesis(sp.sin(t)), SOME),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("s₀ is forgotten", TANGENT, right=TANGENT.right / s_0**2, caught_by=WitnessKind.PROOF),
        resentenced("without the part in v", BOUND, left=(CONSTANT - (m + 1) / 4) * Q, caught_by=WitnessKind.PROOF),
        resentenced(
            "without 1/s₀",
            BOUND,
            left=(CONSTANT - C_v * N / s_0 / (2 * sp.pi * c_w**2)) * Q,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a tenth of the constant", BOUND, left=CONSTANT * Q / 10, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.gradient",),
)
