"""A surrogate is sound, its correlation with the gradient never negative, exactly where its response is not."""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import correlation
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, V, V_star, rho, theta

# The response M(ρ sinθ): any real number, for μ′ is any function.
M = sp.Symbol("M", real=True)
ANY = (Variable(M, -sp.oo),)
CORRELATION = correlation.STATEMENT.formula(Quantity.CORRELATION).subs(correlation.response, M)
SCALE = 1 / (2 * sp.sqrt(2) * sp.pi ** sp.Rational(3, 2) * rho)
MOVING = (Hypothesis(D**2, strict=True), Hypothesis(sp.sin(theta), strict=True))
POSITIVE, NEGATIVE = Hypothesis(M, strict=True), Hypothesis(-M, strict=True)

SUFFICIENT = Sentence(
    name="sufficient",
    left=CORRELATION,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="where M(ρ sinθ) ≥ 0 the correlation is not negative",
    variables=ANY,
    hypotheses=(Hypothesis(M),),
)
STRICT = Sentence(
    name="strict",
    left=CORRELATION,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="where M(ρ sinθ) > 0, vᵀv* ≠ 0 and 0 < θ < π it is positive",
    variables=ANY,
    hypotheses=(POSITIVE, *MOVING),
)
NECESSARY = Sentence(
    name="necessary",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=CORRELATION,
    words="where M(ρ sinθ) < 0, vᵀv* ≠ 0 and 0 < θ < π it is negative",
    variables=ANY,
    hypotheses=(NEGATIVE, *MOVING),
)
WITHIN = Sentence(
    name="the scale is at most the norm",
    left=rho,
    relation=Relation.AT_LEAST,
    right=rho * sp.sin(theta),
    words="ρ sinθ ≤ ‖w‖: networks with ‖w‖ ≤ R see M on (0, R] only",
)
REACHED = Sentence(
    name="every scale is reached",
    left=CORRELATION.subs({theta: sp.pi / 2, D: V_star}, simultaneous=True),
    relation=Relation.EQUAL,
    right=V_star**2 * M * SCALE,
    words="w ⊥ w*, v = v* sees M at the scale ‖w‖ itself, with vᵀv* = ‖v*‖² > 0",
    variables=ANY,
)
SENTENCES = (SUFFICIENT, STRICT, NECESSARY, WITHIN, REACHED)

WORDS = (
    "For the binary activation a surrogate's expected coarse gradient never points uphill, for any student with ‖w‖ ≤ "
    "R and any teacher, iff its response M(x) = E μ′(xξ) is not negative on (0, R]; it points strictly downhill "
    "wherever vᵀv* ≠ 0 and 0 < θ < π iff M > 0 there. μ′ ≥ 0 suffices and is not necessary."
)


def proof() -> Proof:
    """The correlation is the response times what is not negative."""
    factor, sine = Sign(SCALE), Sign(sp.sin(theta))
    return Proof(
        justifications={
            SUFFICIENT.name: Decomposition(((Sign(D**2), sine, Assumed(0), factor),), "four factors, none negative"),
            STRICT.name: Decomposition(((Assumed(0), Assumed(1), Assumed(2), factor),), "four positive factors"),
            NECESSARY.name: Decomposition(((Assumed(0), Assumed(1), Assumed(2), factor),), "−M is one of them"),
            WITHIN.name: Decomposition(((Sign(rho), Sign(1 - sp.sin(theta))),), "sinθ ≤ 1"),
            REACHED.name: Identity("sin(π/2) = 1"),
        },
        conclusion="M ≥ 0 on (0, R] gives a correlation that is not negative for ‖w‖ ≤ R, since ρ sinθ ≤ R. If M(x) "
        "< 0 for some x in (0, R], the network with ‖w‖ = x, w ⊥ w*, v = v* has a negative one. The mean of μ′ ≥ 0 is "
        "not negative; M sees the even part of μ′ only, so an odd μ′ has M = 0: no tangential signal.",
    )


PROOF = WitnessKind.PROOF
CLAIM = Claim(
    id="general.sound-iff-positive-response",
    title="Sound surrogates are those with a positive response (binary activation)",
    kind=Kind.INEQUALITY,
    statement=Statement(equations=(), words=WORDS, sentences=SENTENCES),
    domain=Domain(
        words="σ(x) = 1{x > 0}, any μ′ with a finite response, n ≥ 2, w ≠ 0, 0 ≤ θ ≤ π.",
        degenerate="At θ ∈ {0, π} and for vᵀv* = 0 the correlation is 0 (as a limit) for every surrogate.",
    ),
    source=Source("this project", "", "contains the inequalities of Yin et al. 2019, Lemmas 5 and 8"),
    problems=PROBLEMS,
    proof=proof,
    planted=(
        resentenced("without a condition", SUFFICIENT, hypotheses=(), caught_by=PROOF),
        resentenced("the wrong sign", SUFFICIENT, left=-CORRELATION, caught_by=PROOF),
        resentenced("D is not squared", SUFFICIENT, left=CORRELATION / D, caught_by=PROOF),
        resentenced("whatever the response is", NECESSARY, hypotheses=MOVING, caught_by=PROOF),
        resentenced("strict without overlap", STRICT, hypotheses=(POSITIVE, MOVING[1]), caught_by=PROOF),
        resentenced("a response of 0 is enough", STRICT, hypotheses=(Hypothesis(M), *MOVING), caught_by=PROOF),
        resentenced("a response of 0 is too little", NECESSARY, hypotheses=(Hypothesis(-M), *MOVING), caught_by=PROOF),
        resentenced("√(1 + sin²θ) for sinθ", WITHIN, right=rho * sp.sqrt(1 + sp.sin(theta) ** 2), caught_by=PROOF),
        resentenced("the student's norm for the teacher's", REACHED, right=V**2 * M * SCALE, caught_by=PROOF),
        resentenced("π for 2π", REACHED, right=2 * REACHED.right, caught_by=PROOF),
    ),
    statement_uses=("general.correlation",),
    proof_uses=("general.correlation",),
)
