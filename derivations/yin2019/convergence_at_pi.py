"""A start at θ = π stays there: v converges to v_sp, and w keeps its direction."""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import CauchySchwarz, Decomposition, Identity, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.general.descent import ETA, ROOT, SLOPE, eta, response
from ste_theory.derivations.yin2019 import relu as relu_claim
from ste_theory.derivations.yin2019.bound import PSI
from ste_theory.derivations.yin2019.landscape import ALONG_V, D_SPURIOUS, SPURIOUS, SQUARED_ALONG_V
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity, relu
from ste_theory.model.symbols import D, V, m, rho, theta, v
from ste_theory.model.symbols import k as row

OFFSET = v[row] - SPURIOUS
TOTAL = row_sum(OFFSET)
SLOPE_V = ALONG_V.subs(theta, sp.pi)
MOVED = OFFSET - eta * SLOPE_V
SMALL = Variable(eta, sp.S.Zero, 4 / (m + 1))
TANGENTIAL = binary_gradients.STATEMENT.formula(Quantity.COARSE_TANGENTIAL).subs(binary_gradients.response, response)
RADIAL = relu_claim.STATEMENT.formula(Quantity.COARSE_RADIAL)

STRAIGHT = Sentence(
    name="the direction stays",
    left=TANGENTIAL.subs(theta, sp.pi) ** 2,
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="at θ = π the tangential part −D sinθ M/√(2π) is 0 for every surrogate: w′ = (ρ − ηA)ŵ",
    variables=(Variable(response, sp.S.Zero),),
)
LINEAR = Sentence(
    name="the step of v",
    left=row_sum((MOVED - (OFFSET - eta / 4 * (OFFSET + TOTAL))) ** 2),
    relation=Relation.EQUAL,
    right=sp.S.Zero,
    words="v′ − v_sp = (I − ηB/4)(v − v_sp) at θ = π",
    variables=(ETA,),
)
SUMMABLE = Sentence(
    name="the squares of the steps",
    left=row_sum(OFFSET**2) - row_sum(MOVED**2),
    relation=Relation.AT_LEAST,
    right=eta**2 * row_sum(SLOPE_V**2),
    words="η²‖p‖² ≤ ‖v − v_sp‖² − ‖v′ − v_sp‖² for η ≤ 4/(m+1): over all steps at most ‖v⁰ − v_sp‖²",
    variables=(SMALL,),
)
CONTRACTS = Sentence(
    name="v converges",
    left=(1 - eta / 4) ** 2 * row_sum(OFFSET**2),
    relation=Relation.AT_LEAST,
    right=row_sum(MOVED**2),
    words="‖v′ − v_sp‖ ≤ (1 − η/4)‖v − v_sp‖ for η ≤ 4/(m+1)",
    variables=(SMALL,),
)
BALANCE = Sentence(
    name="what w pays under ReLU",
    left=ROOT * (rho - eta * RADIAL) - with_student(V, v[row] - eta * ALONG_V),
    relation=Relation.EQUAL,
    right=ROOT * rho - V - eta**2 * SQUARED_ALONG_V - eta * D * PSI / 2,
    words="√(2π)(ρ − ηA) − ‖v′‖² = √(2π)ρ − ‖v‖² − η²‖p‖² − ½ηDψ under ReLU, and ψ = 0 at θ = π (where A is the limit "
    "of its formula): √(2π)‖wᵗ‖ ≥ √(2π)‖w⁰‖ − ‖v⁰‖² − ‖v⁰ − v_sp‖²",
    variables=(ETA,),
)
THERE = Sentence(
    name="the overlap there",
    left=with_student(D, SPURIOUS),
    relation=Relation.EQUAL,
    right=D_SPURIOUS,
    words="v_spᵀv* = 2(1ᵀv*)²/(m+1) − ‖v*‖²: where it is positive, f falls as θ leaves π, and the limit is no minimum",
)
SENTENCES = (STRAIGHT, LINEAR, SUMMABLE, CONTRACTS, BALANCE, THERE, SLOPE)


