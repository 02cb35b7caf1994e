"""How large a batch gives a downhill direction: the second moment of q = g_μ·û of one sample, Cantelli's inequality.

With X_i = μ′(ρa_i)b_i and the residual R = y − y*, q = (Σ_i v_i X_i)R, E q = −D b⊥. The step −g of a batch of N samples
turns w towards w* (D > 0) or −w* (D < 0), downhill either way, iff the mean of q over the batch has the sign of E q.
"""

import sympy as sp

from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    Assumed,
    CauchySchwarz,
    Decomposition,
    Identity,
    InRange,
    Proof,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019 import identity as identity_claim
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity, relu
from ste_theory.model.symbols import D, S, V, c, m, s, theta, v
from ste_theory.model.symbols import k as row

x, y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)
on, teacher_on = sp.Symbol("s_1", nonnegative=True), sp.Symbol("s_2", nonnegative=True)
angle = sp.Symbol("omega", real=True)
mean, shift = sp.Symbol("d", nonnegative=True), sp.Symbol("u", nonnegative=True)
deviation = sp.Symbol("z", real=True)
variance, spread = sp.Symbol("W", positive=True), sp.Symbol("tau", nonnegative=True)
batch, risk = sp.Symbol("N", nonnegative=True), sp.Symbol("delta", nonnegative=True)
ANY = (Variable(x, -sp.oo), Variable(y, -sp.oo))

# E b²1{a > 0}1{ca + sb > 0}: on the sector θ − π/2 < ω < π/2, with b = r sinω and E r² = 2.
BOTH = (sp.pi - theta - s * c) / (2 * sp.pi)
_PRIMITIVE = (angle - sp.sin(angle) * sp.cos(angle)) / (2 * sp.pi)
ONLY_ONE = sp.S.Half - BOTH
# The identity counts the half-plane where the student is off, the ReLU does not.
ROWS_IDENTITY = x**2 * (BOTH * (x - y) ** 2 + ONLY_ONE * x**2 + ONLY_ONE * y**2)
ROWS_RELU = x**2 * (BOTH * (x - y) ** 2 + ONLY_ONE * x**2)
SECOND_IDENTITY = x**2 * ((x - y) ** 2 / 2 + x * y * (theta + s * c) / sp.pi)
SECOND_RELU = x**2 * (x**2 / 2 + (y**2 - 2 * x * y) * BOTH)


def _drift(formula: sp.Expr) -> sp.Expr:
    """E q of one row, v = x, v* = y."""
    result: sp.Expr = formula.subs(D, x * y)
    return result


MEAN_IDENTITY = _drift(identity_claim.STATEMENT.formula(Quantity.COARSE_TANGENTIAL))
MEAN_RELU = _drift(relu_claim.STATEMENT.formula(Quantity.COARSE_TANGENTIAL))


def batch_size(second: sp.Expr, first: sp.Expr) -> sp.Expr:
    """Var q/(E q)²: the batch for δ = ½."""
    return second / first**2 - 1


