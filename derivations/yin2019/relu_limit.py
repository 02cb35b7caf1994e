"""Where both expected gradients vanish, as printed [Lemma 6]: false where the spurious minimum does not exist."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019.bound import NORM, NORM_HOLDS, VANISH
from ste_theory.derivations.yin2019.landscape import MARGIN
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S_star, V_star, m, rho, theta

LISTED = Sentence(
    name="only listed points",
    left=(m + 1) * V_star / 2,
    relation=Relation.ABOVE,
    right=S_star**2,
    words="where E ∂ℓ/∂v = 0, E g_relu = 0 and θ = π, the point is a spurious minimum: these exist only if "
    "(1ᵀv*)² < ½(m+1)‖v*‖², and no saddle has θ = π",
    hypotheses=VANISH,
    drawable=False,
)


def proof() -> Proof:
    """v* = (1, 1), v = (⅓, ⅓), θ = π: both gradients are exactly 0, and there is no spurious minimum for this v*."""
    return Proof(
        lemmas=(NORM,),
        justifications={
            NORM.name: NORM_HOLDS,
            LISTED.name: Counterexample(
                ((theta, sp.pi), (rho, sp.S.One)),
                "vᵀv* = 2/3 > 0, so the loss decreases as θ leaves π: neither a minimum nor a listed saddle",
                weights=((Fraction(1, 3), Fraction(1, 3)), (Fraction(1), Fraction(1))),
            ),
        },
        conclusion="Here v = v_sp, and E g_relu vanishes at (v_sp, θ = π) by general.stationarity too (M₋ = 0).",
    )


CLAIM = Claim(
    id="yin2019.relu-limit",
    title="Where both expected ReLU gradients vanish, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="E ∂ℓ/∂v and E g_relu vanish together only at the saddles, at (v*, θ = 0) and at the spurious local "
        "minima. Stated here for θ = π.",
        sentences=(LISTED,),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0.",
        degenerate="At w = 0 both vanish as well: the output of the student and every pre-activation are 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 6", "numbering and wording of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        resentenced(
            "only where vᵀv* < 0",
            LISTED,
            hypotheses=(*VANISH, Hypothesis(-D, strict=True)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("only for θ ≤ 3", LISTED, hypotheses=(*VANISH, Hypothesis(3 - theta)), caught_by=WitnessKind.PROOF),
        resentenced("for (1ᵀv*)² < 2(m+1)‖v*‖²", LISTED, left=2 * (m + 1) * V_star, caught_by=WitnessKind.PROOF),
        resentenced("Cauchy–Schwarz", LISTED, left=(m + 1) * V_star, caught_by=WitnessKind.PROOF),
        resentenced("for (1ᵀv*)² ≥ 0", LISTED, left=S_star**2 + 1, caught_by=WitnessKind.PROOF),
        resentenced(
            "only for 1ᵀv* = 0", LISTED, hypotheses=(*VANISH, Hypothesis(-(S_star**2))), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "only where the spurious minima exist",
            LISTED,
            hypotheses=(*VANISH, Hypothesis(MARGIN, strict=True)),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "general.stationarity"),
)
