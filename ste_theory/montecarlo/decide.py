"""Does a sampled mean agree with a claimed value, and which error would have been noticed?

The three questions of TensorFlow Probability's ``statistical_testing`` (an assertion, ``min_discrepancy_of…``,
``min_num_samples_for…``), for means of independent samples. A mean over N samples with standard error se has the pull

    (mean − claimed)/se  ~  N(0, 1)  if the claim is true,      ~ N(δ/se, 1)  if the mean is off by δ.

*Test*: reject if |pull| > z, z = Φ⁻¹(1 − α/(2K)). By the union bound K comparisons, however dependent, raise a false
alarm with probability at most α. *Smallest detectable error*: an error δ is caught with probability ≥ Φ(|δ|/se − z),
which is at least 1 − β (0.99 unless said otherwise) iff |δ| ≥ (z + z_β)·se with z_β = Φ⁻¹(1 − β). *Samples needed*: se
= sd/√N solved for N. A relative error is relative to a scale that the caller names, since the claimed value itself may
be zero.

**What is assumed.** The normal distribution of the pull is the central limit theorem, an approximation, used at z ≈ 5
or 6, where the Berry–Esseen bound (0.5·E|x|³/(sd³√N), about 10⁻³) says nothing. What supports it there: for a mean
divided by the standard error *estimated from the same samples*, three finite moments suffice for a tail probability
that is the normal one times exp(O(1)·(1 + z)³E|x|³/(sd³√N)) (Jing, Shao and Wang, Annals of Probability 31, 2003); to
leading order the factor is exp(∓γz³/(3√N)) on the two sides, γ the skewness. For z = 5.5, γ = 2 it is below 1.12 at N
= 10⁶, and 3 at N = 10⁴. All columns have all moments where μ′ grows at most polynomially, since σ is bounded; a
surrogate like exp(x²) is outside this argument. The correction for small N from estimating sd, z(z² + 1)/(4N), is
below it. And a column that differs from a constant only on an event rarer than about ln(1/α)/N may show none of its
variation; see ``compare``.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from ste_theory.model.errors import InvalidInput

POWER = 0.99
LARGEST_DETECTABLE = 0.02
UNIT_ROUNDOFF = 2.0**-53


class Outcome(StrEnum):
    """How a comparison ends. Inconclusive: no contradiction, but an error of 2 % could have gone unnoticed."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Comparison:
    """One sampled value against one claimed value.

    ``pull`` is (value − claimed)/standard_error, or ``None`` for an exact assertion (zero standard error);
    ``critical`` the |pull| above which the claim is rejected; ``detectable`` the smallest error, relative to the
    caller's scale, that is caught with the stated power.
    """

    label: str
    value: float
    claimed: float
    standard_error: float
    pull: float | None
    critical: float
    detectable: float
    outcome: Outcome


def critical_value(false_alarm_rate: float, comparisons: int) -> float:
    """z = Φ⁻¹(1 − α/(2K)): the |pull| that K true claims exceed, any of them, with probability at most α.

    Domain: 0 < α < 1, K ≥ 1; else ``InvalidInput``.

    >>> round(critical_value(1e-6, 100), 3)
    5.731
    """
    if not 0 < false_alarm_rate < 1:
        raise InvalidInput(f"false_alarm_rate must lie between 0 and 1, got {false_alarm_rate!r}")
    if isinstance(comparisons, bool) or not isinstance(comparisons, int) or comparisons < 1:
        raise InvalidInput(f"comparisons must be a positive integer, got {comparisons!r}")
    return -NormalDist().inv_cdf(false_alarm_rate / (2 * comparisons))


def detectable_error(
    standard_error: float, *, scale: float, critical: float, power: float = POWER, rounding: float = 0.0
) -> float:
    """((z + z_β)·se + 2·rounding)/scale: the smallest relative error caught with probability ≥ ``power``.

    ``rounding`` is an absolute bound on the rounding error of value and claim, which the test grants and an error must
    exceed. Domain: se, rounding ≥ 0, scale > 0, 0.5 ≤ power < 1; else ``InvalidInput``.

    >>> round(detectable_error(0.001, scale=2.0, critical=5.0), 6)
    0.003663
    """
    _require(standard_error >= 0 and math.isfinite(standard_error), "standard_error", standard_error)
    _require(scale > 0 and math.isfinite(scale), "scale", scale)
    _require(critical > 0 and math.isfinite(critical), "critical", critical)
    _require(0.5 <= power < 1, "power", power)
    _require(rounding >= 0 and math.isfinite(rounding), "rounding", rounding)
    return ((critical + NormalDist().inv_cdf(power)) * standard_error + 2 * rounding) / scale


