"""What is true of the algorithm: monotone descent, bounded v, gradients that vanish, and when ‖w‖ is lost."""

import sympy as sp

from ste_theory.calculus.row_sums import with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Identity,
    Proof,
    RowSquares,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.descent import (
    ROOT,
    SHARE,
    along,
    eta,
    overlap,
    response,
    tangential,
    teacher,
)
from ste_theory.derivations.yin2019 import identity as identity_claim
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.derivations.yin2019.bound import PSI, V_P
from ste_theory.derivations.yin2019.landscape import KAPPA, LOSS, SPURIOUS
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

SLOWNESS = eta * ((m + 1) / 8 + teacher / (2 * sp.pi))

DECREASE = Sentence(
    name="the decrease of a step",
    left=-eta / 2 * along**2 - eta * SHARE / 2 * overlap**2 * tangential / rho,
    relation=Relation.AT_LEAST,
    right=-eta * (1 - SLOWNESS) * along**2
    - eta * (SHARE - eta * teacher * response / (ROOT**3 * rho)) * overlap**2 * tangential / rho,
    words="if moreover η[(m+1)/8 + ‖v*‖/2π] ≤ ½ and η‖v*‖M ≤ ½C(2π)^{3/2}ρ, the bound of general.descent is at most "
    "−(η/2)(‖p‖² + C D²b⊥/ρ), with p = ‖∂f/∂v‖, d = |D|, b = b⊥, N = ‖v*‖",
    variables=tuple(Variable(x, sp.S.Zero) for x in (eta, response, overlap, tangential, teacher, along)),
    hypotheses=(
        Hypothesis(sp.S.Half - SLOWNESS),
        Hypothesis(SHARE / 2 - eta * teacher * response / (ROOT**3 * rho)),
    ),
)
MIXED = Sentence(
    name="student against teacher",
    left=(V + S**2) * (V_star + S_star**2),
    relation=Relation.AT_LEAST,
    right=(KAPPA * D + S * S_star) ** 2,
    words="(ϰD + (1ᵀv)(1ᵀv*))² ≤ X²T² with X² = ‖v‖² + (1ᵀv)², T² = ‖v*‖² + (1ᵀv*)², ϰ = 1 − 2θ/π",
)
EIGHT = Sentence(
    name="the loss as a square",
    left=8 * LOSS,
    relation=Relation.EQUAL,
    right=(V + S**2) - 2 * (KAPPA * D + S * S_star) + (V_star + S_star**2),
    words="8f = X² − 2(ϰD + (1ᵀv)(1ᵀv*)) + T² ≥ (X − T)², so ‖v‖ ≤ X ≤ T + √(8f): where the loss does not grow v is "
    "bounded by its start",
)
RADIAL = relu_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)
FLOW = Sentence(
    name="norms along the ReLU flow",
    left=-RADIAL + 2 * V_P / ROOT,
    relation=Relation.EQUAL,
    right=-D * PSI / (2 * ROOT),
    words="d/dt(‖w‖ − ‖v‖²/√(2π)) = −Dψ/(2√(2π)), ψ = 1 − 2θ/π − cosθ: a large ‖v⁰‖ can take ‖w‖ to 0 even for ReLU",
)
DRIFT = Sentence(
    name="the identity's drift",
    left=with_student(identity_claim.STATEMENT.formula(Quantity.COARSE_RADIAL).subs(theta, sp.pi), SPURIOUS),
    relation=Relation.EQUAL,
    right=2 * (m - 1) * S_star**2 / (ROOT * (m + 1) ** 2),
    words="at the spurious minimum the identity's step shortens w by η times this number, for every ‖w‖: for m > 1, "
    "1ᵀv* ≠ 0 the iterates reach w = 0 in finitely many steps, though the loss does not grow before",
)
SENTENCES = (DECREASE, MIXED, EIGHT, FLOW, DRIFT)


