"""What settles whether a surrogate is sound: a certificate, or a counterexample."""

from dataclasses import asdict, dataclass
from typing import Any

KIND = "response-sign/1"
CHECKED_BY = (
    "no second program: made and verified by one, which evaluates every integral at two precisions and two subdivisions"
)


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
    """Why M > 0 (or M ≡ 0): the sign of the even part everywhere, the argument, and the scales covered by boxes."""

    surrogate: str
    max_scale: str
    argument: str
    regions: tuple[SignRegion, ...]
    boxes: tuple[ScaleBox, ...] = ()
    kind: str = KIND
    checked_by: str = CHECKED_BY

    def to_json(self) -> dict[str, Any]:
        """The certificate as a document."""
        return {"schema": f"ste-theory-certificate/{self.kind}", **asdict(self)}


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


@dataclass(frozen=True)
class Soundness:
    """The verdict for one quantizer: "proved", "refuted", "no signal" or "undecided", and why.

    ``sound_until``: where the verdict is "refuted", the scale x* with M > 0 on (0, x*), to the digits proven; "0" if
    there is none, empty if not known.
    """

    verdict: str
    reason: str
    certificate: Certificate | None = None
    counterexample: Counterexample | None = None
    sound_until: str = ""
