"""‖w‖ is lost in finite time even under ReLU: from every start with a large v, and in an example.

Flow of the expected ReLU dynamics: dv/dt = −p, dρ/dt = −A, dθ/dt = −D sinθ/(2√(2π)ρ), so V = ‖v‖² and ρ = ‖w‖ obey

    dV/dt = −2vᵀp,    d/dt(√(2π)ρ − V) = −½Dψ,    ψ = 1 − 2θ/π − cosθ
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Decomposition,
    Evaluation,
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
from ste_theory.derivations.general.descent import ROOT
from ste_theory.derivations.yin2019 import convergence_bounded as bounded
from ste_theory.derivations.yin2019 import norm_lost_example as example
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.derivations.yin2019 import relu_trajectory as trajectory
from ste_theory.derivations.yin2019.bound import PSI, V_P
from ste_theory.derivations.yin2019.landscape import LOSS
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

RADIAL = relu_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)
LOG_2 = sp.log(2)
TEACHER = V_star + S_star**2

FLOW = Sentence(
    name="norms along the flow",
    left=-ROOT * RADIAL + 2 * V_P,
    relation=Relation.EQUAL,
    right=-D * PSI / 2,
    words="d/dt(√(2π)‖w‖ − ‖v‖²) = −½Dψ, ψ = 1 − 2θ/π − cosθ: what ‖v‖² loses, √(2π)‖w‖ loses too, up to ψ",
)
PSI_UP = Sentence(name="ψ from above", left=example.MOST, relation=Relation.ABOVE, right=PSI, words="ψ < 17/80")
PSI_DOWN = Sentence(name="ψ from below", left=example.MOST, relation=Relation.ABOVE, right=-PSI, words="−ψ < 17/80")
DECAY = Sentence(
    name="v forgets its start",
    left=2 * V_P,
    relation=Relation.AT_LEAST,
    right=(V - TEACHER) / 4,
    words="dV/dt = −2vᵀp ≤ −¼(V − T²) with T² = ‖v*‖² + (1ᵀv*)²: V ≤ T² + (V⁰ − T²)e^{−t/4}, whatever θ does",
)
PRODUCT_UP = Sentence(
    name="the overlap from above",
    left=V + V_star,
    relation=Relation.AT_LEAST,
    right=2 * D,
    words="2vᵀv* ≤ ‖v‖² + ‖v*‖²",
)
PRODUCT_DOWN = Sentence(
    name="the overlap from below",
    left=V + V_star,
    relation=Relation.AT_LEAST,
    right=-2 * D,
    words="−2vᵀv* ≤ ‖v‖² + ‖v*‖²",
)
start = sp.Symbol("x", positive=True)
LOST = Sentence(
    name="a large v takes w to 0",
    left=(start - TEACHER) / 2,
    relation=Relation.ABOVE,
    right=ROOT * rho + example.MOST / 2 * (start - TEACHER + 2 * LOG_2 * (TEACHER + V_star)),
    words="for V⁰ ≥ 7‖w⁰‖ + 2T²: at t = 4 log 2, V has lost at least (V⁰ − T²)/2, which exceeds √(2π)‖w⁰‖ plus "
    "(17/160)∫|D| dt ≤ (17/160)((V⁰ − T²) + (T² + ‖v*‖²)·2 log 2): ‖w‖ has reached 0 before",
    variables=(Variable(start, 7 * rho + 2 * TEACHER),),
)

JUMP = Sentence(
    name="the jump",
    left=LOSS.subs(theta, sp.pi - theta) - LOSS,
    relation=Relation.EQUAL,
    right=D * (sp.pi - 2 * theta) / (2 * sp.pi),
    words="when w passes 0 and comes out behind it, θ becomes π − θ and the loss jumps by D(π − 2θ)/2π: up where "
    "D > 0 and θ < π/2",
)
STEPS = Sentence(
    name="the algorithm passes 0",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=trajectory.TURN,
    words="step size η = 1/20, v⁰ = (3, ½), w⁰ = 2(cos 1, sin 1): ⟨wᵗ⁺¹, wᵗ⟩ < 0 for t = 26: w passes 0 in step 27",
    drawable=False,
)
LETTERS = (
    ("I_26", "⟨wᵗ⁺¹, wᵗ⟩ at t = 26 of the trajectory of yin2019.convergence-norm-lost"),
    ("J_26", "f(vᵗ⁺¹, wᵗ⁺¹) − f(vᵗ, wᵗ) there"),
)
RISE = Sentence(
    name="and its loss rises",
    left=trajectory.RISE,
    relation=Relation.ABOVE,
    right=sp.S.One,
    words="by more than 1 in that step",
    drawable=False,
)
SENTENCES = (
    *(FLOW, PSI_UP, PSI_DOWN, DECAY, PRODUCT_UP, PRODUCT_DOWN, LOST),
    *example.SENTENCES,
    *(JUMP, STEPS, RISE),
)


def proof() -> Proof:
    """‖v‖² forgets its start at the rate ¼; what it loses is taken from ‖w‖."""
    part, quarter = sp.Rational(63, 160), Sign(sp.Rational(1, 4))
    lost = Decomposition(
        (
            (Sign(part), InRange(start)),
            (Sign((7 * part - ROOT) * rho),),
            (Sign((part - 2 * example.MOST * LOG_2) * V_star),),
            (Sign(part - example.MOST * LOG_2), Square(S_star)),
        ),
        "½ − 17/160 = 63/160, 7·63/160 > √(2π)",
    )
    products = {
        one.name: Decomposition(((RowSquares(v[row] - sign * v_star[row]),),), "‖v ∓ v*‖² ≥ 0")
        for one, sign in ((PRODUCT_UP, 1), (PRODUCT_DOWN, -1))
    }
    decay = Decomposition(
        (
            (quarter, Known(bounded.ELLIPSOID.name)),
            (quarter, RowSquares(bounded.OFFSET)),
            (quarter, Square(row_sum(bounded.OFFSET))),
            (quarter, Square(S)),
        ),
        "8vᵀp = V + S² − T² + 8f, and f ≥ 0",
    )
    return Proof(
        lemmas=(bounded.ELLIPSOID,),
        justifications={
            bounded.ELLIPSOID.name: bounded.ELLIPSOID_HOLDS,
            FLOW.name: Identity("dρ/dt = −A, dV/dt = −2vᵀp"),
            PSI_UP.name: Search("one variable"),
            PSI_DOWN.name: Search("one variable"),
            DECAY.name: decay,
            LOST.name: lost,
            **products,
            **example.JUSTIFICATIONS,
            JUMP.name: Identity("f is linear in θ"),
            STEPS.name: Evaluation("26 steps in balls of 200 bits"),
            RISE.name: Evaluation("both losses on the same trajectory"),
        },
        conclusion="Were ρ > 0 until t = 4 log 2, then √(2π)ρ ≤ √(2π)ρ⁰ − (V⁰ − V) + (17/160)∫|D| dt < 0 there: so ρ "
        "reaches 0 before. ∫|D| dt ≤ ½∫(V + ‖v*‖²) dt and the bound of V give the general case. In the example the "
        "curves bound a region that the flow does not leave (comparison of first-order equations, one after the "
        "other), as long as θ ≤ 1, which D > 0 preserves; there |ψ| < 17/80.",
    )


CLAIM = Claim(
    id="yin2019.convergence-norm-lost",
    title="‖w‖ reaches 0 in finite time even under ReLU",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="Along the flow of the expected ReLU dynamics d/dt(‖w‖ − ‖v‖²/√(2π)) = −Dψ/(2√(2π)). Every start with "
        "‖v⁰‖² ≥ 7‖w⁰‖ + 2(‖v*‖² + (1ᵀv*)²) reaches w = 0 before t = 4 log 2, and so does v⁰ = (3, ½) against "
        "v* = (1, ½) for ‖w⁰‖ ≤ 2, θ⁰ ≤ 1. The algorithm with η = 1/20 passes 0 there (‖w⁰‖ = 2, θ⁰ = 1) in step 27, "
        "and its loss rises by more than 1. So ‖wᵗ‖ ≥ c_w is a restriction even for ReLU.",
        sentences=SENTENCES,
        letters=LETTERS,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{x > 0}, ‖w*‖ = 1, v* ≠ 0, w⁰ ≠ 0, 0 ≤ θ⁰ ≤ π (example: θ⁰ ≤ 1).",
        degenerate="θ⁰ ∈ {0, π}: the angle stays, ψ = 0 and √(2π)‖w‖ − ‖v‖² is conserved. At w = 0 the flow ends: "
        "E g_relu has no limit there.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    planted=(
        resentenced("ψ without the cosine", FLOW, right=-D * (PSI + sp.cos(theta)) / 2, caught_by=WitnessKind.PROOF),
        resentenced("a smaller ψ", PSI_DOWN, left=sp.Rational(1, 5), caught_by=WitnessKind.PROOF),
        resentenced("twice as fast", DECAY, right=(V - TEACHER) / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "from a smaller v", LOST, variables=(Variable(start, 6 * rho + TEACHER),), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "1ᵀv* once", example.RATES[0], right=example.RATES[0].right - S_star / 4, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "for every angle up to π/2",
            example.ABOVE_S,
            variables=(example.TIME, Variable(example.kappa, sp.S.Zero, sp.S.One)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "D by its lower curve",
            example.BELOW_D,
            left=example.derivative(example.D_LOW),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "for ‖w⁰‖ ≤ 9/4",
            example.EXAMPLE,
            variables=(Variable(example.length, sp.S.Zero, sp.Rational(9, 4)),),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the jump doubled", JUMP, right=2 * JUMP.right, caught_by=WitnessKind.PROOF),
        resentenced("a step earlier", STEPS, right=trajectory.EARLIER, caught_by=WitnessKind.PROOF),
        resentenced("by more than 2", RISE, right=sp.Integer(2), caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "yin2019.loss", "yin2019.convergence-bounded"),
)