SECTOR = Sentence(
    name="the second moment on a sector",
    left=sp.diff(_PRIMITIVE, angle),
    relation=Relation.EQUAL,
    right=sp.sin(angle) ** 2 / sp.pi,
    words="b = r sinω with E r² = 2 and ω uniform: E b²1{ω in a sector} = ∫ sin²ω dω/π = (ω − sinω cosω)/2π",
    variables=(Variable(angle, -sp.pi, sp.pi),),
)
BOTH_ON = Sentence(
    name="both on",
    left=_PRIMITIVE.subs(angle, sp.pi / 2) - _PRIMITIVE.subs(angle, theta - sp.pi / 2),
    relation=Relation.EQUAL,
    right=BOTH,
    words="a > 0 and ca + sb > 0 is θ − π/2 < ω < π/2: K := E b²1{a>0}1{ca+sb>0} = (π − θ − sinθ cosθ)/2π",
)
ONE_IDENTITY = Sentence(
    name="the identity, one row",
    left=ROWS_IDENTITY,
    relation=Relation.EQUAL,
    right=SECOND_IDENTITY,
    words="m = 1, v = x, v* = y: E q² = x²(K(x − y)² + (½ − K)x² + (½ − K)y²) by who is on, that is "
    "x²(½(x − y)² + xy(θ + sinθ cosθ)/π)",
    variables=ANY,
)
ONE_RELU = Sentence(
    name="the ReLU, one row",
    left=ROWS_RELU,
    relation=Relation.EQUAL,
    right=SECOND_RELU,
    words="only where the student is on: E q² = x²(K(x − y)² + (½ − K)x²) = x²(½x² + (y² − 2xy)K)",
    variables=ANY,
)
AT_TEACHER = Sentence(
    name="the batch at the teacher's weight",
    left=batch_size(SECOND_IDENTITY, MEAN_IDENTITY).subs(y, x) * s**2,
    relation=Relation.EQUAL,
    right=2 * (theta + s * c) - s**2,
    words="identity, v = v*: Var q/(E q)² = 2(θ + sinθ cosθ)/sin²θ − 1, about 4/θ for small angles and whatever v is",
    variables=ANY[:1],
    hypotheses=(Hypothesis(s, strict=True), Hypothesis(x**2, strict=True)),
)
RELU_THERE = Sentence(
    name="the ReLU's batch",
    left=(batch_size(SECOND_RELU, MEAN_RELU).subs(y, x) + 1) * s**2,
    relation=Relation.EQUAL,
    right=4 * (theta + s * c),
    words="ReLU, v = v*: E q²/(E q)² = 4(θ + sinθ cosθ)/sin²θ, twice that of the identity",
    variables=ANY[:1],
    hypotheses=(Hypothesis(s, strict=True), Hypothesis(x**2, strict=True)),
)
SMALL_ANGLE = Sentence(
    name="small angles are dear",
    left=2 * (theta + s * c),
    relation=Relation.AT_LEAST,
    right=s**2 + sp.sin(theta) * (1 + c) ** 2 / 2,
    words="Var q/(E q)² ≥ (1 + cosθ)²/(2 sinθ) for the identity at v = v*: it grows without bound as θ → 0",
)
RESIDUAL = Sentence(
    name="the residual of a row",
    left=2 * (x**2 + y**2),
    relation=Relation.AT_LEAST,
    right=(x * on - y * teacher_on) ** 2,
    words="(v_kσ_k − v*_kσ*_k)² ≤ 2(v_k² + v*_k²) for σ, σ* between 0 and 1",
    variables=(*ANY, Variable(on, sp.S.Zero, sp.S.One), Variable(teacher_on, sp.S.Zero, sp.S.One)),
)
ROWS = Sentence(
    name="the residual of all rows",
    left=m * V,
    relation=Relation.AT_LEAST,
    right=S**2,
    words="(Σ_k e_k)² ≤ m Σ_k e_k² for every e ∈ R^m: so R² ≤ 2m(‖v‖² + ‖v*‖²) and, as the X_i are independent with "
    "mean 0, E q² ≤ 2m(‖v‖² + ‖v*‖²)‖v‖² E[(μ′(ρa)b)²] for every surrogate",
)
first_x, other_x = sp.symbols("x_1 x_2", real=True)
first_e, other_e, others = sp.Symbol("e_1", real=True), sp.Symbol("e_2", real=True), sp.Symbol("r", real=True)
TWO_ROWS = (Variable(first_x, -sp.oo), Variable(other_x, -sp.oo), Variable(first_e, -sp.oo), Variable(other_e, -sp.oo))
REST = Variable(others, -sp.oo)
OWN_TERMS = Sentence(
    name="a row by itself",
    left=first_x**2 * (first_e + others) ** 2,
    relation=Relation.EQUAL,
    right=first_x**2 * first_e**2 + 2 * first_x**2 * first_e * others + first_x**2 * others**2,
    words="x_i = v_i·X_i, r = R − e_i independent of both: its share of E q² is "
    "v_i²(E X²·e_i² + 2E X²·e_i·E r + E X²·E r²), E e = (v − v*)/2, Var e = ½(v² + v*²) − vv*(1 − θ/π) − ¼(v − v*)²",
    variables=(TWO_ROWS[0], TWO_ROWS[2], REST),
)
CROSS_TERMS = Sentence(
    name="two rows together",
    left=2 * first_x * other_x * (first_e + other_e + others) ** 2,
    relation=Relation.EQUAL,
    right=4 * first_x * first_e * other_x * other_e
    + 2 * first_x * other_x * (first_e**2 + 2 * first_e * others + others**2)
    + 2 * first_x * other_x * (other_e**2 + 2 * other_e * others),
    words="in the last two sums one X stands alone, and E X = 0: two rows share 4v_i·v_j·E(X_i·e_i)·E(X_j·e_j) = "
    "4v_i·v*_i·v_j·v*_j·b⊥², all of them 2((vᵀv*)² − Σ_i v_i²·v*_i²)·b⊥². No term contains n",
    variables=(*TWO_ROWS, REST),
)
MARKOV = Sentence(
    name="Markov's inequality",
    left=(deviation + shift) ** 2,
    relation=Relation.AT_LEAST,
    right=(mean + shift) ** 2,
    words="where a variable z of mean 0 and variance τ exceeds d, (z + u)² ≥ (d + u)²: P(z ≥ d) ≤ (τ + u²)/(d + u)²",
    variables=(Variable(mean, sp.S.Zero), Variable(shift, sp.S.Zero), Variable(deviation, mean)),
)
CANTELLI = Sentence(
    name="Cantelli's inequality",
    left=(spread + (spread / mean) ** 2) / (mean + spread / mean) ** 2,
    relation=Relation.EQUAL,
    right=spread / (spread + mean**2),
    words="with u = τ/d: P(z ≥ d) ≤ τ/(τ + d²)",
    variables=(Variable(spread, sp.S.Zero), Variable(mean, sp.S.Zero)),
    hypotheses=(Hypothesis(mean, strict=True),),
)
BEST = Sentence(
    name="no shift does better",
    left=(spread + shift**2) * (spread + mean**2),
    relation=Relation.AT_LEAST,
    right=spread * (mean + shift) ** 2,
    words="(τ + u²)/(d + u)² ≥ τ/(τ + d²) for every u",
    variables=(Variable(spread, sp.S.Zero), Variable(mean, sp.S.Zero), Variable(shift, sp.S.Zero)),
)
BATCH = Sentence(
    name="the batch",
    left=risk,
    relation=Relation.AT_LEAST,
    right=variance / (variance + batch * mean**2),
    words="with d = |D|b⊥, W = Var q, τ = W/N: N ≥ ((1 − δ)/δ)W/d² makes the probability of a direction that is not "
    "downhill at most δ",
    variables=(
        Variable(variance, sp.S.Zero),
        Variable(mean, sp.S.Zero),
        Variable(risk, sp.S.Zero, sp.S.One),
        Variable(batch, sp.S.Zero),
    ),
    hypotheses=(Hypothesis(variance, strict=True), Hypothesis(batch * risk * mean**2 - (1 - risk) * variance)),
)
SENTENCES = (
    SECTOR,
    BOTH_ON,
    ONE_IDENTITY,
    ONE_RELU,
    AT_TEACHER,
    RELU_THERE,
    SMALL_ANGLE,
    RESIDUAL,
    ROWS,
    OWN_TERMS,
    CROSS_TERMS,
    MARKOV,
    CANTELLI,
    BEST,
    BATCH,
)


