"""The drift at the spurious minimum vanishes, for a non-negative surrogate, only if the surrogate is one-sided."""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import stationarity
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import S_star, V_star, m, rho

# M₋(ρ), a place at the distance y below 0, and the surrogate's value there.
M_minus = sp.Symbol("M_minus", real=True)
y = sp.Symbol("y", nonnegative=True)
height = sp.Symbol("h", real=True)
DRIFT = stationarity.STATEMENT.formula(Quantity.COARSE_RADIAL).subs(stationarity.m_minus, M_minus)
SQUARE = 4 * (m - 1) ** 2 * S_star**4 * M_minus**2 / (m + 1) ** 4
WEIGHT = y / rho**2 * sp.exp(-(y**2) / (2 * rho**2)) / sp.sqrt(2 * sp.pi)
ANY = (Variable(M_minus, -sp.oo),)
PLACE = (Variable(y, sp.S.Zero), Variable(height, -sp.oo))
NEGATIVE = Hypothesis(-M_minus, strict=True)
SEVERAL, SUM = Hypothesis(m - 1, strict=True), Hypothesis(S_star**2, strict=True)
BELOW, HIGH = Hypothesis(y, strict=True), Hypothesis(height, strict=True)

FACTORS = Sentence(
    name="the drift squared",
    left=DRIFT**2,
    relation=Relation.EQUAL,
    right=SQUARE,
    words="the square of the drift is a product of squares: it is 0 iff M₋ = 0, m = 1 or 1ᵀv* = 0",
    variables=ANY,
)
INWARD = Sentence(
    name="the drift points inwards",
    left=DRIFT,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="for M₋ ≤ 0 a step along −E g_μ shrinks ‖w‖ or leaves it",
    variables=ANY,
    hypotheses=(Hypothesis(-M_minus),),
)
MOVES = Sentence(
    name="the drift is not zero",
    left=DRIFT,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="for M₋ < 0, m > 1 and 1ᵀv* ≠ 0 it shrinks ‖w‖",
    variables=ANY,
    hypotheses=(NEGATIVE, SEVERAL, SUM),
)
POINTWISE = Sentence(
    name="the integrand of −M₋",
    left=WEIGHT * height,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="−M₋(ρ) is the integral over y > 0 of (y/ρ²)φ(y/ρ)μ′(−y), which is nowhere negative for μ′ ≥ 0",
    variables=PLACE,
    hypotheses=(Hypothesis(height),),
)
POSITIVE = Sentence(
    name="the integrand is positive where the surrogate is",
    left=WEIGHT * height,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="it is positive, whatever ρ is, exactly where μ′(−y) > 0: the integral is 0 for one ρ iff it is for all",
    variables=PLACE,
    hypotheses=(BELOW, HIGH),
)
SENTENCES = (FACTORS, INWARD, MOVES, POINTWISE, POSITIVE)

WORDS = (
    "At θ = π, v = B⁻¹(11ᵀ − I)v*, where ∂f/∂v = 0, the expected coarse gradient vanishes iff M₋(ρ) = E[aμ′(ρa)1{a<0}] "
    "= 0, m = 1 or 1ᵀv* = 0. For μ′ ≥ 0 the first holds for one ρ > 0 iff μ′ = 0 almost everywhere on x < 0, and then "
    "for every ρ: of the non-negative surrogates those that are 0 on the negative half-line, and no others, rest at "
    "the spurious minimum of every teacher."
)


def proof() -> Proof:
    """A product vanishes with a factor; an integral of what is not negative iff that does almost everywhere."""
    drift, density = 2 / (m + 1) ** 2, WEIGHT / y
    return Proof(
        justifications={
            FACTORS.name: Identity("squared factor by factor"),
            INWARD.name: Decomposition(
                ((Sign(m - 1), Sign(S_star**2), Assumed(0), Sign(drift)),), "m ≥ 1; no factor is negative"
            ),
            MOVES.name: Decomposition(((Assumed(0), Assumed(1), Assumed(2), Sign(drift)),), "positive factors"),
            POINTWISE.name: Decomposition(((Sign(y), Sign(density), Assumed(0)),), "y ≥ 0, a density, μ′ ≥ 0"),
            POSITIVE.name: Decomposition(((Assumed(0), Sign(density), Assumed(1)),), "each factor is positive"),
        },
        conclusion="Substituting y = −ρa in M₋(ρ) gives −M₋(ρ) = ∫ (y/ρ²)φ(y/ρ)μ′(−y) dy over y > 0. The integral of "
        "what is nowhere negative is 0 iff the integrand is 0 almost everywhere, that is iff μ′(−y) is.",
    )


PROOF = WitnessKind.PROOF
CLAIM = Claim(
    id="general.one-sided-iff-stationary",
    title="Non-negative surrogates that rest at the spurious minimum are one-sided (binary activation)",
    kind=Kind.INEQUALITY,
    statement=Statement(equations=(), words=WORDS, sentences=SENTENCES),
    domain=Domain(
        words="σ(x) = 1{x > 0}, w ≠ 0, θ = π, v = B⁻¹(11ᵀ − I)v* with B = I + 11ᵀ, any μ′ with a finite M₋.",
        degenerate="m = 1 or 1ᵀv* = 0: the drift is 0 for every surrogate. A μ′ that changes sign on x < 0 may have "
        "M₋(ρ) = 0 at single ρ.",
    ),
    source=Source("this project", "", "explains Yin et al. 2019, Lemma 7, second part, for every surrogate"),
    problems=PROBLEMS,
    proof=proof,
    planted=(
        resentenced("the sign of the drift", INWARD, left=-DRIFT, caught_by=PROOF),
        resentenced("whatever the surrogate is", INWARD, hypotheses=(), caught_by=PROOF),
        resentenced("m for m − 1", FACTORS, right=SQUARE * m**2 / (m - 1) ** 2, caught_by=PROOF),
        resentenced("half the drift", FACTORS, right=SQUARE / 4, caught_by=PROOF),
        resentenced("‖v*‖² for (1ᵀv*)²", FACTORS, right=SQUARE * V_star**2 / S_star**4, caught_by=PROOF),
        resentenced("one row drifts too", MOVES, hypotheses=(NEGATIVE, SUM), caught_by=PROOF),
        resentenced("every teacher drifts", MOVES, hypotheses=(NEGATIVE, SEVERAL), caught_by=PROOF),
        resentenced("also without the negative side", MOVES, hypotheses=(SEVERAL, SUM), caught_by=PROOF),
        resentenced("for surrogates of any sign", POINTWISE, hypotheses=(), caught_by=PROOF),
        resentenced("also at 0", POSITIVE, hypotheses=(HIGH,), caught_by=PROOF),
    ),
    statement_uses=("general.stationarity",),
    proof_uses=("general.stationarity",),
)