def proof() -> Proof:
    """The decrease of general.descent added up over the steps; f ≥ 0."""
    gram = CauchySchwarz(v[row], v_star[row])
    mixed = Decomposition(
        (
            (Sign(sp.S.One - theta / sp.pi), gram),
            (Sign(theta / sp.pi), gram),
            (Sign(1 - theta / sp.pi), RowSquares(v[row] * S_star - S * v_star[row])),
            (Sign(theta / sp.pi), RowSquares(v[row] * S_star + S * v_star[row])),
            (Sign(4 * theta / sp.pi), Sign(1 - theta / sp.pi), Square(D)),
        ),
        "the difference is concave in ϰ; at ϰ = ±1 it is Cauchy–Schwarz for (v, 1ᵀv) and (v*, ±1ᵀv*)",
    )
    decrease = Decomposition(
        (
            (Sign(eta * along**2), Assumed(0)),
            (Sign(eta * overlap**2 * tangential / rho), Assumed(1)),
        ),
        "half of each term is kept",
    )
    return Proof(
        justifications={
            DECREASE.name: decrease,
            MIXED.name: mixed,
            EIGHT.name: Identity("expand"),
            FLOW.name: Identity("dρ/dt = −A, dV/dt = −2vᵀp"),
            DRIFT.name: Identity("B⁻¹ = I − 11ᵀ/(m+1)"),
        },
        conclusion="Added up over t: Σ(‖pᵗ‖² + C(Dᵗ)²b⊥ᵗ/ρᵗ) ≤ 2f⁰/η, so ‖∂f/∂v‖ → 0 and D²b⊥/ρ → 0 as long as "
        "‖wᵗ‖ ≥ c_w and the step bounds hold. For ReLU (M = ½) with ‖wᵗ‖ bounded every limit point has "
        "∂f/∂v = 0 and D²sinθ = 0: by yin2019.relu-limit-corrected a saddle, (v*, θ = 0) or (v_sp, θ = π).",
    )


CLAIM = Claim(
    id="yin2019.convergence-corrected",
    title="Descent and limits of the coarse gradient algorithm",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let M(x) ≥ 0 for all x. While ‖wᵗ‖ ≥ c_w and η is below the bounds of general.descent and of the first "
        "sentence, every step lowers the loss by at least (η/2)(‖p‖² + C D²b⊥/ρ), C = arctan(1/3)/π; v stays bounded; "
        "‖∂f/∂v‖ → 0 and D²b⊥/ρ → 0. For ReLU with ‖wᵗ‖ bounded every limit point is a saddle, (v*, θ = 0) or "
        "(v_sp, θ = π). ‖wᵗ‖ ≥ c_w is a restriction even for ReLU; for the identity it fails near the spurious "
        "minima: what is lost there is convergence, not descent.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, v* ≠ 0, ‖wᵗ‖ ≥ c_w > 0.",
        degenerate="Where w reaches 0 or flips, θ jumps and nothing is said. A start with θ ∈ {0, π} keeps its angle.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects Theorem 1 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    corrects="yin2019.convergence",
    planted=(
        resentenced("the whole decrease", DECREASE, left=2 * DECREASE.left, caught_by=WitnessKind.PROOF),
        resentenced("without a step bound", DECREASE, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced("without the sums", MIXED, left=V * V_star, caught_by=WitnessKind.PROOF),
        resentenced("half the product", MIXED, left=MIXED.left / 4, caught_by=WitnessKind.PROOF),
        resentenced("4f for 8f", EIGHT, left=EIGHT.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("ψ without the cosine", FLOW, right=-D * KAPPA / (2 * ROOT), caught_by=WitnessKind.PROOF),
        resentenced("no drift", DRIFT, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("the drift points outwards", DRIFT, right=-DRIFT.right, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("yin2019.relu-limit-corrected",),
    proof_uses=("general.descent", "yin2019.loss", "yin2019.relu", "yin2019.identity", "yin2019.relu-limit-corrected"),
)