def proof() -> Proof:
    """Moments on sectors of the plane, then Markov's inequality for the square of a shifted variable."""
    residual = Decomposition(
        (
            (Sign(sp.Integer(2)), Square(x), InRange(on, upper=True), Sign(1 + on)),
            (Sign(sp.Integer(2)), Square(y), InRange(teacher_on, upper=True), Sign(1 + teacher_on)),
            (Square(x * on + y * teacher_on),),
        ),
        "2p² + 2q² − (p − q)² = (p + q)² and σ² ≤ 1",
    )
    markov = Decomposition(
        ((InRange(deviation), InRange(deviation)), (Sign(2 * (mean + shift)), InRange(deviation))),
        "z + u = (z − d) + (d + u)",
    )
    enough = Decomposition(
        ((Assumed(1),),),
        "δ(W + Nd²) − W = δd²(N − ((1 − δ)/δ)W/d²)",
        multiplier=Sign(variance + batch * mean**2),
    )
    exact = Identity("moments on sectors added up")
    return Proof(
        justifications={sentence.name: exact for sentence in SENTENCES}
        | {
            SMALL_ANGLE.name: Search("one variable, contact at 0"),
            RESIDUAL.name: residual,
            ROWS.name: Decomposition(((CauchySchwarz(v[row], sp.S.One),),), "m‖e‖² ≥ (1ᵀe)²"),
            MARKOV.name: markov,
            BEST.name: Decomposition(((Square(spread - mean * shift),),), "(τ − du)² ≥ 0"),
            BATCH.name: enough,
        },
        conclusion="q does not depend on n: only the components along ŵ and û enter.",
    )