def proof() -> Proof:
    """At θ = π the algorithm is linear in v."""
    spare = Sign(m / (m + 1))  # 1 − η/4 = ¼(4/(m+1) − η) + m/(m+1)
    gram = CauchySchwarz(OFFSET, sp.S.One)
    half = Sign(eta / (2 * m))
    summable = Decomposition(
        (
            (half, Sign(sp.Rational(1, 4)), InRange(eta, upper=True), gram),
            (half, spare, gram),
            (half, Sign((m + 1) ** 2 / 4), InRange(eta, upper=True), Square(TOTAL)),
        ),
        "2ηxᵀp − 2η²‖p‖² with p = Bx/4, m‖x‖² ≥ (1ᵀx)²",
    )
    quarter = Sign(eta / 4)
    contracts = Decomposition(
        (
            (quarter, Sign((m + 2) / 4), InRange(eta, upper=True), Square(TOTAL)),
            (quarter, Sign(m / (m + 1)), Square(TOTAL)),
        ),
        "the difference is (η/4)(2 − (m+2)η/4)(1ᵀx)²",
    )
    return Proof(
        justifications={
            STRAIGHT.name: Identity("sin π = 0"),
            LINEAR.name: Identity("4p = B(v − v_sp) at θ = π"),
            SUMMABLE.name: summable,
            CONTRACTS.name: contracts,
            BALANCE.name: Identity("√(2π)A = 2vᵀp + ½Dψ"),
            THERE.name: Identity("B⁻¹ = I − 11ᵀ/(m+1)"),
            SLOPE.name: Identity("f is linear in θ"),
        },
        conclusion="As long as ρ − ηA > 0 the next w has the same direction. For ReLU √(2π)‖wᵗ‖ = √(2π)‖w⁰‖ − ‖v⁰‖² + "
        "‖vᵗ‖² − η²Σ‖p‖² has a limit, which is positive if √(2π)‖w⁰‖ > ‖v⁰‖² + ‖v⁰ − v_sp‖², and so are all before it.",
    )


CLAIM = Claim(
    id="yin2019.convergence-at-pi",
    title="A start at θ = π stays there",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let θ⁰ = π and 0 < η ≤ 4/(m+1). As long as w does not reach 0, θ = π for every surrogate and "
        "‖vᵗ − v_sp‖ ≤ (1 − η/4)ᵗ‖v⁰ − v_sp‖. For ReLU it never does if √(2π)‖w⁰‖ > ‖v⁰‖² + ‖v⁰ − v_sp‖², and then "
        "(v, w) converges to (v_sp, −ρw*) with ρ > 0, also where v_spᵀv* > 0 and that point is neither a minimum nor "
        "a saddle of the printed kind.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, any surrogate with E|ξμ′(ρξ)| < ∞, ‖w*‖ = 1, θ⁰ = π, w⁰ ≠ 0.",
        degenerate="In floats a start at θ = π is one at which w is exactly a multiple of w*. θ⁰ = 0 stays as well, "
        "with v* for v_sp.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), identity()), Problem(binary(), relu())),
    proof=proof,
    planted=(
        resentenced("at π/2", STRAIGHT, left=TANGENTIAL.subs(theta, sp.pi / 2) ** 2, caught_by=WitnessKind.PROOF),
        resentenced(
            "without the sums",
            LINEAR,
            left=row_sum((MOVED - (1 - eta / 4) * OFFSET) ** 2),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("three times the squares", SUMMABLE, right=3 * SUMMABLE.right, caught_by=WitnessKind.PROOF),
        resentenced(
            "twice the step",
            SUMMABLE,
            variables=(Variable(eta, sp.S.Zero, 8 / (m + 1)),),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "twice as fast", CONTRACTS, left=(1 - eta / 2) ** 2 * row_sum(OFFSET**2), caught_by=WitnessKind.PROOF
        ),
        resentenced("nothing is lost", BALANCE, right=ROOT * rho - V - eta * D * PSI / 2, caught_by=WitnessKind.PROOF),
        resentenced("the overlap of a minimum", THERE, right=-D_SPURIOUS, caught_by=WitnessKind.PROOF),
    ),
    proof_uses=("general.binary-gradients", "yin2019.relu", "yin2019.gradient", "yin2019.loss"),
)
