"""The slice w = 0 as printed: (v, 0) is never a local minimum. False: it can be one, though never a strict one."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, PlantedError, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Counterexample, Identity, Proof, Search
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019.landscape import KAPPA, LOSS
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, rho, theta

x = sp.Symbol("x", real=True)
AT_ORIGIN = (V_star + S_star**2) / 8
RISE = V + S**2 - 2 * S * S_star - 2 * sp.Abs(D)

NEVER = Sentence(
    name="never a minimum",
    left=sp.S.Zero,
    relation=Relation.AT_LEAST,
    right=RISE,
    words="however near w ≠ 0, some direction of it has a loss that is not larger: ‖v‖² + (1ᵀv)² − 2(1ᵀv)(1ᵀv*) − "
    "2|vᵀv*| ≤ 0, which is eight times the least difference",
    hypotheses=(Hypothesis(V, strict=True),),
)
DIFFERENCE = Sentence(
    name="the difference",
    left=8 * (LOSS - AT_ORIGIN),
    relation=Relation.EQUAL,
    right=V + S**2 - 2 * S * S_star - 2 * KAPPA * D,
    words="8(f(v, w) − f(v, 0)) = ‖v‖² + (1ᵀv)² − 2(1ᵀv)(1ᵀv*) − 2(1 − 2θ/π)vᵀv*",
)
DIFFERENCE_HOLDS = Identity("at w = 0 the student outputs 0, so f = ⅛ v*ᵀ(I + 11ᵀ)v*")
AROUND = Sentence(
    name="around the counterexample",
    left=(LOSS - AT_ORIGIN).subs({V: x**2, S: x, D: x, V_star: 1, S_star: 1}, simultaneous=True),
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="m = 1, v* = 1: f(v, w) > f(v, 0) = ¼ for all 5/2 ≤ v ≤ 7/2 and every w ≠ 0",
    variables=(Variable(x, sp.Rational(5, 2), sp.Rational(7, 2)),),
)


def proof() -> Proof:
    """m = 1, v* = 1, v = 3: the loss is ¼ at w = 0 and larger at every other point near by."""
    return Proof(
        lemmas=(DIFFERENCE, AROUND),
        justifications={
            DIFFERENCE.name: DIFFERENCE_HOLDS,
            AROUND.name: Search("two variables, v and the angle"),
            NEVER.name: Counterexample(
                ((theta, sp.S.One), (rho, sp.S.One)),
                "f(3, 0) = ¼ and every w ≠ 0 gives at least 1",
                weights=((Fraction(3),), (Fraction(1),)),
            ),
        },
    )


def _assuming(name: str, *further: Hypothesis) -> PlantedError:
    hypotheses = (*NEVER.hypotheses, *further)
    return resentenced(name, NEVER, hypotheses=hypotheses, caught_by=WitnessKind.PROOF)


CLAIM = Claim(
    id="yin2019.origin",
    title="The origin is never a local minimum, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(), words="(v, 0) is never a local minimum of the population loss.", sentences=(NEVER,)
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w = 0 against w ≠ 0 near by.",
        degenerate="v = 0: (0, 0) is no local minimum.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "remark after Proposition 1", "wording of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        _assuming("only where the loss does not rise", Hypothesis(-RISE)),
        _assuming("only ‖v‖² + (1ᵀv)² ≤ 2(1ᵀv)(1ᵀv*)", Hypothesis(2 * S * S_star - V - S**2)),
        _assuming("only ‖v‖² + (1ᵀv)² ≤ 2vᵀv*, 1ᵀv·1ᵀv* ≥ 0", Hypothesis(2 * D - V - S**2), Hypothesis(S * S_star)),
        _assuming("only v = v*, or nearly", Hypothesis(-(V - 2 * D + V_star))),
        _assuming("one row, 0 ≤ v ≤ v*", Hypothesis(1 - m), Hypothesis(D - V)),
        resentenced("the student's terms are forgotten", NEVER, right=-2 * sp.Abs(D), caught_by=WitnessKind.PROOF),
        resentenced("squares on the left", NEVER, left=V + 2 * S**2 + S_star**2, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.loss",),
)
