"""What settles whether a surrogate is sound: a certificate, a counterexample, or a region; each as a document.

``ste_theory.checker`` reads the documents and decides them again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate

RESPONSE, COUNTEREXAMPLE, REGION = "ste-theory-response/1", "ste-theory-counterexample/1", "ste-theory-region/1"
CLASS = "ste-theory-class/1"


@dataclass(frozen=True)
class Formula:
    """μ′ on (lower, upper), ends as text ("-inf", "inf"), the formula in the language of certificates."""

    lower: str
    upper: str
    formula: str


def pieces_of(surrogate: Surrogate) -> tuple[Formula, ...]:
    """The surrogate as a certificate states it."""
    from ste_theory.analysis.language import certified_text

    return tuple(
        Formula(
            "-inf" if piece.lower is None else str(piece.lower),
            "inf" if piece.upper is None else str(piece.upper),
            certified_text(piece.formula),
        )
        for piece in surrogate.pieces
    )


def steps_of(quantizer: Staircase) -> Mapping[str, Any]:
    """The staircase as a certificate states it."""
    return {
        "thresholds": list(map(str, quantizer.thresholds)),
        "heights": list(map(str, quantizer.heights)),
        "offset": str(quantizer.offset),
    }


@dataclass(frozen=True)
class SignRegion:
    """sign·(μ′(u) + μ′(−u)) ≥ 0 on [lower, upper], exact rationals as text; upper "inf" on the last."""

    lower: str
    upper: str
    sign: int
    method: str


@dataclass(frozen=True)
class ScaleBox:
    """x·M(x) ≥ bound > 0 for lower ≤ x ≤ upper (``lower`` "0": all smaller scales; ``upper`` "inf": all larger)."""

    lower: str
    upper: str
    bound: str
    method: str


@dataclass(frozen=True)
class Certificate:
    """Why M > 0 (or M = 0) on (0, max_scale]: the sign of the even part everywhere, and the scales covered by boxes.

    ``proof`` names the argument for the checker: "even part", "odd", "one change", "boxes" or "cosines";
    ``argument`` is the same in words.
    """

    surrogate: str
    pieces: tuple[Formula, ...]
    statement: str
    max_scale: str
    proof: str
    argument: str
    regions: tuple[SignRegion, ...] = ()
    boxes: tuple[ScaleBox, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The certificate as a document."""
        return {"schema": RESPONSE, **_plain(asdict(self))}


@dataclass(frozen=True)
class Counterexample:
    """A network whose expected coarse gradient points uphill: v, v*, ‖w‖, ‖w*‖, the angle, and the proven values."""

    v: tuple[str, ...]
    v_star: tuple[str, ...]
    rho: str
    rho_star: str
    angle: str
    correlation: str
    scale: str = ""
    response: str = ""

    def to_json(self, surrogate: Surrogate, quantizer: Staircase) -> dict[str, Any]:
        """The counterexample as a document."""
        pieces = [asdict(piece) for piece in pieces_of(surrogate)]
        stated = {"surrogate": surrogate.name, "pieces": pieces, "quantizer": steps_of(quantizer)}
        return {"schema": COUNTEREXAMPLE, **stated, **_plain(asdict(self))}


@dataclass(frozen=True)
class Region:
    """Networks where a staircase with several steps is sound: v = v*, ‖w‖ = ‖w*‖ in ``scales``, angles up to ``angle``.

    ``strips`` are the ranges of scales for which that is shown one by one.
    """

    scales: tuple[str, str]
    angle: str
    strips: tuple[tuple[str, str], ...]

    def to_json(self, surrogate: Surrogate, quantizer: Staircase) -> dict[str, Any]:
        """The region as a document."""
        return {
            "schema": REGION,
            "surrogate": surrogate.name,
            "pieces": [asdict(piece) for piece in pieces_of(surrogate)],
            "quantizer": steps_of(quantizer),
            "scales": list(self.scales),
            "angle": self.angle,
            "strips": [list(strip) for strip in self.strips],
        }


@dataclass(frozen=True)
class ClassMembership:
    """Where a surrogate stands with respect to the class of Long, Yin, Xin 2021 (reconstructed): g′ = 0 on x ≤ 0 and
    δ ≤ g′ ≤ δ̃ on x > 0, 0 < δ ≤ δ̃ < ∞; g′ = μ′.

    ``place``: "in", "in on bounded pre-activations" (then δ, δ̃ are for 0 < x ≤ ``bound``), "out" or "undecided".
    ``lower`` and ``upper`` are rationals with lower ≤ g′ ≤ upper, proved; ``at`` is a place where it fails.
    """

    place: str
    reason: str
    bound: str
    lower: str = ""
    upper: str = ""
    at: str = ""
    source: str = "Long, Yin, Xin 2021, reconstructed"

    def to_json(self, surrogate: Surrogate) -> dict[str, Any] | None:
        """The statement as a document; ``None`` where there is none that the formulas of the pieces prove."""
        outside = self.place == "out"
        if self.place == "undecided" or (outside and Fraction(self.at) in (0, *surrogate.breakpoints)):
            return None
        return {
            "schema": CLASS,
            "surrogate": surrogate.name,
            "pieces": [asdict(piece) for piece in pieces_of(surrogate)],
            "source": self.source,
            "place": "out" if outside else "in",
            "bound": self.bound,
            "lower": self.lower,
            "upper": self.upper,
            "at": self.at,
        }


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """Tuples as lists: what JSON reads back."""
    return {key: _listed(value) for key, value in document.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(item) for item in value]
    return _plain(value) if isinstance(value, dict) else value


@dataclass(frozen=True)
class Soundness:
    """The verdict for one quantizer: "proved", "refuted", "no signal" or "undecided", and why.

    ``sound_until``: where the verdict is "refuted", the scale x* with M > 0 on (0, x*), to the digits proven; "0" if
    there is none, empty if not known. ``exists_until``: the scale from which E|μ′(ρξ)| is infinite, where that is among
    the scales asked for and the verdict is about those below alone; "0" where no scale is known to have a mean; empty
    where all have.
    """

    verdict: str
    reason: str
    certificate: Certificate | None = None
    counterexample: Counterexample | None = None
    sound_until: str = ""
    region: Region | None = None
    exists_until: str = ""
