"""Near the spurious minima the identity's coarse gradient is not bounded by descent [Lemma 8, second part]."""

import sympy as sp

from ste_theory.calculus.row_sums import with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, Identity, InRange, Known, Proof, Search, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019 import identity as identity_claim
from ste_theory.derivations.yin2019 import identity_correlation
from ste_theory.derivations.yin2019.landscape import (
    CRITICAL_KAPPA,
    D_SPURIOUS,
    SPURIOUS,
    SQUARED_ALONG_V,
    optimal,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S_star, V, V_star, m, rho, theta

h = sp.Symbol("h", nonnegative=True)
H = Variable(h, sp.S.Zero, sp.pi)
_FORMULA = identity_claim.STATEMENT.formula
SQUARE = _FORMULA(Quantity.COARSE_RADIAL) ** 2 + _FORMULA(Quantity.COARSE_TANGENTIAL) ** 2
DESCENT = SQUARED_ALONG_V + identity_correlation.STATEMENT.formula(Quantity.CORRELATION)
DRIFT = 2 * (m - 1) * S_star**2 / (m + 1) ** 2
CRITICAL_ANGLE = sp.pi * (1 - CRITICAL_KAPPA) / 2

NUMERATOR = Sentence(
    name="the numerator",
    left=SQUARE,
    relation=Relation.EQUAL,
    right=(V**2 + D**2 - 2 * V * D * sp.cos(theta)) / (2 * sp.pi),
    words="‖E g_id‖² = (‖v‖⁴ + D² − 2‖v‖²D cosθ)/2π, continuous in v and θ, the same for every ‖w‖",
)
THERE = Sentence(
    name="its limit",
    left=with_student(NUMERATOR.right.subs(theta, sp.pi), SPURIOUS),
    relation=Relation.EQUAL,
    right=DRIFT**2 / (2 * sp.pi),
    words="at the spurious minimum it is (2(m−1)(1ᵀv*)²/(m+1)²)²/2π: positive iff m > 1 and 1ᵀv* ≠ 0",
)
DENOMINATOR = Sentence(
    name="the denominator",
    left=with_student(DESCENT.subs(theta, sp.pi - h), SPURIOUS),
    relation=Relation.EQUAL,
    right=h**2 * V_star / (4 * sp.pi**2) + sp.sin(h) * D_SPURIOUS**2 / (sp.sqrt(2 * sp.pi) ** 3 * rho),
    words="along v = v_sp, θ = π − h: ‖∂f/∂v‖² + ⟨E g_id, ∂f/∂w⟩ = h²‖v*‖²/4π² + sin h (v_spᵀv*)²/((√2π)³‖w‖) → 0",
    variables=(H,),
)
NEAR = Sentence(
    name="the denominator near by",
    left=V_star * h / (4 * sp.pi) + D_SPURIOUS**2 / (sp.sqrt(2 * sp.pi) ** 3 * rho) * h,
    relation=Relation.AT_LEAST,
    right=DENOMINATOR.right,
    words="it is at most h(‖v*‖²/4π + (v_spᵀv*)²/((√2π)³‖w‖)): the quotient grows at least like 1/h if ‖w‖ ≥ c_w",
    variables=(H,),
)
SINE = Sentence(
    name="the sine",
    left=h,
    relation=Relation.AT_LEAST,
    right=sp.sin(h),
    words="sin h ≤ h",
    variables=(H,),
)
SADDLE = Sentence(
    name="at the saddles",
    left=with_student(DESCENT, optimal(CRITICAL_KAPPA)).subs(theta, CRITICAL_ANGLE),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="at the saddles the denominator vanishes too, where D = 0 and the numerator is ‖v‖⁴/2π",
    hypotheses=(Hypothesis((m + 1) * V_star - 2 * S_star**2, strict=True),),
)
POSITIVE = Sentence(
    name="the saddle's student is not zero",
    left=with_student(V, optimal(CRITICAL_KAPPA)),
    relation=Relation.EQUAL,
    right=S_star**2 / (m + 1) ** 2 * (m + CRITICAL_KAPPA) * (1 - CRITICAL_KAPPA),
    words="at the saddles ‖v‖² = (1ᵀv*)²(m + ϰ₀)(1 − ϰ₀)/(m+1)², −1 < ϰ₀ ≤ 0: positive iff 1ᵀv* ≠ 0",
)
SENTENCES = (NUMERATOR, THERE, DENOMINATOR, SINE, NEAR, SADDLE, POSITIVE)


def proof() -> Proof:
    """A continuous numerator with a positive limit over a denominator that tends to 0."""
    exact = Identity("sums over rows are those of V, S, D, V*, S*")
    near = Decomposition(
        (
            (Sign(V_star / (4 * sp.pi**2)), Sign(h), InRange(h, upper=True)),
            (Sign(1 / (sp.sqrt(2 * sp.pi) ** 3 * rho)), Square(D_SPURIOUS), Known(SINE.name)),
        ),
        "h ≤ π, sin h ≤ h",
    )
    return Proof(
        justifications={sentence.name: exact for sentence in SENTENCES}
        | {NEAR.name: near, SINE.name: Search("one variable, equality at 0")},
        conclusion="For S* ≠ 0, m > 1 and ‖w‖ ≥ c_w the quotient tends to infinity as (v, θ) → (v_sp, π): both are "
        "continuous there, the numerator tends to a positive number, the denominator to 0. No A as for ReLU exists.",
    )


CLAIM = Claim(
    id="yin2019.identity-blowup",
    title="The identity's coarse gradient is not bounded by descent",
    kind=Kind.LIMIT,
    statement=Statement(
        equations=(),
        words="If 1ᵀv* ≠ 0 and m > 1, then ‖E g_id‖²/(‖∂f/∂v‖² + ⟨E g_id, ∂f/∂w⟩) → ∞ as (v, w) approaches a spurious "
        "minimum with ‖w‖ ≥ c_w > 0; it also does at the saddles.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, n ≥ 2, ‖w‖ ≥ c_w > 0, 0 < θ < π.",
        degenerate="m = 1 or 1ᵀv* = 0: the numerator tends to 0 as well and the quotient need not blow up.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 8, second part", "numbering of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    planted=(
        resentenced("the limit is 0", THERE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("m for m − 1", THERE, right=THERE.right.subs(m - 1, m), caught_by=WitnessKind.PROOF),
        resentenced("the norm, not its square", THERE, right=DRIFT / sp.sqrt(2 * sp.pi), caught_by=WitnessKind.PROOF),
        resentenced(
            "the sign of D",
            NUMERATOR,
            right=NUMERATOR.right + 2 * V * D * sp.cos(theta) / sp.pi,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the denominator stays away from 0",
            DENOMINATOR,
            right=DENOMINATOR.right + V_star,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("of second order", NEAR, left=NEAR.left * h / 10, caught_by=WitnessKind.PROOF),
        resentenced("the sine is larger", SINE, right=sp.sin(h) * sp.Rational(11, 10), caught_by=WitnessKind.PROOF),
        resentenced("a minimum at the saddle", POSITIVE, right=-POSITIVE.right, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.identity", "yin2019.gradient", "yin2019.identity-correlation"),
)
