"""Convergence of the algorithm as printed [Theorem 1]: its limit points are not all saddles or minimizers."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, PlantedError, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.derivations.yin2019.bound import VANISH
from ste_theory.derivations.yin2019.landscape import D_SPURIOUS, MARGIN
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S_star, V_star, rho, theta

LIMIT = Sentence(
    name="the limit is a minimizer",
    left=sp.S.Zero,
    relation=Relation.AT_LEAST,
    right=D,
    words="a start with θ = π at which both expected gradients vanish stays there; were it a local minimizer, the "
    "loss would not fall as θ leaves π: f(v, π − h) − f(v, π) = −h vᵀv*/2π ≥ 0",
    hypotheses=VANISH,
    drawable=False,
)


def proof() -> Proof:
    """v* = (1, 1), v = (⅓, ⅓), θ = π is a fixed point of the algorithm with vᵀv* = 2/3."""
    return Proof(
        justifications={
            LIMIT.name: Counterexample(
                ((theta, sp.pi), (rho, sp.S.One)),
                "vᵀv* = 2/3: the loss falls as θ leaves π, so the limit is no minimizer, and no saddle has θ = π",
                weights=((Fraction(1, 3), Fraction(1, 3)), (Fraction(1), Fraction(1))),
            )
        },
        conclusion="There v = v_sp, where E g_relu vanishes by general.stationarity (M₋ = 0 for ReLU). Besides, the "
        "printed proof uses that ∇f is Lipschitz, which is false (yin2019.lipschitz).",
    )


def _assuming(name: str, *further: Hypothesis) -> PlantedError:
    return resentenced(name, LIMIT, hypotheses=(*VANISH, *further), caught_by=WitnessKind.PROOF)


CLAIM = Claim(
    id="yin2019.convergence",
    title="Convergence of the ReLU algorithm, as printed",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="Algorithm v ← v − η E ∂ℓ/∂v, w ← w − η E g_relu with ‖vᵗ‖ ≤ C_v, ‖wᵗ‖ ≥ c_w and η small: the loss "
        "decreases monotonically and the iterates converge to a saddle or a (local) minimizer. Stated here for "
        "starts with θ = π.",
        sentences=(LIMIT,),
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{x > 0}, ‖w*‖ = 1, ‖wᵗ‖ ≥ c_w > 0.",
        degenerate="θ = π is where it fails; whether the published wording excludes that start is not known here.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Theorem 1", "numbering and wording of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    expected=Verdict.REFUTED,
    planted=(
        _assuming("only where vᵀv* ≤ 0", Hypothesis(-D)),
        _assuming("only where the spurious minima exist", Hypothesis(MARGIN)),
        _assuming("only for 1ᵀv* = 0", Hypothesis(-(S_star**2))),
        _assuming("only for θ ≤ 3", Hypothesis(3 - theta)),
        _assuming("only where the overlap at θ = π is not positive", Hypothesis(-D_SPURIOUS)),
        resentenced("up to the teacher's norm", LIMIT, left=V_star, caught_by=WitnessKind.PROOF),
        resentenced("with the square of the sum", LIMIT, left=S_star**2, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("yin2019.relu", "yin2019.gradient", "yin2019.loss", "general.stationarity"),
)
