"""What is true of the algorithm: descent, bounds, limits, when ‖w‖ is lost, and what the identity loses."""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Proof
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.descent import ROOT
from ste_theory.derivations.yin2019 import convergence_at_pi as at_pi
from ste_theory.derivations.yin2019 import convergence_bounded as bounded
from ste_theory.derivations.yin2019 import convergence_descent as descent
from ste_theory.derivations.yin2019 import convergence_identity as identity
from ste_theory.derivations.yin2019 import convergence_limits as limits
from ste_theory.derivations.yin2019 import convergence_norm_lost as norm_lost
from ste_theory.derivations.yin2019.landscape import KAPPA, LOSS
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, V, V_star, rho

# The sentences that the words below are about; each stands in the claim on which it rests, with what it needs.
SENTENCES = (
    descent.DECREASE,
    bounded.ELLIPSOID,
    bounded.CENTRE,
    bounded.RADIUS,
    limits.STUDENT,
    limits.MINIMUM,
    norm_lost.FLOW,
    norm_lost.STEPS,
    identity.THERE,
    at_pi.LINEAR,
)


def proof() -> Proof:
    """The proofs of the parts."""
    parts = (descent, bounded, limits, norm_lost, identity, at_pi)
    known = {name: how for part in parts for name, how in part.proof().justifications.items()}
    return Proof(
        justifications={sentence.name: known[sentence.name] for sentence in SENTENCES},
        conclusion="The parts are claims of their own: yin2019.convergence-descent, -bounded, -limits, -norm-lost, "
        "-normalized, -identity, -at-pi.",
    )


CLAIM = Claim(
    id="yin2019.convergence-corrected",
    title="Descent and limits of the coarse gradient algorithm",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let 0 ≤ μ′ ≤ 1. While ‖wᵗ‖ ≥ c_w every step of one explicit size lowers the loss by at least "
        "(η/2)(‖∂f/∂v‖² + C₀D²b⊥/ρ), C₀ = arctan(1/3)/π; so ‖vᵗ‖ ≤ ‖v*‖ + √(8f⁰), and with c_w ≤ ‖wᵗ‖ ≤ C_w and "
        "M ≥ M₀ > 0 on (0, C_w] (v, θ) converges to (v*, 0), to (v_sp, π) or to a saddle; for a two-sided μ′, m > 1 "
        "and 1ᵀv* ≠ 0 to (v*, 0). ‖wᵗ‖ ≥ c_w is a restriction even for ReLU, where a large v takes w to 0; for the "
        "identity it fails near the spurious minima: what is lost there is convergence, not descent. A start with "
        "θ = π keeps θ = π. With w normalized no such restriction is needed.",
        sentences=SENTENCES,
        letters=norm_lost.LETTERS[:1],
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, v* ≠ 0, ‖wᵗ‖ ≥ c_w > 0 unless said otherwise.",
        degenerate="Where w reaches 0 or flips, θ jumps and nothing is said. A start with θ ∈ {0, π} keeps its angle.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "corrects Theorem 1 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    corrects="yin2019.convergence",
    planted=(
        resentenced(
            "the whole decrease", descent.DECREASE, left=2 * descent.DECREASE.left, caught_by=WitnessKind.PROOF
        ),
        resentenced("without a step bound", descent.DECREASE, hypotheses=(), caught_by=WitnessKind.PROOF),
        resentenced("4f for 8f", bounded.ELLIPSOID, left=4 * LOSS, caught_by=WitnessKind.PROOF),
        resentenced("half the centre's length", bounded.CENTRE, left=V_star / 2, caught_by=WitnessKind.PROOF),
        resentenced("ψ without the cosine", norm_lost.FLOW, right=-D * KAPPA / 2, caught_by=WitnessKind.PROOF),
        resentenced("no drift", identity.THERE, right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced(
            "the drift points outwards", identity.THERE, right=-identity.THERE.right, caught_by=WitnessKind.PROOF
        ),
        resentenced("v grows with w", bounded.RADIUS, left=ROOT * rho, caught_by=WitnessKind.PROOF),
        resentenced("v stays at its start", at_pi.LINEAR, right=V, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("yin2019.relu-limit-corrected",),
    proof_uses=(
        "yin2019.convergence-descent",
        "yin2019.convergence-bounded",
        "yin2019.convergence-limits",
        "yin2019.convergence-norm-lost",
        "yin2019.convergence-normalized",
        "yin2019.convergence-identity",
        "yin2019.convergence-at-pi",
        "yin2019.relu-limit-corrected",
    ),
)
