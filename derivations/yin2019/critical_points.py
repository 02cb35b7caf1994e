"""The critical points as printed [Proposition 1]: imprecise at the edges of its condition."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from ste_theory.calculus.row_sums import with_student
from ste_theory.claims.claim import Claim, Domain, PlantedError, Source, Statement
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019.landscape import LOSS, MARGIN, SPURIOUS, SQUARED_ALONG_V
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, V_star, rho, theta

CONDITION = Hypothesis(MARGIN, strict=True)
CRITICAL = (Hypothesis(-SQUARED_ALONG_V), Hypothesis(-(D**2)), Hypothesis(-MARGIN))

SPURIOUS_MINIMUM = Sentence(
    name="a spurious minimum",
    left=with_student(LOSS, SPURIOUS).subs(theta, sp.pi),
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="if (1ᵀv*)² < ½(m+1)‖v*‖², the minimum at θ = π, v = B⁻¹(11ᵀ − I)v* is spurious: its loss is not the least",
    hypotheses=(CONDITION,),
)
OTHERWISE = Sentence(
    name="otherwise neither",
    left=sp.pi,
    relation=Relation.ABOVE,
    right=theta,
    words="if (1ᵀv*)² ≥ ½(m+1)‖v*‖², no point at θ = π has ∂f/∂v = 0 and vᵀv* = 0, that is a gradient in w, zero",
    hypotheses=CRITICAL,
    drawable=False,
)


def proof() -> Proof:
    """1ᵀv* = 0 makes the point at θ = π a global minimum; at equality it is a saddle that the list lacks."""
    one, two = Fraction(1), Fraction(2)
    return Proof(
        justifications={
            SPURIOUS_MINIMUM.name: Counterexample(
                ((theta, sp.pi), (rho, sp.S.One)),
                "1ᵀv* = 0: y = y* for every input, the loss there is 0",
                weights=((-one, one), (one, -one)),
            ),
            OTHERWISE.name: Counterexample(
                ((theta, sp.pi), (rho, sp.S.One)),
                "equality (1ᵀv*)² = ½(m+1)‖v*‖²: the gradient exists and vanishes, and the point is a saddle",
                weights=((two, two, -one), (one, one, Fraction(4))),
            ),
        },
        conclusion="It also fails for n = 1, see yin2019.critical-points-corrected.",
    )


def _repaired(name: str, one: dict[str, Any], two: dict[str, Any]) -> PlantedError:
    """Both sentences changed so that neither is refuted any more."""

    def mutate(statement: Statement) -> Statement:
        first = statement.rewording(SPURIOUS_MINIMUM.name, lambda found: replace(found, **one))
        return first.rewording(OTHERWISE.name, lambda found: replace(found, **two))

    return PlantedError(name, mutate, WitnessKind.PROOF)


def _assuming(name: str, one: Hypothesis, two: Hypothesis) -> PlantedError:
    return _repaired(name, {"hypotheses": (CONDITION, one)}, {"hypotheses": (*CRITICAL, two)})


NOT_BALANCED = Hypothesis(S_star**2, strict=True)
NOT_EQUAL = Hypothesis(-MARGIN, strict=True)


CLAIM = Claim(
    id="yin2019.critical-points",
    title="The critical points, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="If (1ᵀv*)² < ½(m+1)‖v*‖² there are saddles, and spurious local minima at θ = π, "
        "v = B⁻¹(11ᵀ − I)v*; otherwise neither exists.",
        sentences=(SPURIOUS_MINIMUM, OTHERWISE),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0.",
        degenerate="1ᵀv* = 0 and equality in the condition (always for m = 1) are where it fails.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Proposition 1", "numbering and wording of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        _assuming("1ᵀv* ≠ 0, no equality", NOT_BALANCED, NOT_EQUAL),
        _assuming("1ᵀv* ≥ 1, θ ≤ 3", Hypothesis(S_star - 1), Hypothesis(3 - theta)),
        _assuming("(1ᵀv*)² ≥ ‖v*‖², beyond equality by 1", Hypothesis(S_star**2 - V_star), Hypothesis(-MARGIN - 1)),
        _repaired("not negative, at most π", {"relation": Relation.AT_LEAST}, {"relation": Relation.AT_LEAST}),
        _repaired("with the teacher's norm", {"left": SPURIOUS_MINIMUM.left + V_star}, {"left": 2 * sp.pi}),
        _repaired("for v = 0, up to π + 1", {"left": LOSS.subs({V: 0, S: 0, D: 0})}, {"left": sp.pi + 1}),
        _repaired("the loss of no student", {"left": 1 + LOSS.subs({V: 0, S: 0, D: 0})}, {"left": theta + 1}),
    ),
    proof_uses=("yin2019.loss", "yin2019.gradient"),
)
