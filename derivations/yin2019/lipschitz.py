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
    length = sp.sqrt(w.dot(w))
    teacher = sp.Matrix([1, 0])
    rest = teacher - w * w.dot(teacher) / length**2
    coefficient = gradient.VECTOR.coeff(u_hat)
    return coefficient.subs({rho: length, D: V_star}, simultaneous=True) * rest / sp.sqrt(rest.dot(rest))


JUMP = _gradient(sp.Matrix([1, eps])) - _gradient(sp.Matrix([1, -eps]))
DISTANCE = V_star / (sp.pi * (1 + eps**2))

DIFFERENCE = Sentence(
    name="the difference of the gradients",
    left=sp.factor(sp.simplify(JUMP.dot(JUMP))),
    relation=Relation.EQUAL,
    right=DISTANCE**2,
    words="v = v*, w* = (1, 0), w = (1, ε), w̃ = (1, −ε): ‖∇f − ∇̃f‖ = ‖v*‖²/(π(1 + ε²)); ∂f/∂v is the same at both",
    variables=(Variable(eps, sp.S.Zero, sp.S.One),),
    hypotheses=(Hypothesis(eps, strict=True),),
)
LIPSCHITZ = Sentence(
    name="the Lipschitz bound",
    left=2 * eps * L,
    relation=Relation.AT_LEAST,
    right=DISTANCE,
    words="L‖(v, w) − (ṽ, w̃)‖ ≥ ‖∇f − ∇̃f‖, here for v = ṽ = v*, ‖v*‖ = 1, w = (1, ε), w̃ = (1, −ε): all ‖w‖ ≥ 1",
    constants=(Variable(L, sp.S.Zero),),
    variables=(Variable(eps, sp.S.Zero, sp.S.One),),
    hypotheses=(Hypothesis(eps, strict=True),),
)


def proof() -> Proof:
    """The quotient is ‖v*‖²/(2πε(1 + ε²)), which exceeds L for ε = 1/(13(L + 1))."""
    return Proof(
        lemmas=(DIFFERENCE,),
        justifications={
            DIFFERENCE.name: Identity("û changes its sign across θ = 0"),
            LIPSCHITZ.name: Counterexample(
                ((eps, 1 / (13 * (L + 1))),),
                "the quotient grows like 1/ε",
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
        _repaired("on one side of θ = 0", hypotheses=(Hypothesis(eps - sp.Rational(1, 2)),)),
        _repaired("the jump shrinks with ε", right=eps * DISTANCE),
        _repaired("no jump", right=sp.S.Zero),
        _repaired("only ε = 1", hypotheses=(Hypothesis(eps - 1),)),
        _repaired("a discontinuous bound", left=L + 2),
        _repaired(
            "twice the bound where ε is large", left=2 * eps * L, hypotheses=(Hypothesis(eps - sp.Rational(1, 10)),)
        ),
        _repaired("Hölder with exponent 0", left=2 * L + V_star),
    ),
    proof_uses=("yin2019.gradient",),
)
