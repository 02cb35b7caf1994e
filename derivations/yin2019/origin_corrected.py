"""When (v, 0) is a local minimum: iff ‖v‖² + (1ᵀv)² > 2(1ᵀv)(1ᵀv*) + 2|vᵀv*|, and never a strict one."""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.landscape import KAPPA
from ste_theory.derivations.yin2019.origin import DIFFERENCE, DIFFERENCE_HOLDS, RISE
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, V_star, theta

# The student is λv, or εv* at the origin of v.
scale = sp.Symbol("lambda", real=True)
eps = sp.Symbol("epsilon", real=True)
BETWEEN = (Hypothesis(scale, strict=True), Hypothesis(1 - scale, strict=True))
LINEAR = 2 * S * S_star + 2 * sp.Abs(D)

LEAST = Sentence(
    name="the least difference",
    left=V + S**2 - 2 * S * S_star - 2 * KAPPA * D,
    relation=Relation.AT_LEAST,
    right=RISE,
    words="over all angles the difference is least at θ = 0 or π: there it is ‖v‖² + (1ᵀv)² − 2(1ᵀv)(1ᵀv*) − 2|vᵀv*|",
)
TOWARDS = Sentence(
    name="attained at θ = 0",
    left=V + S**2 - 2 * S * S_star - 2 * D,
    relation=Relation.EQUAL,
    right=RISE + 2 * (sp.Abs(D) - D),
    words="the value at θ = 0 exceeds the least difference by 2(|vᵀv*| − vᵀv*): it is attained there if vᵀv* ≥ 0",
)
AWAY = Sentence(
    name="attained at θ = π",
    left=V + S**2 - 2 * S * S_star + 2 * D,
    relation=Relation.EQUAL,
    right=RISE + 2 * (sp.Abs(D) + D),
    words="the value at θ = π exceeds the least difference by 2(|vᵀv*| + vᵀv*): it is attained there if vᵀv* ≤ 0",
)
EDGE = Sentence(
    name="no minimum at the edge or below",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=scale**2 * (V + S**2) - scale * LINEAR,
    words="if the least difference at v ≠ 0 is not positive, it is negative at λv for every 0 < λ < 1",
    variables=(Variable(scale, sp.S.Zero, sp.S.One),),
    hypotheses=(Hypothesis(-RISE), Hypothesis(V, strict=True), *BETWEEN),
)
ZERO = Sentence(
    name="no minimum at v = 0",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=eps**2 * (V_star + S_star**2) - eps * 2 * (S_star**2 + V_star),
    words="the least difference at εv* is negative for 0 < ε < 2",
    variables=(Variable(eps, sp.S.Zero, sp.Integer(2)),),
    hypotheses=(Hypothesis(eps, strict=True), Hypothesis(2 - eps, strict=True)),
)
SENTENCES = (DIFFERENCE, LEAST, TOWARDS, AWAY, EDGE, ZERO)


def proof() -> Proof:
    """The difference is continuous in v and affine in the angle, so its least value over all angles decides."""
    spread = Decomposition(
        (
            (Sign(2 * theta / sp.pi), Sign(sp.Abs(D) + D)),
            (Sign(2 / sp.pi), Sign(sp.pi - theta), Sign(sp.Abs(D) - D)),
        ),
        "|D| ± D ≥ 0, weighted with θ and π − θ",
    )
    edge = Decomposition(
        (
            (Assumed(2), Assumed(0)),
            (Assumed(2), Assumed(3), Assumed(1)),
            (Assumed(2), Assumed(3), Sign(S**2)),
        ),
        "quadratic against linear in λ",
    )
    zero = Decomposition(
        ((Assumed(0), Assumed(1), Sign(V_star + S_star**2)),),
        "2 − ε > 0",
    )
    return Proof(
        justifications={
            DIFFERENCE.name: DIFFERENCE_HOLDS,
            LEAST.name: spread,
            TOWARDS.name: Identity("ϰ = 1"),
            AWAY.name: Identity("ϰ = −1"),
            EDGE.name: edge,
            ZERO.name: zero,
        },
        conclusion="f(·, 0) is constant, so a local minimum at w = 0 is never strict; where the least difference is "
        "positive it stays so near v, so (v, 0) is a local minimum.",
    )


CLAIM = Claim(
    id="yin2019.origin-corrected",
    title="When the origin is a local minimum",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="(v, 0) is a local minimum of the population loss iff ‖v‖² + (1ᵀv)² − 2(1ᵀv)(1ᵀv*) − 2|vᵀv*| > 0; it "
        "is never a strict one.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, v* ≠ 0; w = 0 against every w ≠ 0.",
        degenerate="n = 1: θ ∈ {0, π}, where the least difference is taken. v = 0 is treated apart.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects a remark after Proposition 1 of the conference submission"),
    problems=(Problem(binary(), identity()),),
    proof=proof,
    corrects="yin2019.origin",
    planted=(
        resentenced(
            "the angle counts twice",
            DIFFERENCE,
            right=DIFFERENCE.right + 2 * (KAPPA - 1) * D,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("4 for 8", DIFFERENCE, left=DIFFERENCE.left / 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "the teacher's sum is forgotten", DIFFERENCE, right=V + S**2 - 2 * KAPPA * D, caught_by=WitnessKind.PROOF
        ),
        resentenced("|vᵀv*| once", LEAST, right=RISE + sp.Abs(D), caught_by=WitnessKind.PROOF),
        resentenced("θ = 0 alone", LEAST, right=V + S**2 - 2 * S * S_star - 2 * D, caught_by=WitnessKind.PROOF),
        resentenced("at the origin of v outwards", ZERO, right=-ZERO.right, caught_by=WitnessKind.PROOF),
        resentenced(
            "without the condition",
            EDGE,
            hypotheses=(Hypothesis(V, strict=True), *BETWEEN),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    proof_uses=("yin2019.loss",),
)
