"""The gradient is Lipschitz, as printed [Lemma 3]: false across θ = 0, where the direction û jumps."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, PlantedError, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Counterexample, Identity, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019 import gradient
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, V_star, rho, u_hat

L = sp.Symbol("L", nonnegative=True)
eps = sp.Symbol("epsilon", positive=True)


def _gradient(w: sp.Matrix) -> sp.Matrix:
    """∂f/∂w at v = v*, w* = (1, 0), from the published vector formula."""
    length = sp.sqrt(sp.factor(w.dot(w)))
    teacher = sp.Matrix([1, 0])
    rest = (teacher - w * w.dot(teacher) / length**2).applyfunc(sp.factor)
    coefficient = gradient.VECTOR.coeff(u_hat)
    across = rest / sp.sqrt(sp.factor(rest.dot(rest)))
    return coefficient.subs({rho: length, D: V_star}, simultaneous=True) * across


# Two unit vectors on either side of w*: cosθ = (1 − ε²)/(1 + ε²), sinθ = 2ε/(1 + ε²).
COSINE, SINE = (1 - eps**2) / (1 + eps**2), 2 * eps / (1 + eps**2)
JUMP = _gradient(sp.Matrix([COSINE, SINE])) - _gradient(sp.Matrix([COSINE, -SINE]))
DISTANCE = V_star / sp.pi * COSINE
BOUNDED = (Hypothesis(eps, strict=True), Hypothesis(1 - V_star))

DIFFERENCE = Sentence(
    name="the difference of the gradients",
    left=sp.factor(JUMP.dot(JUMP)),
    relation=Relation.EQUAL,
    right=DISTANCE**2,
    words="v = v*, w* = (1, 0), w and w̃ of length 1 at the angles ±θ, tan(θ/2) = ε: ‖∇f − ∇̃f‖ = ‖v*‖²cosθ/π; ∂f/∂v is "
    "the same at both",
    variables=(Variable(eps, sp.S.Zero, sp.S.One),),
    hypotheses=BOUNDED,
)
LIPSCHITZ = Sentence(
    name="the Lipschitz bound",
    left=2 * SINE * L,
    relation=Relation.AT_LEAST,
    right=DISTANCE,
    words="L‖(v, w) − (ṽ, w̃)‖ ≥ ‖∇f − ∇̃f‖, for v = ṽ = v*, ‖v*‖ ≤ 1 = C_v, w and w̃ of length 1 = c_w at the angles "
    "±θ from w*, tan(θ/2) = ε",
    constants=(Variable(L, sp.S.Zero),),
    variables=(Variable(eps, sp.S.Zero, sp.S.One),),
    hypotheses=BOUNDED,
)


def proof() -> Proof:
    """The quotient is ‖v*‖²cosθ/(2π sinθ), which exceeds L for tan(θ/2) = 1/(26(L + 1))."""
    return Proof(
        lemmas=(DIFFERENCE,),
        justifications={
            DIFFERENCE.name: Identity("û changes its sign across θ = 0"),
            LIPSCHITZ.name: Counterexample(
                ((eps, 1 / (26 * (L + 1))),),
                "w, w̃ of length 1 at the angles ±θ from w*, tan(θ/2) = ε: ‖∇f − ∇̃f‖/‖w − w̃‖ = cosθ/(2π sinθ) > L",
                weights=((Fraction(1),), (Fraction(1),)),
            ),
        },
        conclusion="No constant depends on C_v and c_w only; the same happens across θ = π.",
    )


def _repaired(name: str, **changes: object) -> PlantedError:
    return resentenced(name, LIPSCHITZ, caught_by=WitnessKind.PROOF, **changes)


CLAIM = Claim(
    id="yin2019.lipschitz",
    title="The population gradient is Lipschitz, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For any two differentiable points with min{‖w‖, ‖w̃‖} = c_w > 0 and max{‖v‖, ‖ṽ‖} = C_v there is an L "
        "that depends on C_v and c_w only with ‖∇f(v, w) − ∇f(ṽ, w̃)‖ ≤ L‖(v, w) − (ṽ, w̃)‖.",
        sentences=(LIPSCHITZ,),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, ‖w‖, ‖w̃‖ ≥ c_w, ‖v‖, ‖ṽ‖ ≤ C_v, θ, θ̃ ∈ (0, π).",
        degenerate="Between the points θ may pass through 0 or π, where f has a kink; that is why it fails.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 3", "numbering and wording of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        _repaired("away from θ = 0", hypotheses=(*BOUNDED, Hypothesis(2 * eps - 1))),
        _repaired("the jump shrinks with the angle", right=eps * DISTANCE),
        _repaired("no jump", right=sp.S.Zero),
        _repaired("only θ = π/2", hypotheses=(*BOUNDED, Hypothesis(eps - 1))),
        _repaired("a bound on the jump, not on its slope", left=L + 2),
        _repaired("from an angle on", hypotheses=(*BOUNDED, Hypothesis(10 * eps - 1))),
        _repaired("exponent 0 in place of 1", left=2 * L + V_star),
    ),
    proof_uses=("yin2019.gradient",),
)
