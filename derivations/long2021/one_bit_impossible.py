"""One bit is not enough: o(x) + o(−x) is constant, so the mean loss of symmetric data is at least 1."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, dot
from ste_theory.classification.plane import averages
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.integrals import INNER, OUTER, Seen, draw
from ste_theory.derivations.long2021.setting import PROBLEMS, SOURCE, anything, domain
from ste_theory.model.quantizers import binary
from ste_theory.rigorous.balls import ball

first, second, third, fourth = sp.symbols("l_1:5", real=True)
mine, other, mine_y, other_y = sp.symbols("p r p_y r_y", real=True)
total, rest = sp.symbols("c d", real=True)
mean, mean_y = sp.symbols("L_1 L_2", real=True)

LETTERS = anything(mine, other, mine_y, other_y, total, rest)
MARGINS = (mine - other, (total - mine) - (rest - other), other_y - mine_y, (rest - other_y) - (total - mine_y))
# ℓ = max{0, 1 − margin}: the half of it that the sentences need.
LOSSES = tuple(
    Variable(letter, 1 - margin) for letter, margin in zip((first, second, third, fourth), MARGINS, strict=True)
)
PAIR = Sentence(
    name="a point and its mirror image",
    left=first + second,
    relation=Relation.AT_LEAST,
    right=2 - total + rest,
    words="o(x) = (p, r) and o(−x) = (c − p, d − r) with (c, d) = V1: ℓ(x) + ℓ(−x) ≥ 2 − c + d for x of class 1",
    variables=(*LETTERS, *LOSSES[:2]),
)
MEAN = Sentence(
    name="four points",
    left=first + second + third + fourth,
    relation=Relation.AT_LEAST,
    right=sp.Integer(4),
    words="with y, −y of class 2, o(y) = (p_y, r_y): the four losses add up to at least 4",
    variables=(*LETTERS, *LOSSES),
)
WRONG = Sentence(
    name="one of four is wrong",
    left=sp.S.Zero,
    relation=Relation.ABOVE,
    right=MARGINS[3],
    words="if x, −x of class 1 and y of class 2 are classified correctly, −y is not: the margins add up to 0",
    variables=LETTERS,
    hypotheses=tuple(Hypothesis(margin, strict=True) for margin in MARGINS[:3]),
)
POPULATION = Sentence(
    name="the population",
    left=mean + mean_y,
    relation=Relation.AT_LEAST,
    right=sp.Integer(2),
    words="E₁ℓ ≥ 1 − (c − d)/2 and E₂ℓ ≥ 1 − (d − c)/2 for symmetric densities: the mean loss of two classes of equal "
    "weight is at least 1, which W = 0 attains",
    variables=(
        *anything(total, rest),
        Variable(mean, 1 - (total - rest) / 2),
        Variable(mean_y, 1 - (rest - total) / 2),
    ),
)
SENTENCES = (PAIR, MEAN, WRONG, POPULATION)


def realized(case: Case) -> Sequence[tuple[str, Exact]] | None:
    """A random network with one bit at x, −x of class 1 and y, −y of class 2."""
    network = Network(case.network.w, case.network.v[:2], 1)
    x, y = case.of_class(0)[0].x, case.of_class(1)[0].x
    if any(not dot(row, z) for row in network.w for z in (x, y)):
        return None  # a pre-activation that is 0 is excluded
    points = [Point(z, label) for z, label in ((x, 0), (_mirror(x), 0), (y, 1), (_mirror(y), 1))]
    o = [network.outputs(point.x) for point in points]
    sums = tuple(sum(row, Fraction(0)) for row in network.v)
    for one, two in ((0, 1), (2, 3)):
        if tuple(a + b for a, b in zip(o[one], o[two], strict=True)) != sums:
            raise Contradiction(f"o(x) + o(−x) is not V1 = {sums}")
    losses = [network.loss(point) for point in points]
    values: dict[sp.Symbol, Fraction] = {
        mine: o[0][0],
        other: o[0][1],
        mine_y: o[2][0],
        other_y: o[2][1],
        total: sums[0],
        rest: sums[1],
        **dict(zip((first, second, third, fourth), losses, strict=True)),
    }
    found: list[tuple[str, Exact]] = [(PAIR.name, values), (MEAN.name, values)]
    right = [network.correct(point) for point in points]
    if all(right[:3]):
        found.append((WRONG.name, values))
    if all(right):
        raise Contradiction("all four points are classified correctly")
    return found


def _mirror(x: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(-value for value in x)


def enclosed(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """The mean losses of both classes of a random network with one bit, each class on an annulus of its own plane."""
    one: Seen = draw(rng, bits=1, own=8, rivals=8)
    rows = [(Fraction(int(x), 4), Fraction(int(y) or 1, 4)) for x, y in rng.integers(-12, 13, (16, 2))]
    two = averages(rows, one.second, 1, 1, inner=INNER, outer=OUTER)
    sums = [sum(row, Fraction(0)) for row in one.second]
    excess = [one.found.loss - (1 - ball(sums[0] - sums[1]) / 2), two.loss - (1 - ball(sums[1] - sums[0]) / 2)]
    if any(x.contains(0) for x in excess):
        return []  # equality, as where no margin exceeds 1: balls do not decide it
    values: Balls = {total: sums[0], rest: sums[1], mean: one.found.loss, mean_y: two.loss}
    return [(POPULATION.name, values)]


def proof() -> Proof:
    """Add the losses: the outputs cancel."""
    lower = [InRange(letter.symbol) for letter in LOSSES]
    return Proof(
        justifications={
            PAIR.name: Decomposition(((lower[0],), (lower[1],)), "1 − p + r and 1 − (c − p) + (d − r)"),
            MEAN.name: Decomposition(tuple((fact,) for fact in lower), "the four margins add up to 0"),
            WRONG.name: Decomposition(
                ((Assumed(0),), (Assumed(1),), (Assumed(2),)), "minus the sum of the other three"
            ),
            POPULATION.name: Decomposition(((InRange(mean),), (InRange(mean_y),)), "c − d cancels"),
        },
        conclusion="For b = 1, σ(h) = 1{h > 0}, so σ(h) + σ(−h) = 1 for h ≠ 0 and o(x) + o(−x) = V1 wherever no "
        "pre-activation is 0, almost everywhere if all P_i w_j ≠ 0. With more than two classes o_ξ is at least the "
        "output of any chosen rival, so every pair of classes of equal weight has the mean loss 1 at least.",
    )


CLAIM = Claim(
    id="long2021.one-bit-impossible",
    title="One bit is not enough: the mean loss never falls below 1",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="Let b = 1, let the density of every class be symmetric, x ↦ −x, and P_i w_j ≠ 0 for all i and j. "
        "Then o(x) + o(−x) = V1 for almost all x, whatever W and V are. The mean loss over two classes of equal "
        "weight is at least 1, the value at W = 0, and at most three quarters of their data are classified "
        "correctly.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "b = 1; any V, any W with P_i w_j ≠ 0; class densities symmetric about 0",
        degenerate="Where P_i w_j = 0 is allowed, one bit suffices: rivals that are silent on V_i "
        "(long2021.hypotheses). From generic starts the algorithm does not get there.",
    ),
    source=SOURCE,
    problems=tuple(replace(problem, quantizer=binary()) for problem in PROBLEMS),
    proof=proof,
    trials=(
        Trial("random networks with one bit", lambda: cases(bits=1), realized),
        Trial("the same at an angle", lambda: cases(bits=1, angled=True), realized),
    ),
    enclosed=(Enclosed("mean losses in two planes", enclosed),),
    planted=(
        resentenced("a pair that costs 3", PAIR, right=PAIR.right + 1, caught_by=WitnessKind.PROOF),
        resentenced("the totals exchanged", PAIR, right=2 - rest + total, caught_by=WitnessKind.PROOF),
        resentenced("a loss of 5 for four points", MEAN, right=sp.Integer(5), caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "losses without their margins",
            MEAN,
            variables=(*LETTERS, *(Variable(v.symbol, sp.S.Zero) for v in LOSSES)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("one of three is wrong", WRONG, hypotheses=WRONG.hypotheses[:2], caught_by=WitnessKind.PROOF),
        resentenced("the fourth is right", WRONG, left=MARGINS[3], right=sp.S.Zero, caught_by=WitnessKind.PROOF),
        resentenced("a mean of 3/2 for each class", POPULATION, right=sp.Integer(3), caught_by=WitnessKind.PROOF),
        resentenced("each class alone", POPULATION, left=mean, right=sp.S.One, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("long2021.decomposition",),
)
