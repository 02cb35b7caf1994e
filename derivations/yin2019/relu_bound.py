"""The bound on the ReLU coarse gradient as printed [Lemma 5, second part]: false, the constant needs ‖w‖."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019.bound import CORRELATION, NORM, NORM_HOLDS, SQUARE
from ste_theory.derivations.yin2019.landscape import SQUARED_ALONG_V
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, V, rho, theta

A = sp.Symbol("A", nonnegative=True)

BOUND = Sentence(
    name="the bound",
    left=A * (SQUARED_ALONG_V + CORRELATION),
    relation=Relation.AT_LEAST,
    right=SQUARE,
    words="A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩) ≥ ‖E g_relu‖² for all w and all ‖v‖ ≤ 1",
    hypotheses=(Hypothesis(1 - V),),
    constants=(Variable(A, sp.S.Zero),),
)


def proof() -> Proof:
    """Where ∂f/∂v = 0 and θ = π/2 the quotient of both sides is √(π/2)‖w‖: no A serves all w."""
    return Proof(
        lemmas=(NORM,),
        justifications={
            NORM.name: NORM_HOLDS,
            BOUND.name: Counterexample(
                ((theta, sp.pi / 2), (rho, A + 1)),
                "there the quotient of both sides is √(π/2)‖w‖ > A",
                weights=((Fraction(1, 2),), (Fraction(1),)),
            ),
        },
        conclusion="No constant that depends on C_v only can serve; here C_v = 1, m = 1.",
    )


CLAIM = Claim(
    id="yin2019.relu-bound",
    title="The ReLU coarse gradient is bounded by descent, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="If ‖v‖ ≤ C_v there is a constant A, which depends on C_v only, with "
        "‖E g_relu‖² ≤ A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩). Stated here for C_v = 1.",
        sentences=(BOUND,),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π, ‖v‖ ≤ C_v.",
        degenerate="As ‖w‖ → ∞ the correlation vanishes like 1/‖w‖ and ‖E g_relu‖ does not depend on ‖w‖.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 5, second part", "numbering and wording of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        resentenced("the correlation does not fade", BOUND, right=SQUARE / (1 + rho), caught_by=WitnessKind.PROOF),
        resentenced("‖w‖ on the left", BOUND, left=BOUND.left * (1 + rho), caught_by=WitnessKind.PROOF),
        resentenced("the square is forgotten", BOUND, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("the right side on the left too", BOUND, left=BOUND.left + SQUARE, caught_by=WitnessKind.PROOF),
        resentenced("only v = 0", BOUND, hypotheses=(Hypothesis(-V),), caught_by=WitnessKind.PROOF),
        resentenced(
            "only ‖w‖ ≤ 1", BOUND, hypotheses=(Hypothesis(1 - V), Hypothesis(1 - rho)), caught_by=WitnessKind.PROOF
        ),
        resentenced("D² on the left", BOUND, left=BOUND.left + D**2, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "yin2019.relu-correlation"),
)