def samples_needed(
    standard_deviation: float, *, detect: float, scale: float, critical: float, power: float = POWER
) -> int:
    """N = ⌈((z + z_β)·sd/(detect·scale))²⌉: the samples with which a relative error ``detect`` is caught.

    ``standard_deviation`` is that of one sample (standard_error·√samples of a first run). Domain as in
    ``detectable_error``.

    >>> samples_needed(1.0, detect=0.01, scale=1.0, critical=5.0)
    536754
    """
    _require(detect > 0 and math.isfinite(detect), "detect", detect)
    return max(
        1, math.ceil((detectable_error(standard_deviation, scale=scale, critical=critical, power=power) / detect) ** 2)
    )


def rounding_bound(roundings: int, scale: float) -> float:
    """γ_r·scale with γ_r = r·u/(1 − r·u), u = 2⁻⁵³: the error of a sum of products after r roundings per term.

    ``scale`` bounds the sum of the absolute values of the terms (Higham, Accuracy and Stability of Numerical
    Algorithms, §3.1).
    """
    return roundings * UNIT_ROUNDOFF / (1 - roundings * UNIT_ROUNDOFF) * scale


def compare(
    label: str,
    value: float,
    claimed: float,
    standard_error: float,
    *,
    scale: float,
    critical: float,
    samples: int,
    roundings: int,
    power: float = POWER,
    largest_detectable: float = LARGEST_DETECTABLE,
) -> Comparison:
    """fail if |value − claimed| > z·se + γ·scale, else pass if the smallest detectable error is ≤ 2 %, else
    inconclusive.

    ``scale`` is the size errors are relative to, at least the sum of the absolute values of the terms the value
    consists of where rounding is to be judged; ``roundings`` the operations on the way to a column
    (``Moments.roundings``), for the granted rounding error γ·scale, some 10⁻¹³ of the scale.

    Zero standard error (every sample gave the same number, bit for bit) is an exact assertion: the claim must equal
    the value up to γ·scale. If it does not, the difference may still come from an event so rare that N samples missed
    it. An event of probability p is missed with probability (1 − p)^N ≤ e^{−pN}; so up to ln(1/α)/N·scale, α the
    false-alarm rate of this comparison, the outcome is inconclusive, beyond it fail; this limit is counted in
    ``detectable``.

    Raises ``InvalidInput`` for a number that is not finite or outside the domains above.

    >>> compare("loss", 0.2505, 0.25, 0.0004, scale=0.25, critical=5.0, samples=10**6, roundings=50).outcome
    <Outcome.PASS: 'pass'>
    """
    for name, number in (("value", value), ("claimed", claimed)):
        if not math.isfinite(number):
            raise InvalidInput(f"{name} of {label} must be finite, got {number!r}")
    _require(samples >= 1, "samples", samples)
    granted = rounding_bound(roundings, scale)
    unseen = -math.log(math.erfc(critical / math.sqrt(2))) / samples if standard_error == 0 else 0.0
    detectable = unseen + detectable_error(
        standard_error, scale=scale, critical=critical, power=power, rounding=granted
    )
    difference = abs(value - claimed)
    rejected = difference > critical * standard_error + granted
    if rejected:
        outcome = Outcome.FAIL if difference > granted + unseen * scale else Outcome.INCONCLUSIVE
    else:
        outcome = Outcome.PASS if detectable <= largest_detectable else Outcome.INCONCLUSIVE
    pull = None if standard_error == 0 else (value - claimed) / standard_error
    return Comparison(label, value, claimed, standard_error, pull, critical, detectable, outcome)


def _require(condition: bool, name: str, value: float) -> None:
    if not condition:
        raise InvalidInput(f"{name} is outside its domain: {value!r}")
