"""What replaces orthogonality: below 90° the leak is at most cosα, the coarse gradient is small in the mean up to it,
and square summable under a margin condition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import isqrt

import numpy as np
import sympy as sp
from flint import arb

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Vector, dot, square
from ste_theory.classification.plane import DEEPEST, Averages, Pair, averages
from ste_theory.derivations.long2021.cases import ANGLES, Case, cases
from ste_theory.derivations.long2021.integrals import INNER, OUTER, inner, length, size
from ste_theory.derivations.long2021.setting import (
    OURS,
    PROBLEMS,
    SURROGATES,
    WEIGHTS,
    anything,
    domain,
    eta,
    least,
    mass,
    most,
    nonnegative,
    outer,
    own,
    part,
    positive,
    rate,
    share,
    slab,
    speed,
)
from ste_theory.derivations.long2021.summability import SPEED
from ste_theory.rigorous.balls import ball

cosine, leak, rest, foreign = (sp.Symbol(name, nonnegative=True) for name in ("c", "l", "f", "p"))
norm, after, along, bound = sp.symbols("r r_1 a R", real=True)
start, total, past, drain = (sp.Symbol(name, nonnegative=True) for name in ("r_0", "S", "P", "d"))
constant, steps, theta = sp.Symbol("C", positive=True), sp.Symbol("T", positive=True), sp.Symbol("vartheta", real=True)
COSINE = Variable(cosine, sp.S.Zero, sp.S.One)
MOST_LEAK = cosine * own * most * outer * foreign

LEAK = Sentence(
    name="what leaks in",
    left=MOST_LEAK,
    relation=Relation.AT_LEAST,
    right=leak,
    words="the data of another class r enter the step of a neuron j of class i with −v_ij g′(h_j)x where ξ = i, with "
    "length f_r; f = Σ_r f_r ≤ v_ij ΔM p, p = Σ_{r≠i} π_r P_r(ℓ > 0, ξ = i, h_j > 0). Their component in V_i is "
    "l ≤ c f, c = cosα of the smallest angle (long2021.decoupling)",
    variables=(
        COSINE,
        *nonnegative(own, most, outer, foreign),
        Variable(rest, sp.S.Zero, own * most * outer * foreign),
        Variable(leak, sp.S.Zero, cosine * rest),
    ),
    hypotheses=positive(own, most, outer),
)
LONGER = Sentence(
    name="the norm after a step",
    left=after,
    relation=Relation.AT_LEAST,
    right=norm + eta * (speed - leak),
    words="r₁ ≥ r + ηa for the component a of the step along w_{j,i}, and a ≥ U − l with the push U of class i: "
    "r₁ ≥ r + η(U − l) whatever the sign",
    variables=(
        *nonnegative(eta, speed, leak),
        *anything(norm),
        Variable(along, speed - leak),
        Variable(after, norm + eta * along),
    ),
)
MARGIN = Sentence(
    name="a margin for one step",
    left=speed - leak,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="if cosα ΔM p ≤ π_i δ q²/2K, q = P_i(ℓ > 0, h_j > 0), the norm of w_{j,i} does not fall in the step",
    variables=(
        COSINE,
        *nonnegative(least, most, slab, share, own, outer, mass, foreign),
        Variable(speed, SPEED),
        Variable(leak, sp.S.Zero, MOST_LEAK),
    ),
    hypotheses=(
        *positive(least, most, slab, share, own, outer),
        Hypothesis(share * least * mass**2 - 2 * slab * cosine * most * outer * foreign),
    ),
)
SO_FAR = Variable(total, sp.S.Zero, (norm - start + rate * drain * past) / (rate * constant))
ENOUGH = Variable(norm, start - rate * drain * past)
ONE_MORE = Sentence(
    name="one more step",
    left=after - start + rate * drain * (past + foreign),
    relation=Relation.AT_LEAST,
    right=rate * constant * (total + part**2),
    words="if ηC·S ≤ r − r₀ + ηd·P for the sums S of G² and P of p so far, d = cosα v_ij ΔM, then also for one more, "
    "as U ≥ C G² and r₁ ≥ r + η(C G² − d p)",
    variables=(
        *nonnegative(rate, constant, part, start, drain, past, foreign),
        ENOUGH,
        SO_FAR,
        Variable(after, norm + rate * (constant * part**2 - drain * foreign)),
    ),
    hypotheses=positive(rate, constant),
)
SUM = Sentence(
    name="the sum",
    left=(bound - start) / (rate * constant) + drain * past / constant,
    relation=Relation.AT_LEAST,
    right=total,
    words="Σ_t ‖∇̃ᵗ_{j,i}‖² ≤ (R − r₀)/(ηC) + (d/C)·Σ_t pᵗ where ‖wᵗ_{j,i}‖ ≤ R, over the part of class i",
    variables=(*nonnegative(rate, constant, start, drain, past), ENOUGH, SO_FAR, Variable(bound, norm)),
    hypotheses=positive(rate, constant),
)
MEAN = Sentence(
    name="the mean",
    left=(bound - start) / (rate * constant * steps) + drain * (1 - share) / constant,
    relation=Relation.AT_LEAST,
    right=total / steps,
    words="p ≤ 1 − π_i: the mean over T steps is at most (R − r₀)/(ηCT) + cosα v_ij ΔM(1 − π_i)/C",
    variables=(
        *nonnegative(rate, constant, start, drain),
        Variable(bound, start),
        Variable(share, sp.S.Zero, sp.S.One),
        Variable(steps, sp.S.One),
        Variable(past, sp.S.Zero, steps * (1 - share)),
        Variable(total, sp.S.Zero, (bound - start) / (rate * constant) + drain * past / constant),
    ),
    hypotheses=positive(rate, constant, steps, share),
)
SHARE = Sentence(
    name="a margin for every step",
    left=speed - leak,
    relation=Relation.AT_LEAST,
    right=(1 - theta) * constant * part**2,
    words="if the leak is at most ϑU, 0 ≤ ϑ < 1, what is left is at least (1 − ϑ)C G²; if so in every step, the norms "
    "do not fall and Σ_t ‖∇̃ᵗ_{j,i}‖² ≤ (R − r₀)/(ηC(1 − ϑ)) by the steps of long2021.summability",
    variables=(
        *nonnegative(constant, part),
        Variable(theta, sp.S.Zero, sp.S.One),
        Variable(speed, constant * part**2),
        Variable(leak, sp.S.Zero, theta * speed),
    ),
    hypotheses=positive(constant),
)
# Masses and differences below this are not looked at: the balls have radii of some 10⁻⁵.
SEEN = Fraction(1, 1000)
SENTENCES = (LEAK, LONGER, MARGIN, ONE_MORE, SUM, MEAN, SHARE)


def realized(case: Case) -> Sequence[tuple[str, Exact]] | None:
    """Every neuron of random networks at an angle: the leak by squares; in one dimension, where norms are rational, the
    sentence about the step."""
    network, found, looked = case.network, list[tuple[str, Exact]](), False
    whole = network.step(case.data, case.surrogate)
    after_step = network.moved(whole, case.eta)
    for j, label in enumerate(network.owner):
        row, others = case.component(network.w[j], label), [p for p in case.data if p.y != label]
        from_class = [network.step(case.of_class(r), case.surrogate)[j] for r in range(len(case.bases)) if r != label]
        push = network.step(case.of_class(label), case.surrogate)[j]
        came = case.component(tuple(a - b for a, b in zip(whole[j], push, strict=True)), label)
        felt = sum((p.p for p in others if network.pulls(p, case.surrogate)[j]), Fraction(0))
        longest = max(square(p.x) for p in case.data)
        most_leak = case.cosine * network.v[label][j] * case.upper * felt
        if square(came) > most_leak**2 * longest or not _at_most_sum(came, from_class, case.cosine):
            raise Contradiction(f"more than cosα of the other classes' step enters w_{j + 1}")
        if not any(row):
            continue
        looked = True
        # r·r₁ ≥ ⟨w, w + ηs⟩ = r² + η⟨w, s⟩, by squares
        toward = square(row) + case.eta * (dot(row, push) + dot(row, came))
        now = case.component(after_step.w[j], label)
        if toward > 0 and square(row) * square(now) < toward**2:
            raise Contradiction(f"the norm of w_{j + 1} after the step is below r + ηa")
        if len(case.bases[label]) == 1 and (r := _root(square(row))) is not None:
            entered, shift = _root(square(came)), (dot(row, push) + dot(row, came)) / r
            reached = _root(square(now))
            if entered is not None and reached is not None:
                values: Exact = {
                    norm: r,
                    eta: case.eta,
                    speed: dot(row, push) / r,
                    leak: entered,
                    along: shift,
                    after: reached,
                }
                found.append((LONGER.name, values))
    return found if looked else None


def _at_most_sum(came: Vector, parts: Sequence[Vector], factor: Fraction) -> bool:
    """‖came‖ ≤ factor·Σ‖part‖ for at most two parts, by squares."""
    sizes = [square(part) for part in parts]
    over = square(came) - factor**2 * sum(sizes)
    return over <= 0 or (len(sizes) == 2 and over**2 <= 4 * factor**4 * sizes[0] * sizes[1])


def _root(value: Fraction) -> Fraction | None:
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root**2 == value else None


@dataclass(frozen=True)
class Planes:
    """Two planes at an angle, V₁ = ⟨e₁, se₂ + ce₃⟩ and V₂ = ⟨e₃, e₄⟩, π_i = ½, uniform on annuli, two neurons each."""

    rows: tuple[Vector, ...]
    v: tuple[Fraction, ...]
    c: Fraction
    s: Fraction
    deepest: int = DEEPEST

    def seen(self, label: int) -> list[Pair]:
        """The components of the rows in a plane."""
        return [(w[0], self.s * w[1] + self.c * w[2]) if label == 0 else (w[2], w[3]) for w in self.rows]

    @cached_property
    def integrals(self) -> tuple[Averages, Averages]:
        """What each class contributes."""
        nothing = Fraction(0)
        second = ((self.v[0], self.v[1], nothing, nothing), (nothing, nothing, self.v[2], self.v[3]))
        one, two = (
            averages(self.seen(label), second, label, 2, inner=INNER, outer=OUTER, deepest=self.deepest)
            for label in range(2)
        )
        return one, two

    def step(self, j: int) -> tuple[arb, ...]:
        """−∇̃_j in the coordinates of the space."""
        (a, b), (x, y) = (part.signed[j] for part in self.integrals)
        half = ball(Fraction(1, 2))
        return half * a, half * ball(self.s) * b, half * (ball(self.c) * b + x), half * y


def drawn(rng: np.random.Generator, *, scales: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))) -> Planes:
    """Rows in quarters, those of each class by its scale."""
    c, s = ANGLES[1 + int(rng.integers(4))]
    rows = [[Fraction(int(x), 4) for x in rng.integers(-12, 13, 4)] for _ in range(4)]
    scaled = [
        tuple(scale * x for x in (row[0] or Fraction(1), row[1], row[2] or Fraction(1), row[3]))
        for row, scale in zip(rows, (scales[0], scales[0], scales[1], scales[1]), strict=True)
    ]
    return Planes(tuple(scaled), tuple(Fraction(int(x), 4) for x in rng.integers(1, 4, 4)), c, s)


def _slab_constant() -> arb:
    return 2 * ball(OUTER) / (arb.pi() * ball(OUTER**2 - INNER**2))


def enclosed(rng: np.random.Generator, *, planes: Planes | None = None) -> Sequence[tuple[str, Balls]]:
    """The neurons of class 1 for one step η = 1."""
    planes = planes or drawn(rng)
    one, two = planes.integrals
    c, v, seen = planes.c, planes.v, planes.seen(0)
    found: list[tuple[str, Balls]] = []
    for j in range(2):
        if not (two.active[j] > ball(SEEN) and one.active[j] > ball(SEEN)):
            continue
        r, half = length(seen[j]), ball(Fraction(1, 2))
        push = tuple(half * ball(v[j]) * x for x in one.push[j])
        whole = tuple(half * x for x in two.signed[j])
        entered = ball(c) * whole[0]  # along the second basis vector of V₁
        u = inner(seen[j], (push[0], push[1])) / r
        a = inner(seen[j], (push[0], push[1] + entered)) / r
        reached = size((ball(seen[j][0]) + push[0], ball(seen[j][1]) + push[1] + entered))
        felt = half * two.active[j]
        letters: Balls = {cosine: c, own: v[j], most: 1, outer: OUTER, foreign: felt, leak: abs(entered)}
        if abs(whole[1]) > ball(SEEN):  # else l = c f, as far as balls tell
            found.append((LEAK.name, {**letters, rest: size((whole[0], whole[1]))}))
        apart = a - (u - abs(entered))
        # Where the leak points against the row, balls do not tell the component from its bound. Half-way between them
        # both comparisons are strict.
        if apart > ball(SEEN) or apart < 0:
            middle = a - apart / 2
            letters_of_step: Balls = {norm: r, eta: 1, speed: u, leak: abs(entered), along: middle, after: reached}
            found.append((LONGER.name, letters_of_step))
        q = one.active[j]
        if q**2 / 2 > 2 * _slab_constant() * ball(c) * felt:
            margins: Balls = {least: 1, slab: _slab_constant(), share: Fraction(1, 2), mass: q, speed: u}
            found.append((MARGIN.name, {**letters, **margins}))
    return found


def with_margin(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """One step where class 2 is classified well and class 1 is not, if there is a margin."""
    found = enclosed(rng, planes=drawn(rng, scales=(Fraction(1, 8), Fraction(8))))
    return [(name, letters) for name, letters in found if name == MARGIN.name]


STEPS, RATE, GRID, COARSE = 2, Fraction(1, 2), 2**24, 14


def several_steps(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """The sum and the mean over two steps of all rows. Each row is rounded to a grid after a step; R is raised by
    what that can add to its norm."""
    planes = start_at = replace(drawn(rng), deepest=COARSE)
    squares, felt, lost = [arb(0)] * 2, [arb(0)] * 2, [arb(0)] * 2
    longest = [length(row) for row in planes.seen(0)[:2]]
    for _ in range(STEPS):
        one, two = planes.integrals
        rows = []
        for j, row in enumerate(planes.rows):
            exact = tuple(ball(x) + ball(RATE) * y for x, y in zip(row, planes.step(j), strict=True))
            rows.append(tuple(Fraction(round(float(x) * GRID), GRID) for x in exact))
            if j < 2:
                push = tuple(ball(planes.v[j]) * x / 2 for x in one.push[j])
                squares[j] += size((push[0], push[1])) ** 2
                felt[j] += two.active[j] / 2
                lost[j] += sum((abs(x - ball(y)).upper() for x, y in zip(exact, rows[j], strict=True)), arb(0)).upper()
        planes = replace(planes, rows=tuple(rows))
        longest = [old.max(length(row)) for old, row in zip(longest, planes.seen(0), strict=False)]
    found: list[tuple[str, Balls]] = []
    for j in range(2):
        v, r_0 = planes.v[j], length(start_at.seen(0)[j])
        letters: Balls = {
            start: r_0,
            rate: RATE,
            constant: 1 / (_slab_constant() * ball(v) * ball(OUTER**2)),
            drain: planes.c * v * OUTER,
            past: felt[j],
            total: squares[j],
            bound: longest[j] + lost[j] + ball(SEEN),
        }
        found.append((SUM.name, {**letters, norm: length(planes.seen(0)[j]) + lost[j]}))
        found.append((MEAN.name, {**letters, share: Fraction(1, 2), steps: STEPS}))
    return found


def proof() -> Proof:
    """The leak subtracts from the growth of the norm."""
    return Proof(
        justifications={
            LEAK.name: Decomposition(
                ((Sign(cosine), InRange(rest, upper=True)), (InRange(leak, upper=True),)), "c(vΔMp − f) + (cf − l)"
            ),
            LONGER.name: Decomposition(
                ((InRange(after),), (Sign(eta), InRange(along))), "(r₁ − r − ηa) + η(a − U + l)"
            ),
            MARGIN.name: Decomposition(
                ((InRange(speed),), (InRange(leak, upper=True),), (Sign(own / (2 * slab)), Assumed(6))),
                "(U − πvδq²/2K) + (cvΔMp − l) + (v/2K)(πδq² − 2KcΔMp)",
            ),
            ONE_MORE.name: Decomposition(
                ((InRange(after),), (Sign(rate * constant), InRange(total, upper=True))), "the two bounds added"
            ),
            SUM.name: Decomposition(
                ((InRange(total, upper=True),), (Sign(1 / (rate * constant)), InRange(bound))),
                "r ≤ R in the bound of S",
            ),
            MEAN.name: Decomposition(
                (
                    (Sign(1 / steps), InRange(total, upper=True)),
                    (Sign(drain / (constant * steps)), InRange(past, upper=True)),
                ),
                "the sum divided by T, P ≤ T(1 − π_i)",
            ),
            SHARE.name: Decomposition(
                ((InRange(leak, upper=True),), (InRange(theta, upper=True), InRange(speed))),
                "(ϑU − l) + (1 − ϑ)(U − CG²)",
            ),
        },
        conclusion="By long2021.decomposition the data of class i see w_{j,i} alone at every angle, so that U ≥ π_i "
        "v_ij δq²/2K ≥ C‖∇̃_{j,i}‖² as in long2021.summability, C = δ/(2Kπ_i v_ij Δ²M²), ∇̃_{j,i} what class i "
        "contributes. Only the other classes' part is new: v_rj = 0 for r ≠ i, so it has the factor −v_ij where ξ = i "
        "and is 0 elsewhere. Where w_{j,i} = 0 there is no push, and r₁ ≥ 0 ≥ r − ηl.",
    )


CLAIM = Claim(
    id="long2021.at-an-angle",
    title="Below 90°: small gradients in the mean up to cosα, square summable under a margin",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let α be the smallest angle between V_i and any other V_r, v_ij > 0 and ‖wᵗ_{j,i}‖ ≤ R. With p the mass "
        "of the other classes' data that pull the neuron j inwards, q = P_i(ℓ > 0, h_j > 0) and C as in "
        "long2021.summability: (1) if cosα ΔM p ≤ π_i δq²/2K the norm of w_{j,i} does not fall in a step; (2) the mean "
        "over T steps of the squared coarse gradient of class i is at most (R − r₀)/(ηCT) + cosα v_ij ΔM(1 − π_i)/C; "
        "(3) if the leak is at most ϑ < 1 times the push of class i in every step, the squares are summable, with "
        "1 − ϑ in the place of orthogonality.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i has the weight π_i and a density ≤ p_max on m < |x| < M in V_i of dimension k; the V_i at any angles",
        WEIGHTS,
        SURROGATES,
        "full population",
        degenerate="α = 90°: (1) and (2) are long2021.norm-growth and long2021.summability. The margins are conditions "
        "on the iterates, not on the angle alone: q can go to 0 while p does not, and then norms can fall "
        "(long2021.norm-growth).",
    ),
    source=OURS,
    problems=PROBLEMS,
    proof=proof,
    trials=(Trial("subspaces at an angle", lambda: cases(angled=True), realized),),
    enclosed=(
        Enclosed("two planes at an angle", enclosed),
        Enclosed("two planes, a margin", with_margin),
        Enclosed("two planes, two steps", several_steps),
    ),
    planted=(
        resentenced("cosα(1 − cosα) for cosα", LEAK, left=LEAK.left * (1 - cosine), caught_by=WitnessKind.PROOF),
        resentenced("a hundredth of the leak", LEAK, left=LEAK.left / 100, caught_by=WitnessKind.ENCLOSURE),
        resentenced("nothing leaks", LONGER, right=norm + eta * (speed + leak), caught_by=WitnessKind.PROPERTIES),
        resentenced("twice the push", LONGER, right=norm + eta * (2 * speed + leak), caught_by=WitnessKind.ENCLOSURE),
        resentenced("twice the leak", MARGIN, left=speed - 2 * leak, caught_by=WitnessKind.PROOF),
        resentenced("no margin", MARGIN, hypotheses=MARGIN.hypotheses[:6], caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "without its leak",
            ONE_MORE,
            left=ONE_MORE.left - rate * drain * foreign,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the sum as at 90°", SUM, left=(bound - start) / (rate * constant), caught_by=WitnessKind.PROOF),
        resentenced("a thousandth of the sum", SUM, left=SUM.left / 1000, caught_by=WitnessKind.ENCLOSURE),
        resentenced("a thousandth of the mean", MEAN, left=MEAN.left / 1000, caught_by=WitnessKind.ENCLOSURE),
        resentenced("at 90°", MEAN, left=(bound - start) / (rate * constant * steps), caught_by=WitnessKind.PROOF),
        resentenced(
            "π_i for 1 − π_i", MEAN, left=MEAN.left - drain * (1 - 2 * share) / constant, caught_by=WitnessKind.PROOF
        ),
        resentenced("all of it is left", SHARE, right=constant * part**2, caught_by=WitnessKind.PROPERTIES),
    ),
    statement_uses=("long2021.decoupling", "long2021.summability"),
    proof_uses=("long2021.decomposition", "long2021.decoupling", "long2021.summability"),
)
