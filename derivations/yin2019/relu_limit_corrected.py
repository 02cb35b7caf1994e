"""Where both expected ReLU gradients vanish: three kinds of points, one of which need not be a minimum."""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import CauchySchwarz, Decomposition, Identity, Proof, Sign
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.bound import NORM, PSI, SQUARE
from ste_theory.derivations.yin2019.landscape import (
    ALONG_V,
    BETA,
    CRITICAL_KAPPA,
    KAPPA,
    SPURIOUS,
    optimal,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S_star, V_star, m, theta, v, v_star
from ste_theory.model.symbols import k as row

OPTIMAL = optimal(KAPPA)
OFFSET = v[row] - OPTIMAL
D_OPTIMAL = KAPPA * BETA + S_star**2 / (m + 1)

STUDENT = Sentence(
    name="the student",
    left=row_sum(ALONG_V * OFFSET),
    relation=Relation.EQUAL,
    right=(row_sum(OFFSET**2) + row_sum(OFFSET) ** 2) / 4,
    words="4pᵀ(v − v_θ) = ‖v − v_θ‖² + (1ᵀ(v − v_θ))²: p = 0 iff v = v_θ := B⁻¹((1 − 2θ/π)I + 11ᵀ)v*",
)
THERE = Sentence(
    name="the norm at that student",
    left=with_student(SQUARE, OPTIMAL),
    relation=Relation.EQUAL,
    right=with_student(D, OPTIMAL) ** 2 * (PSI**2 + sp.sin(theta) ** 2) / (8 * sp.pi),
    words="‖E g_relu‖² = D²(ψ² + sin²θ)/(8π) where p = 0: it vanishes iff D = 0 or θ ∈ {0, π}",
)
OVERLAP = Sentence(
    name="the overlap at that student",
    left=with_student(D, OPTIMAL),
    relation=Relation.EQUAL,
    right=((m + 1) * V_star - S_star**2) / (m + 1) * (KAPPA - CRITICAL_KAPPA),
    words="D = ((m+1)‖v*‖² − (1ᵀv*)²)/(m+1) · (ϰ − ϰ₀), ϰ = 1 − 2θ/π: D = 0 at one ϰ₀, the saddle",
)
FACTOR = Sentence(
    name="the factor is positive",
    left=(m + 1) * V_star - S_star**2,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="(m+1)‖v*‖² > (1ᵀv*)²",
)
AT_ZERO = Sentence(
    name="at θ = 0",
    left=row_sum((OPTIMAL.subs(theta, 0) - v_star[row]) ** 2),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="v_0 = v*: the global minimum",
)
AT_PI = Sentence(
    name="at θ = π",
    left=row_sum((OPTIMAL.subs(theta, sp.pi) - SPURIOUS) ** 2),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="v_π = B⁻¹(11ᵀ − I)v*: a local minimum iff (1ᵀv*)² < ½(m+1)‖v*‖²",
)
SENTENCES = (STUDENT, THERE, OVERLAP, FACTOR, AT_ZERO, AT_PI)


def proof() -> Proof:
    """p = 0 fixes the student; there the norm of the coarse gradient is a product."""
    affine = Identity("all sums over rows are those of V, S, D, V*, S*")
    schwarz = Decomposition(((Sign(V_star),), (CauchySchwarz(v_star[row], sp.S.One),)), "m‖v*‖² ≥ (1ᵀv*)²")
    return Proof(
        lemmas=(NORM,),
        justifications={sentence.name: affine for sentence in (NORM, *SENTENCES) if sentence is not FACTOR}
        | {FACTOR.name: schwarz},
        conclusion="Both gradients vanish iff p = 0 and (D = 0 or θ ∈ {0, π}), as sinθ > 0 between.",
    )


CLAIM = Claim(
    id="yin2019.relu-limit-corrected",
    title="Where both expected ReLU gradients vanish",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For w ≠ 0 and v* ≠ 0, E ∂ℓ/∂v and E g_relu vanish together iff the point is a saddle (v = v_θ, "
        "1 − 2θ/π = −(1ᵀv*)²/((m+1)‖v*‖² − (1ᵀv*)²)), or (v*, θ = 0), or (B⁻¹(11ᵀ − I)v*, θ = π); the last is a "
        "local minimum iff (1ᵀv*)² < ½(m+1)‖v*‖².",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0, v* ≠ 0, 0 ≤ θ ≤ π.",
        degenerate="v* = 0: D = 0 everywhere, both vanish iff v = 0. θ ∈ {0, π}: E g_relu by its formula, which is "
        "continuous there. w = 0: both vanish.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects Lemma 6 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    corrects="yin2019.relu-limit",
    planted=(
        resentenced(
            "ψ is forgotten",
            THERE,
            right=with_student(D, OPTIMAL) ** 2 * sp.sin(theta) ** 2 / (8 * sp.pi),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("4π for 8π", THERE, right=2 * THERE.right, caught_by=WitnessKind.PROOF),
        resentenced("m for m + 1", OVERLAP, right=OVERLAP.right.subs(m, m - 1), caught_by=WitnessKind.PROOF),
        resentenced(
            "the saddle at π/2",
            OVERLAP,
            right=((m + 1) * V_star - S_star**2) / (m + 1) * KAPPA,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("(m−1)‖v*‖²", FACTOR, left=(m - 1) * V_star - S_star**2, caught_by=WitnessKind.PROOF),
        resentenced("the mean is forgotten", STUDENT, right=row_sum(OFFSET**2) / 4, caught_by=WitnessKind.PROOF),
        resentenced(
            "v_0 = −v*", AT_ZERO, left=row_sum((OPTIMAL.subs(theta, 0) + v_star[row]) ** 2), caught_by=WitnessKind.PROOF
        ),
        resentenced("v_π = v*", AT_PI, left=row_sum((SPURIOUS - v_star[row]) ** 2), caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "yin2019.critical-points-corrected"),
)