CLAIM = Claim(
    id="general.sample-size",
    title="The batch that gives a downhill direction with probability 1 − δ",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let q = g_μ·û for one sample, D b⊥ ≠ 0. The step along −g of a batch of N ≥ ((1 − δ)/δ)Var q/(D b⊥)² "
        "samples turns w downhill with probability at least 1 − δ. Var q = E q² − (D b⊥)², E q² ≤ "
        "2m(‖v‖² + ‖v*‖²)‖v‖²E[(μ′(ρa)b)²] for every surrogate. For m = 1 with K = (π − θ − sinθ cosθ)/2π: "
        "E q² = v²(½(v − v*)² + vv*(θ + sinθ cosθ)/π) for the identity, v²(½v² + (v*² − 2vv*)K) for the ReLU.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, independent samples, any surrogate with E(μ′(ρa))² < ∞, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="D b⊥ = 0, in particular θ → 0 or π: no batch is large enough. Var q = 0: one sample is enough.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "Cantelli's inequality for the component that decides"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu())),
    proof=proof,
    planted=(
        resentenced("cosine for sine", SECTOR, right=sp.cos(angle) ** 2 / sp.pi, caught_by=WitnessKind.PROOF),
        resentenced(
            "the probability for the second moment",
            BOTH_ON,
            right=(sp.pi - theta) / (2 * sp.pi),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "the ReLU's moment for the identity's", ONE_IDENTITY, right=SECOND_RELU, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "the sign of the cross term", ONE_RELU, right=SECOND_RELU + 4 * x**3 * y * BOTH, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "the second moment for the variance", AT_TEACHER, right=AT_TEACHER.right + s**2, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "the ReLU needs no more than the identity",
            RELU_THERE,
            right=RELU_THERE.right / 2,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("half the bound of the residual", RESIDUAL, left=x**2 + y**2, caught_by=WitnessKind.PROOF),
        resentenced(
            "rows are not independent of the rest",
            OWN_TERMS,
            right=OWN_TERMS.right - 2 * first_x**2 * first_e * others,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "each pair once",
            CROSS_TERMS,
            right=CROSS_TERMS.right - 2 * first_x * first_e * other_x * other_e,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("rows do not add up", ROWS, left=V, caught_by=WitnessKind.PROOF),
        resentenced(
            "Chebyshev on one side without its square", CANTELLI, right=spread / mean**2, caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "half the batch",
            BATCH,
            hypotheses=(BATCH.hypotheses[0], Hypothesis(2 * batch * risk * mean**2 - (1 - risk) * variance)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a bound for small angles", SMALL_ANGLE, right=SMALL_ANGLE.right * 4, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("general.binary-gradients", "yin2019.identity", "yin2019.relu"),
)
