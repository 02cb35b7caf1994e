"""What replaces orthogonality: below 90° the leak is at most cosα, the coarse gradient is small in the mean up to it,
and square summable under a margin condition."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof, Sign
from ste_theory.claims.trial import Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Vector, dot, square
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.leak import (
    LEAK,
    LONGER,
    MARGIN,
    MEAN,
    ONE_MORE,
    SENTENCES,
    SHARE,
    SUM,
    after,
    along,
    bound,
    constant,
    cosine,
    drain,
    foreign,
    leak,
    norm,
    past,
    rest,
    start,
    steps,
    theta,
    total,
)
from ste_theory.derivations.long2021.planes_at_an_angle import enclosed, several_steps, with_margin
from ste_theory.derivations.long2021.setting import (
    OURS,
    PROBLEMS,
    SURROGATES,
    WEIGHTS,
    domain,
    eta,
    own,
    part,
    rate,
    share,
    slab,
    speed,
)


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
