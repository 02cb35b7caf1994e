"""Is M(x) = E μ′(xξ) > 0 for all x in (0, R]? Decided from the signs of the even part e(u) = μ′(u) + μ′(−u).

x·M(x) = ∫₀^∞ e(u) φ(u/x) du =: K₊(x) − K₋(x) is, in t = 1/x², a Laplace transform of e in u²/2. Hence:

* e ≥ 0: M > 0 at all scales.
* e changes sign once, at u₀, from + to −: e^{u₀²/2x²}·x·M(x) falls strictly in x, because
  e(u)(u² − u₀²) ≤ 0. So M > 0 on (0, R] iff M(R) ≥ 0 and M ≠ 0 at R, and at all scales iff ∫e ≥ 0.
* otherwise K₊ and K₋, which grow with x, are compared on boxes; below the first box and above the last one by weights
  as above.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb

from ste_theory.analysis.boxes import cover
from ste_theory.analysis.even_part import Undecided, halves
from ste_theory.analysis.evidence import Certificate, Counterexample, SignRegion, Soundness, pieces_of
from ste_theory.analysis.existence import Existence, existence
from ste_theory.analysis.fourier import cosines
from ste_theory.analysis.mass import exactly_balanced, mass, response_ball
from ste_theory.analysis.search import first_root, negative_scale, simplest_between
from ste_theory.analysis.signs import Region, regions, sign_changes
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import ball, digits, precision

EVERYWHERE = "inf"


def soundness(surrogate: Surrogate, max_scale: Fraction | None, height: Fraction = Fraction(1)) -> Soundness:
    """The verdict for one step of the given height at 0 on (0, R], R = ``max_scale`` or all scales.

    Where E μ′(xξ) exists at smaller scales only, the verdict is about those; see ``Soundness.exists_until``.
    """
    return where_it_exists(existence(surrogate), max_scale, lambda top: verdict_of_one_step(surrogate, top, height))


def where_it_exists(
    found: Existence, max_scale: Fraction | None, decide: Callable[[Fraction | None], Soundness]
) -> Soundness:
    """The verdict at the scales at which the expected coarse gradient exists."""
    if found.problem:
        return Soundness("undecided", found.problem, exists_until=found.until)
    verdict = decide(found.within(max_scale))
    if not found.binds(max_scale):
        return verdict
    said = f"E|μ′(ρξ)| {'is infinite' if found.beyond else 'is not shown to be finite'} for ρ ≥ {found.until}"
    return replace(verdict, reason=f"{verdict.reason}; {said}", exists_until=found.until)


def verdict_of_one_step(surrogate: Surrogate, max_scale: Fraction | None, height: Fraction) -> Soundness:
    """The verdict at scales at which E μ′(xξ) is known to exist."""
    try:
        even = halves(surrogate)
        if (waves := cosines(even)) is not None and waves.positive:
            top = EVERYWHERE if max_scale is None else str(max_scale)
            argument = f"M(x) = {waves}, a sum of positive terms, so M(x) > 0 {reach(max_scale)}"
            pieces = pieces_of(surrogate)
            return Soundness("proved", argument, Certificate(surrogate.name, pieces, "M > 0", top, "cosines", argument))
        found = regions(even)
        verdict = _decide(surrogate, found, max_scale)
        network = verdict.counterexample
        if network is None:
            return verdict
        return replace(verdict, counterexample=_correlated(found, network, height))
    except Undecided as reason:
        return Soundness("undecided", str(reason))


def _correlated(found: tuple[Region, ...], network: Counterexample, height: Fraction) -> Counterexample:
    """m = 1, v = v* = ‖w*‖ = 1, θ = π/2, ‖w‖ = x: the correlation is d³M(x)/((2π)^{3/2} x) for a step of height d."""
    scale = Fraction(network.scale)
    with precision(128):
        value = response_ball(found, scale, bits=96, width=1e-18)
        correlation = ball(height**3) * value / ((2 * arb.pi()) ** (arb(3) / 2) * ball(scale))
        if not correlation < 0:
            raise Undecided(f"M({scale}) < 0 is not certified")
        return replace(network, correlation=digits(correlation, 8), response=digits(value, 8))


def _decide(surrogate: Surrogate, found: tuple[Region, ...], max_scale: Fraction | None) -> Soundness:
    signs = [region.sign for region in found if region.sign]

    def certificate(proof: str, argument: str) -> Certificate:
        top = EVERYWHERE if max_scale is None else str(max_scale)
        statement = "M = 0" if proof == "odd" else "M > 0"
        return Certificate(surrogate.name, pieces_of(surrogate), statement, top, proof, argument, texts(found))

    if not signs:
        argument = f"μ′ is odd: μ′(u) + μ′(−u) = 0 for every u, so M(x) = 0 {reach(max_scale)}"
        return Soundness("no signal", argument, certificate("odd", argument))
    if all(sign > 0 for sign in signs):
        argument = f"μ′(u) + μ′(−u) ≥ 0 everywhere and > 0 somewhere, so M(x) > 0 {reach(max_scale)}"
        return Soundness("proved", argument, certificate("even part", argument))
    if signs[0] < 0:
        return _refuted_at_once(found, max_scale)
    changes = sign_changes(found)
    if changes == 1:
        return _one_change(found, max_scale, certificate)
    return _several(found, max_scale, certificate, changes)


def reach(max_scale: Fraction | None) -> str:
    """The scales in words."""
    return "at every scale" if max_scale is None else f"at scales up to {max_scale}"


def texts(found: Sequence[Region]) -> tuple[SignRegion, ...]:
    """The regions as text."""
    return tuple(SignRegion(str(r.lower), "inf" if r.upper is None else str(r.upper), r.sign, r.method) for r in found)


def _refuted_at_once(found: tuple[Region, ...], max_scale: Fraction | None) -> Soundness:
    """e < 0 next to 0: M < 0 at every small scale."""
    top = max_scale if max_scale is not None else Fraction(1)
    for power in range(40):
        scale = top / 2**power
        if response_ball(found, scale) < 0:
            return _refuted(scale, "M < 0 at small scales: μ′(u) + μ′(−u) < 0 next to 0", "0")
    raise Undecided("the even part is negative next to 0, but no scale with M < 0 was certified")


def _one_change(
    found: tuple[Region, ...], max_scale: Fraction | None, certificate: Callable[[str, str], Certificate]
) -> Soundness:
    lemma = "μ′(u) + μ′(−u) changes sign once, from + to −, so e^{u₀²/2x²}·x·M(x) falls strictly in x"
    if max_scale is not None:
        at_end = response_ball(found, max_scale)
        if at_end > 0:
            argument = f"{lemma}; M({max_scale}) = {digits(at_end, 6)} > 0 proves M > 0 on (0, {max_scale}]"
            return Soundness("proved", argument, certificate("one change", argument))
        if not at_end < 0:
            raise Undecided(f"M({max_scale}) is 0 to within {digits(at_end.rad(), 3)}: the end of the range is a tie")
    else:
        total = sum((region.sign * mass(region) for region in found if region.sign), arb(0))
        balanced = total.is_finite() and total.contains(0) and exactly_balanced(found)
        if total >= 0 or balanced:
            shown = "0" if balanced or total == 0 else digits(total, 6)
            argument = f"{lemma}; ∫μ′ = {shown} ≥ 0, the limit of √(2π)·x·M(x), proves M > 0 at every scale"
            return Soundness("proved", argument, certificate("one change", argument))
    root = first_root(found, max_scale)
    if root is None:
        scale = negative_scale(found, max_scale)
        if scale is None:
            raise Undecided("μ′ changes sign once; the sign of ∫μ′ is not settled and no scale with M < 0 was found")
        return _refuted(scale, lemma, "")
    lower, upper = root
    scale = simplest_between(upper, upper * 2 if max_scale is None else max_scale)
    why = f"{lemma}; M changes sign at x = {shown_root(lower, upper)}: sound exactly below"
    return _refuted(scale, why, shown_root(lower, upper))


def _several(
    found: tuple[Region, ...], max_scale: Fraction | None, certificate: Callable[[str, str], Certificate], changes: int
) -> Soundness:
    scale = negative_scale(found, max_scale)
    if scale is None:
        boxes = cover(found, max_scale)
        argument = f"μ′(u) + μ′(−u) changes sign {changes} times; M > 0 on {len(boxes)} boxes that cover the scales"
        return Soundness("proved", argument, replace(certificate("boxes", argument), boxes=boxes))
    root = first_root(found, scale)
    until = ""
    if root is not None:
        try:
            cover(found, root[0] * (1 - Fraction(1, 1000)))
            until = shown_root(*root)
        except Undecided:
            until = ""
    return _refuted(scale, f"M < 0 at x = {scale}", until)


def shown_root(lower: Fraction, upper: Fraction) -> str:
    """The digits that both ends share, the last one rounded."""
    with precision(128):
        return digits(ball(lower).union(ball(upper)), 15)


def _refuted(scale: Fraction, reason: str, until: str) -> Soundness:
    network = Counterexample(("1",), ("1",), str(scale), "1", "π/2", "", str(scale))
    return Soundness("refuted", reason, None, network, until)
