"""What the data of other classes do to a neuron below 90°: its letters and what is said of them."""

import sympy as sp

from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.derivations.long2021.setting import (
    anything,
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
    words="r₁ ≥ r + ηa with a = component of the step along w_{j,i}; a ≥ U − l with the push U of class i: "
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
SENTENCES = (LEAK, LONGER, MARGIN, ONE_MORE, SUM, MEAN, SHARE)
