"""The identity near a spurious minimum: v and the angle settle, the loss falls, and ‖w‖ goes to 0 at a constant rate.

Let x = v − v_sp, h = π − θ, G = 2(m−1)(1ᵀv*)²/(m+1)². From w = −ξ w* + y e, ξ = ρ cos h, y = ρ sin h, a step leads to

    y′ = k y,    ξ′ = k ξ − ηD/√(2π) = ξ − (η/√(2π))(‖v‖² cos h + D),    k = 1 − η‖v‖²/(√(2π)ρ)
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Identity,
    InRange,
    Known,
    Proof,
    RowSquares,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.descent import ETA, ROOT, SLOPE, eta
from ste_theory.derivations.yin2019 import identity as identity_claim
from ste_theory.derivations.yin2019.convergence_norm_lost import JUMP
from ste_theory.derivations.yin2019.landscape import ALONG_V, KAPPA, LOSS, MARGIN, SPURIOUS
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S_star, V, V_star, m, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

OFFSET = v[row] - SPURIOUS
DISTANCE = row_sum(OFFSET**2)
DRIFT = 2 * (m - 1) * S_star**2 / (m + 1) ** 2
# ‖v‖² + D = G + aᵀx + ‖x‖².
SENSITIVITY = 4 * S_star / (m + 1) - v_star[row]
h = sp.Symbol("h", nonnegative=True)
H = Variable(h, sp.S.Zero, sp.pi)
weight = sp.Symbol("lambda", positive=True)
WEIGHT, HEAVY = Variable(weight, sp.S.Zero), Hypothesis(weight, strict=True)
SMALL = Variable(eta, sp.S.Zero, 8 / (m + 2))
RADIAL = identity_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)
TANGENTIAL = identity_claim.STATEMENT.formula(Quantity.COARSE_TANGENTIAL)
_C, _S = sp.cos(theta), sp.sin(theta)
ACROSS = rho * _S - eta * (RADIAL * _S - TANGENTIAL * _C)
BACKWARDS = -(rho * _C - eta * (RADIAL * _C + TANGENTIAL * _S))
SHRUNK = 1 - eta * V / (ROOT * rho)

ORTHOGONAL = Sentence(
    name="the step across w*",
    left=ACROSS,
    relation=Relation.EQUAL,
    right=SHRUNK * rho * _S,
    words="y′ = k y with k = 1 − η‖v‖²/(√(2π)ρ): what is orthogonal to w* shrinks",
    variables=(ETA,),
)
PARALLEL = Sentence(
    name="the step along −w*",
    left=BACKWARDS,
    relation=Relation.EQUAL,
    right=-rho * _C - eta / ROOT * (D - V * _C),
    words="ξ′ = ξ − (η/√(2π))(‖v‖² cos h + D): what is along −w* falls by that much, whatever ‖w‖ is",
    variables=(ETA,),
)
ANGLE = Sentence(
    name="the angle settles",
    left=BACKWARDS * rho * _S + ACROSS * rho * _C,
    relation=Relation.EQUAL,
    right=-eta * D * rho * _S / ROOT,
    words="ξ′y − ξy′ = −ηDy/√(2π): for D ≤ 0 and k ≥ 0 the angle h does not grow",
    variables=(ETA,),
)
SETTLES = Sentence(
    name="v settles",
    left=(1 - eta / 4) * DISTANCE + eta / 4 * (1 + KAPPA) ** 2 * V_star,
    relation=Relation.AT_LEAST,
    right=row_sum((OFFSET - eta * ALONG_V) ** 2),
    words="‖x′‖² ≤ (1 − η/4)‖x‖² + (η/4)(2h/π)²‖v*‖²: ‖x‖² ≤ r² stays true for r² ≥ (2h/π)²‖v*‖²",
    variables=(SMALL,),
    hypotheses=(Hypothesis(1 - eta / 4, strict=True),),
)
COSINE = Sentence(
    name="the cosine",
    left=sp.cos(h),
    relation=Relation.AT_LEAST,
    right=1 - h**2 / 2,
    words="cos h ≥ 1 − h²/2",
    variables=(H,),
)
NEAR = Sentence(
    name="the drift near by",
    left=V * sp.cos(h) + D,
    relation=Relation.AT_LEAST,
    right=DRIFT - row_sum(SENSITIVITY**2) / (2 * weight) - weight * DISTANCE / 2 - V * h**2 / 2,
    words="‖v‖² cos h + D ≥ G − ‖a‖²/2λ − λ‖x‖²/2 − ‖v‖²h²/2 for every λ > 0, a = 4(1ᵀv*)/(m+1)·1 − v*: at least G/4 "
    "for λ = 2‖a‖²/G, ‖x‖² ≤ G²/(4‖a‖²) and ‖v‖²h² ≤ G/2",
    variables=(H, WEIGHT),
    hypotheses=(HEAVY,),
)
OVERLAP = Sentence(
    name="the overlap near by",
    left=-D,
    relation=Relation.AT_LEAST,
    right=MARGIN / (m + 1) - V_star / (2 * weight) - weight * DISTANCE / 2,
    words="−D ≥ R − ‖v*‖²/2λ − λ‖x‖²/2 with R = ‖v*‖² − 2(1ᵀv*)²/(m+1) > 0 at a spurious minimum: D ≤ 0 for "
    "λ = ‖v*‖²/R, ‖x‖² ≤ R²/‖v*‖²",
    variables=(WEIGHT,),
    hypotheses=(HEAVY,),
)
FALLS = Sentence(
    name="the loss does not rise with v",
    left=LOSS,
    relation=Relation.AT_LEAST,
    right=with_student(LOSS, v[row] - eta * ALONG_V),
    words="f(v − ηp, w) ≤ f(v, w) for η ≤ 8/(m+2); nor does it rise as θ grows where D ≤ 0",
    variables=(SMALL,),
)
THERE = Sentence(
    name="the drift there",
    left=with_student(RADIAL.subs(theta, sp.pi), SPURIOUS),
    relation=Relation.EQUAL,
    right=DRIFT / ROOT,
    words="at θ = π, v = v_sp a step shortens w by ηG/√(2π), for every ‖w‖, and changes nothing else: a straight line",
)
SENTENCES = (ORTHOGONAL, PARALLEL, ANGLE, SETTLES, COSINE, NEAR, OVERLAP, FALLS, SLOPE, THERE, JUMP)


def proof() -> Proof:
    """A neighbourhood that v and the angle do not leave, in which the drift has a lower bound."""
    components = Identity("E g_id = (‖v‖²ŵ − Dw*)/√(2π)")
    part, step = eta / 4, OFFSET - eta / 4 * (OFFSET + row_sum(OFFSET))
    settles = Decomposition(
        (
            (Sign(part), RowSquares((1 - part) * (1 + KAPPA) * v_star[row] - step)),
            (Sign(part * (m + 2) / 4), InRange(eta, upper=True), Square(row_sum(OFFSET))),
        ),
        "4p = Bx − (2h/π)v*; I − ηB/4 contracts by 1 − η/4",
        multiplier=Assumed(0),
    )
    near = Decomposition(
        (
            (Sign(1 / (2 * weight)), RowSquares(SENSITIVITY + weight * OFFSET)),
            (RowSquares(OFFSET),),
            (Sign(V), Known(COSINE.name)),
        ),
        "‖v‖² + D = G + aᵀx + ‖x‖²",
    )
    overlap = Decomposition(((Sign(1 / (2 * weight)), RowSquares(v_star[row] - weight * OFFSET)),), "D = −R + v*ᵀx")
    falls = Decomposition(
        (
            (Sign(eta * (m + 2) / 8), InRange(eta, upper=True), RowSquares(ALONG_V)),
            (Sign(eta**2 / 8), RowSquares(ALONG_V)),
            (Sign(eta**2 / 8), CauchySchwarz(ALONG_V, sp.S.One)),
        ),
        "η‖p‖² − (η²/8)pᵀBp, pᵀBp ≤ (m+1)‖p‖²",
    )
    return Proof(
        justifications={
            ORTHOGONAL.name: components,
            PARALLEL.name: components,
            ANGLE.name: components,
            SETTLES.name: settles,
            COSINE.name: Search("one variable, contact of fourth order at 0"),
            NEAR.name: near,
            OVERLAP.name: overlap,
            FALLS.name: falls,
            SLOPE.name: Identity("f is linear in θ"),
            THERE.name: Identity("B⁻¹ = I − 11ᵀ/(m+1)"),
            JUMP.name: Identity("f is linear in θ"),
        },
        conclusion="Choose r and then δ > 0 so small that the drift near by is at least G/4 and the overlap near by is "
        "not positive for ‖x‖ ≤ r, h ≤ δ, and (2δ/π)‖v*‖ ≤ r. While k ≥ 0 a step from there leads there again (v and "
        "the angle settle, ξ′ ≥ kξ), the loss does not rise, and ξ falls by at least ηG/(4√(2π)). As ξ ≥ 0 this ends: "
        "after at most 4√(2π)‖w⁰‖/(ηG) steps k < 0, that is ‖w‖ < η‖v‖²/√(2π). At θ = π w is then turned round, and "
        "the loss jumps by ½|D|.",
    )


CLAIM = Claim(
    id="yin2019.convergence-identity",
    title="What the identity loses near a spurious minimum: ‖w‖, hence convergence; not descent",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let m > 1, 0 < (1ᵀv*)² < ½(m+1)‖v*‖², 0 < η ≤ 8/(m+2), G = 2(m−1)(1ᵀv*)²/(m+1)². Every start near "
        "enough to (v_sp, θ = π), at any ‖w⁰‖, keeps v and θ near and its loss from rising until ‖w‖ < η‖v‖²/√(2π), "
        "and it gets there in at most 4√(2π)‖w⁰‖/(ηG) steps. At the minimum itself ‖w‖ falls by ηG/√(2π) a step. So "
        "‖wᵗ‖ ≥ c_w fails, for every c_w once η is small, and the iterates do not converge to the minimum.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, v* ≠ 0, w ≠ 0.",
        degenerate="m = 1 or 1ᵀv* = 0: G = 0, the drift vanishes there. w = 0: no step is defined; a w that passes 0 "
        "comes out behind it.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "what fails for the identity in Theorem 1 of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    planted=(
        resentenced("the student is forgotten", ORTHOGONAL, right=rho * _S, caught_by=WitnessKind.PROOF),
        resentenced(
            "the overlap's sign",
            PARALLEL,
            right=-rho * _C + eta / ROOT * (D + V * _C),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the angle does not move", ANGLE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced(
            "twice as fast",
            SETTLES,
            left=(1 - eta / 2) * DISTANCE + eta / 4 * (1 + KAPPA) ** 2 * V_star,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the angle plays no part", SETTLES, left=(1 - eta / 4) * DISTANCE, caught_by=WitnessKind.PROOF),
        resentenced(
            "a step of any size",
            SETTLES,
            variables=(Variable(eta, sp.S.Zero, sp.Integer(4)),),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a larger cosine", COSINE, right=1 - h**2 / 3, caught_by=WitnessKind.PROOF),
        resentenced("the drift at every student", NEAR, right=DRIFT - V * h**2 / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "the overlap of the minimum everywhere", OVERLAP, right=MARGIN / (m + 1), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "a step twice as large",
            FALLS,
            variables=(Variable(eta, sp.S.Zero, 16 / (m + 2)),),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("no drift", THERE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.identity", "yin2019.gradient", "yin2019.loss", "yin2019.critical-points-corrected"),
)
