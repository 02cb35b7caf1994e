"""``ste_theory.analyze``: a surrogate, a quantizer, a verdict with its evidence."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from flint import arb

from ste_theory.analysis.behaviour import SCALES, Behaviour, behaviour
from ste_theory.analysis.closed_form import ClosedForm, closed_form
from ste_theory.analysis.even_part import Undecided, halves
from ste_theory.analysis.evidence import (
    Certificate,
    ClassMembership,
    Counterexample,
    Region,
    Soundness,
    pieces_of,
    steps_of,
)
from ste_theory.analysis.existence import Existence, existence
from ste_theory.analysis.fit import Fit, fit
from ste_theory.analysis.fourier import Cosines, cosines
from ste_theory.analysis.mass import response_ball
from ste_theory.analysis.membership import class_membership
from ste_theory.analysis.multilevel import search
from ste_theory.analysis.region import region
from ste_theory.analysis.signs import Region as SignedRegion
from ste_theory.analysis.signs import regions
from ste_theory.analysis.soundness import verdict_of_one_step, where_it_exists
from ste_theory.analysis.step import Step, largest_step
from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Exact, positive
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import Staircase, binary
from ste_theory.model.surrogates import Surrogate, identity
from ste_theory.rigorous.balls import digits, precision

QUADRATURE = "certified one-dimensional integral"
SCHEMA = "ste-theory-analysis/1"
FAR_OUT = Fraction(10**300)  # a scale beyond every bound of existence


@dataclass(frozen=True)
class Response:
    """M(x) = E μ′(xξ) at one scale, all digits but the last proven."""

    scale: str
    value: str


@dataclass(frozen=True)
class Analysis:
    """What is true of a surrogate under a quantizer, and how it is known.

    ``sound`` is "proved" (with ``certificate``), "refuted" (with ``counterexample``), "no signal" or "undecided", on
    pre-activation scales up to ``max_scale`` ("inf": all); ``reason`` says why in one sentence. ``response_form`` is M
    as a formula of x, or says that it is a certified integral. ``learning_rate`` is the factor for the step of w that
    makes the surrogate turn w as fast as ``reference`` does at scale 1. ``exists_until`` is where E|μ′(ρξ)| becomes
    infinite, if that is among the scales asked for; then ``max_scale`` lies just below.
    """

    surrogate: str
    quantizer: str
    max_scale: str
    sound: str
    reason: str
    certificate: Certificate | None
    counterexample: Counterexample | None
    region: Region | None
    sound_until: str
    exists_until: str
    response_form: str
    responses: tuple[Response, ...]
    gain: str
    reference: str
    learning_rate: str
    behaviour: Behaviour
    fit: Fit
    step: Step | None
    membership: ClassMembership
    mu: Surrogate = field(repr=False)
    staircase: Staircase = field(repr=False)

    @property
    def sound_as_asked(self) -> bool:
        """Whether it is proved sound at all the scales that were asked for."""
        return self.sound == "proved" and not self.exists_until

    def to_json(self) -> dict[str, Any]:
        """The analysis as a document; ``ste-theory check-certificate`` reads it and decides its evidence again."""
        document = asdict(self)
        evidence = {
            "pieces": [asdict(piece) for piece in pieces_of(self.mu)],
            "steps": steps_of(self.staircase),
            "certificate": self.certificate and self.certificate.to_json(),
            "counterexample": self.counterexample and self.counterexample.to_json(self.mu, self.staircase),
            "region": self.region and self.region.to_json(self.mu, self.staircase),
            "membership": self.membership.to_json(self.mu),
            "class": asdict(self.membership),
        }
        del document["mu"], document["staircase"]
        return {"schema": SCHEMA, **document, **evidence}

    def __str__(self) -> str:
        from ste_theory.render.analysis import text

        return text(self)

    def _repr_html_(self) -> str:
        from ste_theory.render.analysis import html

        return html(self)


def analyze(
    surrogate: Surrogate,
    quantizer: Staircase | None = None,
    max_scale: Exact | None = None,
    *,
    reference: Surrogate | None = None,
    rho: Exact = 1,
    v_star: Sequence[Exact] = (1,),
    bound: Exact = 10,
) -> Analysis:
    """Is the surrogate sound under the quantizer (binary by default) at scales up to ``max_scale`` (default: all)?

    ``reference`` (identity by default) is what the learning rate is compared with; ``rho`` and ``v_star`` are where the
    largest stable step is computed; ``bound`` is the largest pre-activation for which the bounds of the classification
    paper's class are given. Raises ``InvalidInput`` for arguments outside their domain.
    """
    if not isinstance(surrogate, Surrogate):
        raise InvalidInput(f"surrogate must come from ste_theory.surrogates, got {surrogate!r}")
    quantizer = binary() if quantizer is None else quantizer
    top = None if max_scale is None else positive(max_scale, "max_scale")
    exists = existence(surrogate)
    found, form, responses = _response(surrogate, exists)
    verdict = where_it_exists(exists, top, lambda scale: _verdict(surrogate, quantizer, scale))
    top = exists.within(top)
    reference = identity() if reference is None else reference
    gain = _gain(surrogate, found) if form is None else form.value(Fraction(1))
    gain = arb("nan") if exists.at(Fraction(1)) else gain
    return Analysis(
        surrogate.name,
        quantizer.name,
        "inf" if top is None else str(top),
        verdict.verdict,
        verdict.reason,
        verdict.certificate,
        verdict.counterexample,
        verdict.region,
        verdict.sound_until,
        verdict.exists_until,
        exists.at(Fraction(0)) or (str(form) if form is not None else QUADRATURE),
        responses,
        _digits(gain, 12),
        reference.name,
        _learning_rate(reference, gain),
        _behaviour(surrogate, found, exists),
        fit(surrogate, quantizer),
        largest_step(surrogate, positive(rho, "rho"), [positive_or_not(x) for x in v_star])
        if quantizer.is_binary and not exists.at(positive(rho, "rho"))
        else None,
        class_membership(surrogate, positive(bound, "bound")),
        surrogate,
        quantizer,
    )


def positive_or_not(value: Exact) -> Fraction:
    """An exact number of any sign."""
    from ste_theory.model.numbers import exact

    return exact(value, "v_star")


def single_step(quantizer: Staircase) -> bool:
    """One step at 0, of any height and offset: ∂f/∂ρ = 0, and the correlation is the binary one times d³."""
    return quantizer.thresholds == (Fraction(0),)


def _verdict(surrogate: Surrogate, quantizer: Staircase, top: Fraction | None) -> Soundness:
    if single_step(quantizer):
        return verdict_of_one_step(surrogate, top, quantizer.heights[0])
    found = search(Problem(quantizer, surrogate), top)
    where = region(surrogate, quantizer, top)
    known = where if isinstance(where, Region) else None
    if found.counterexample is not None:
        reason = "the radial part of the correlation outweighs the tangential part at a network with small parameters"
        if known is None:
            reason = f"{reason}; no sound region is certified: {where}"
        return Soundness("refuted", reason, None, found.counterexample, region=known)
    reason = f"no counterexample found in {found.looked_at} networks of small rational parameters"
    return Soundness("undecided", f"{reason}; {tangential(surrogate)}", region=known)


def tangential(surrogate: Surrogate) -> str:
    """What is proved for every staircase: b⊥ = s Σ d_k φ(τ_k) E μ′(ρ(τ_k c + sξ)) ≥ 0 for μ′ ≥ 0."""
    from ste_theory.analysis.behaviour import negative_parts

    try:
        negative = negative_parts(surrogate)
    except Undecided:
        return "the sign of μ′ is not settled"
    if negative:
        return "μ′ takes negative values, so not even the tangential part has a proven sign"
    return "proved: the tangential part is ≥ 0, because μ′ ≥ 0"


def _behaviour(surrogate: Surrogate, found: tuple[SignedRegion, ...] | None, exists: Existence) -> Behaviour:
    seen = behaviour(surrogate, found)
    drift = tuple(exists.at(scale) or text for scale, text in zip(SCALES, seen.drift, strict=True))
    small, large = exists.at(Fraction(0)) or seen.small_scales, exists.at(FAR_OUT) or seen.large_scales
    return replace(seen, drift=drift, small_scales=small, large_scales=large)


def _response(
    surrogate: Surrogate, exists: Existence
) -> tuple[tuple[SignedRegion, ...] | None, ClosedForm | Cosines | None, tuple[Response, ...]]:
    try:
        even = halves(surrogate)
    except Undecided:
        return None, None, ()
    form = closed_form(even) or cosines(even)
    try:
        found = regions(even)
    except Undecided:
        found = None
    values = []
    for scale in SCALES:
        value = arb("nan")
        try:
            if form is not None:
                value = form.value(scale)
            elif found is not None:
                value = response_ball(found, scale)
        except Undecided:
            pass
        shown = exists.at(scale) or _digits(value, 25 if form is not None else 15)
        values.append(Response(str(scale), shown))
    return found, form, tuple(values)


def _gain(surrogate: Surrogate, found: tuple[SignedRegion, ...] | None) -> arb:
    if found is None:
        return arb("nan")
    try:
        return response_ball(found, Fraction(1))
    except Undecided:
        return arb("nan")


def _learning_rate(reference: Surrogate, gain: arb) -> str:
    try:
        other = _gain(reference, regions(halves(reference)))
    except Undecided:
        return "not enclosed"
    if not gain.is_finite():
        return "not enclosed"
    with precision(96):
        return _digits(other / gain, 10) if gain > 0 else "none: the gain is not positive"


def _digits(value: arb, count: int) -> str:
    with precision(160):
        return digits(value, count) if value.is_finite() else "not enclosed"
