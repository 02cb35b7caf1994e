"""An example in which the ReLU flow takes w to 0: v⁰ = (3, ½), v* = (1, ½), θ⁰ ≤ 1, ‖w⁰‖ ≤ 2.

Curves in q = e^{−t/4} bound S = 1ᵀv, D = vᵀv* and V = ‖v‖² as long as ‖w‖ > 0: on each curve the rate points to its
inner side, whatever the angle in [0, 1] is.
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.proof import Decomposition, Identity, InRange, Justification, Known, Search, Sign
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.derivations.general.descent import ROOT
from ste_theory.derivations.yin2019.landscape import ALONG_V
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, theta, v, v_star
from ste_theory.model.symbols import k as row

MOST = sp.Rational(17, 80)  # of |ψ|; the largest value is √(1 − 4/π²) − 1 + (2/π)arcsin(2/π) = 0.2105

q = sp.Symbol("q", nonnegative=True)
kappa = sp.Symbol("kappa", nonnegative=True)
LEAST = 1 - 2 / sp.pi  # 1 − 2θ/π at θ = 1
TIME, ANGLE = Variable(q, sp.S.Half, sp.S.One), Variable(kappa, LEAST, sp.S.One)
OF_TEACHER = {m: 2, S_star: sp.Rational(3, 2), V_star: sp.Rational(5, 4)}
BEGIN = {S: sp.Rational(7, 2), D: sp.Rational(13, 4), V: sp.Rational(37, 4)}
S_LOW = sp.Rational(3, 2) - 1 / sp.pi + (2 + 1 / sp.pi) * q**3
S_HIGH = sp.Rational(3, 2) + 2 * q**3
D_LOW = sp.Rational(5, 4) * LEAST + sp.Rational(3, 2) * q**3 + (sp.S.Half + 5 / (2 * sp.pi)) * q
D_HIGH = (
    sp.Rational(5, 4) + 3 / (2 * sp.pi) + sp.Rational(3, 4) * (2 + 1 / sp.pi) * q**3 + (sp.S.Half - 9 / (4 * sp.pi)) * q
)
# Solves dV/dt = −½(V − D_HIGH + (S_LOW − S*)S_LOW) from V⁰, t = −4 log q.
V_HIGH = (
    sp.Rational(5, 4)
    + 3 / sp.pi
    - 1 / sp.pi**2
    + (1 - 9 / (2 * sp.pi)) * q
    + (2 + 6 / sp.pi + 9 / (2 * sp.pi**2)) * q**2
    + (3 - 13 / (2 * sp.pi) - 4 / sp.pi**2) * q**3
    + (2 + 2 / sp.pi + 1 / (2 * sp.pi**2)) * q**6
)
# The rates of the flow in the example, with ϰ = 1 − 2θ/π.
_S_RATE = -((m + 1) * S - (kappa + m) * S_star) / 4
_D_RATE = -(D - kappa * V_star + (S - S_star) * S_star) / 4
_V_RATE = -(V - kappa * D + (S - S_star) * S) / 2
sum_, overlap_ = sp.Symbol("y_0", real=True), sp.Symbol("y_1", real=True)
SUM, OVERLAP = Variable(sum_, S_LOW, S_HIGH), Variable(overlap_, D_LOW, D_HIGH)


def _rate(rate: sp.Expr, **at: sp.Expr) -> sp.Expr:
    return rate.subs({S: at.get("S", S), D: at.get("D", D), V: at.get("V", V)} | OF_TEACHER, simultaneous=True)


def derivative(curve: sp.Expr) -> sp.Expr:
    """d/dt of a curve in q = e^{−t/4}."""
    # In the ring of polynomials: ``diff`` asks for the signs of all parts, which takes seconds.
    return (sp.Poly(curve, q).diff(q) * sp.Poly(-q / 4, q)).as_expr()


RATES = tuple(
    Sentence(
        name=f"the rate of {name}",
        left=left,
        relation=Relation.EQUAL,
        right=rate.subs(kappa, 1 - 2 * theta / sp.pi),
        words=words,
    )
    for name, left, rate, words in (
        ("1ᵀv", -row_sum(ALONG_V), _S_RATE, "dS/dt = −1ᵀp = −¼((m+1)S − (1 − 2θ/π + m)S*)"),
        ("vᵀv*", -row_sum(ALONG_V * v_star[row]), _D_RATE, "dD/dt = −pᵀv* = −¼(D − (1 − 2θ/π)‖v*‖² + (S − S*)S*)"),
        ("‖v‖²", -2 * row_sum(ALONG_V * v[row]), _V_RATE, "dV/dt = −2pᵀv = −½(V − (1 − 2θ/π)D + (S − S*)S)"),
    )
)
ABOVE_S = Sentence(
    name="1ᵀv stays above its curve",
    left=_rate(_S_RATE, S=S_LOW),
    relation=Relation.AT_LEAST,
    right=derivative(S_LOW),
    words="v⁰ = (3, ½), v* = (1, ½): on the curve S₋ = 3/2 − 1/π + (2 + 1/π)q³, q = e^{−t/4}, S falls no faster than "
    "the curve, for every ϰ = 1 − 2θ/π in [1 − 2/π, 1]",
    variables=(TIME, ANGLE),
)
BELOW_S = Sentence(
    name="and below",
    left=derivative(S_HIGH),
    relation=Relation.AT_LEAST,
    right=_rate(_S_RATE, S=S_HIGH),
    words="nor more slowly than S₊ = 3/2 + 2q³ on it",
    variables=(TIME, ANGLE),
)
ABOVE_D = Sentence(
    name="vᵀv* stays above its curve",
    left=_rate(_D_RATE, S=sum_, D=D_LOW),
    relation=Relation.AT_LEAST,
    right=derivative(D_LOW),
    words="D ≥ D₋ = (5/4)(1 − 2/π) + (3/2)q³ + (½ + 5/(2π))q in the same way, for every S between S₋ and S₊",
    variables=(TIME, ANGLE, SUM),
)
BELOW_D = Sentence(
    name="vᵀv* stays below its curve",
    left=derivative(D_HIGH),
    relation=Relation.AT_LEAST,
    right=_rate(_D_RATE, S=sum_, D=D_HIGH),
    words="D ≤ D₊ = 5/4 + 3/(2π) + ¾(2 + 1/π)q³ + (½ − 9/(4π))q",
    variables=(TIME, ANGLE, SUM),
)
CENTRAL = Sentence(
    name="the angle does not grow",
    left=D_LOW,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="D₋ > 0 for ½ ≤ q ≤ 1: θ falls from θ⁰ ≤ 1, so 1 − 2θ/π stays in [1 − 2/π, 1]",
    variables=(TIME,),
)
BELOW_V = Sentence(
    name="‖v‖² stays below its curve",
    left=derivative(V_HIGH),
    relation=Relation.AT_LEAST,
    right=_rate(_V_RATE, S=sum_, D=overlap_, V=V_HIGH),
    words="V ≤ V₊, the solution of dV/dt = −½(V − D₊ + (S₋ − S*)S₋) from V⁰, for every such S and D",
    variables=(TIME, ANGLE, SUM, OVERLAP),
)
BEGINNING = Sentence(
    name="all curves begin at the start",
    left=sum(
        ((curve.subs(q, 1) - BEGIN[letter]) ** 2)
        for curve, letter in ((S_LOW, S), (S_HIGH, S), (D_LOW, D), (D_HIGH, D), (V_HIGH, V))
    ),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="at q = 1: S = 7/2, D = 13/4, V = 37/4",
)
length = sp.Symbol("r_0", nonnegative=True)
# ∫ 4 D₊ dq/q from ½ to 1.
PAID = 4 * sum(
    coefficient * ((1 - sp.S.Half**power) / power if power else sp.log(2))
    for (power,), coefficient in sp.Poly(D_HIGH, q).terms()
)
EXAMPLE = Sentence(
    name="w is lost in the example",
    left=BEGIN[V] - V_HIGH.subs(q, sp.S.Half),
    relation=Relation.ABOVE,
    right=ROOT * length + MOST / 2 * PAID,
    words="for ‖w⁰‖ ≤ 2: at t = 4 log 2 V has lost more than √(2π)‖w⁰‖ + (17/160)∫D₊ dt, the integral over "
    "dt = −4 dq/q: ‖w‖ has reached 0 before t = 2.78",
    variables=(Variable(length, sp.S.Zero, sp.Integer(2)),),
)
SENTENCES = (*RATES, ABOVE_S, BELOW_S, ABOVE_D, BELOW_D, CENTRAL, BELOW_V, BEGINNING, EXAMPLE)
_HALF, _EIGHTHS = Sign(sp.S.Half), Sign(sp.Rational(3, 8))
JUSTIFICATIONS: dict[str, Justification] = {
    ABOVE_S.name: Decomposition(((_EIGHTHS, InRange(kappa)),), "the curve is the solution for ϰ = 1 − 2/π"),
    BELOW_S.name: Decomposition(((_EIGHTHS, InRange(kappa, upper=True)),), "and for ϰ = 1"),
    ABOVE_D.name: Decomposition(
        ((Sign(sp.Rational(5, 16)), InRange(kappa)), (_EIGHTHS, InRange(sum_, upper=True))), "for S₊ and ϰ = 1 − 2/π"
    ),
    BELOW_D.name: Decomposition(
        ((Sign(sp.Rational(5, 16)), InRange(kappa, upper=True)), (_EIGHTHS, InRange(sum_))), "for S₋ and ϰ = 1"
    ),
    BELOW_V.name: Decomposition(
        (
            (_HALF, InRange(overlap_, upper=True)),
            (_HALF, InRange(kappa, upper=True), InRange(overlap_)),
            (_HALF, InRange(kappa, upper=True), Known(CENTRAL.name)),
            (_HALF, InRange(sum_), InRange(sum_)),
            (_HALF, InRange(sum_), Sign(sp.Rational(3, 2) - 2 / sp.pi)),
            (_HALF, InRange(sum_), Sign((4 + 2 / sp.pi) * q**3)),
        ),
        "(S − S*)S − (S₋ − S*)S₋ = (S − S₋)((S − S₋) + 2S₋ − S*)",
    ),
}
JUSTIFICATIONS |= {
    **{
        sentence.name: Identity("p is affine in v, so every sum over rows is one of V, S, D, V*, S*")
        for sentence in RATES
    },
    BEGINNING.name: Identity("put q = 1"),
    CENTRAL.name: Search("one variable"),
    EXAMPLE.name: Search("one variable, the numbers are exact"),
}
