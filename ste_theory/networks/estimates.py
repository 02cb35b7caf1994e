"""The parameters of catalogue entries, estimated from values of a derivative that was read.

An estimate is a closed form in a few values; whether the entry with those parameters is the code is decided afterwards,
by comparison everywhere. Entries that are not listed are compared at their defaults.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Sample:
    """What parameters are estimated from: the read derivative, and the places of its breakpoints, increasing."""

    at: Callable[[float], float]
    cuts: tuple[float, ...]

    @property
    def first(self) -> float:
        """The first breakpoint."""
        return self.cuts[0]

    @property
    def last(self) -> float:
        """The last breakpoint."""
        return self.cuts[-1]


Estimate = Callable[[Sample], Mapping[str, float]]


def _inverse_square(sample: Sample) -> float:
    """b of A/(1 + b|x|)²."""
    return math.sqrt(sample.at(0.0) / sample.at(1.0)) - 1


def _hyperbolic(sample: Sample) -> float:
    """k of A/cosh(kx)²."""
    return math.acosh(math.sqrt(sample.at(0.0) / sample.at(0.5))) / 0.5


def _bell(sample: Sample) -> float:
    """k of A exp(−(kx)²)."""
    return math.sqrt(math.log(sample.at(0.0) / sample.at(0.5))) / 0.5


def _sparse(sample: Sample) -> dict[str, float]:
    """Slope and threshold of 1/(1 + slope·x)² beyond b."""
    end = sample.last
    return {"slope": (1 / math.sqrt(sample.at(end + 1)) - 1) / (end + 1), "b": end}


def _q_pseudo_spike(sample: Sample) -> float:
    """α from f(1) = (1 + 2/(α − 1))^(−α): α log((α + 1)/(α − 1)) falls from infinity to 2 on (1, ∞)."""
    low, high, target = 1.0 + 1e-9, 100.0, -math.log(sample.at(1.0))
    for _ in range(200):
        middle = (low + high) / 2
        if middle * math.log((middle + 1) / (middle - 1)) > target:
            low = middle
        else:
            high = middle
    return low


ESTIMATES: Mapping[str, Estimate] = MappingProxyType(
    {
        "atan'": lambda s: {"k": s.at(0.0)},
        "bellec2018.triangle": lambda s: {"gamma": s.at(0.0)},
        "brevitas.binary": lambda s: {"scale": s.at(0.0)},
        "brevitas.clamped_binary": lambda s: {"scale": s.last},
        "brevitas.ternary": lambda s: {"scale": s.at(2 * s.last), "threshold": s.last / s.at(2 * s.last)},
        "erf'": lambda s: {"k": s.at(0.0) * math.sqrt(math.pi) / 2},
        "gaussian": lambda s: {"sigma": 1 / (s.at(0.0) * math.sqrt(2 * math.pi))},
        "hwgq.clipped": lambda s: {"q": s.last},
        "hwgq.log_tailed": lambda s: {"q": s.last},
        "irnet.ede": lambda s: {"t": _hyperbolic(s), "k": s.at(0.0) / _hyperbolic(s)},
        "laplace": lambda s: {"width": 1 / (2 * s.at(0.0))},
        "larq.magnitude_aware_sign": lambda s: {"clip_value": s.last, "scale": s.at(0.0)},
        "larq.ste_sign": lambda s: {"clip_value": s.last},
        "larq.swish_sign": lambda s: {"beta": s.at(0.0)},
        "leaky_relu": lambda s: {"slope": s.at(-1.0)},
        "norse.circ_dist": lambda s: {"alpha": 1 / math.sqrt(s.at(1.0) ** (-2 / 3) - 1)},
        "norse.heavi_circ": lambda s: {"alpha": 1 / math.sqrt(s.at(1.0) ** (-2 / 3) - 1)},
        "norse.heavi_erfc": lambda s: {"k": _bell(s)},
        "norse.heavi_tanh": lambda s: {"k": _hyperbolic(s)},
        "norse.logistic": lambda s: {"k": _hyperbolic(s)},
        "norse.triangle": lambda s: {"alpha": s.at(0.0)},
        "pact": lambda s: {"alpha": s.last},
        "pytorch.clamp": lambda s: {"low": s.first, "high": s.last},
        "pytorch.hardtanh": lambda s: {"min_val": s.first, "max_val": s.last},
        "sigmoid'": lambda s: {"k": 4 * s.at(0.0)},
        "snntorch.atan": lambda s: {"alpha": 2 * s.at(0.0)},
        "snntorch.fast_sigmoid": lambda s: {"slope": _inverse_square(s)},
        "snntorch.sfs": _sparse,
        "snntorch.sigmoid": lambda s: {"slope": 4 * s.at(0.0)},
        "snntorch.spike_rate_escape": lambda s: {"beta": math.log(s.at(1.0) / s.at(2.0)), "slope": s.at(1.0)},
        "snntorch.triangular": lambda s: {"threshold": s.at(-1.0)},
        "softplus'": lambda s: {"k": 2 * math.atanh(2 * s.at(1.0) - 1)},
        "softsign'": lambda s: {"k": s.at(0.0)},
        "spikingjelly.ATan": lambda s: {"alpha": 2 * s.at(0.0)},
        "spikingjelly.Erf": lambda s: {"alpha": s.at(0.0) * math.sqrt(math.pi)},
        "spikingjelly.FakeNumericalGradient": lambda s: {"alpha": s.at(0.0)},
        "spikingjelly.LeakyKReLU": lambda s: {"leak": s.at(-1.0), "k": s.at(1.0)},
        "spikingjelly.LogTailedReLU": lambda s: {"alpha": s.at(-1.0)},
        "spikingjelly.MultiLevelSpikeCount": lambda s: {"max_spike_count": s.last},
        "spikingjelly.NonzeroSignLogAbs": lambda s: {"alpha": s.at(0.0)},
        "spikingjelly.PiecewiseExp": lambda s: {"alpha": 2 * s.at(0.0)},
        "spikingjelly.PiecewiseLeakyReLU": lambda s: {"w": s.last, "c": s.at(2 * s.last)},
        "spikingjelly.PiecewiseQuadratic": lambda s: {"alpha": s.at(0.0)},
        "spikingjelly.QPseudoSpike": lambda s: {"alpha": _q_pseudo_spike(s)},
        "spikingjelly.Rect": lambda s: {"alpha": s.at(0.0)},
        "spikingjelly.S2NN": lambda s: {"alpha": 4 * s.at(-1e-300), "beta": s.at(0.0)},
        "spikingjelly.Sigmoid": lambda s: {"alpha": 4 * s.at(0.0)},
        "spikingjelly.SoftSign": lambda s: {"alpha": 2 * s.at(0.0)},
        "spikingjelly.SquarewaveFourierSeries": lambda s: {"T_period": 4 / s.at(0.0)},
        "spikingjelly.SuperSpike": lambda s: {"alpha": s.at(0.0)},
        "stbp.rectangle": lambda s: {"a": 2 * s.last},
        "superspike": lambda s: {"beta": _inverse_square(s)},
        "tanh'": lambda s: {"k": s.at(0.0)},
        "window.leaky": lambda s: {"width": s.last, "leak": s.at(2 * s.last)},
        "window.shifted": lambda s: {"low": s.first, "high": s.last},
        "yin2019.clipped_relu": lambda s: {"clip": s.last},
    }
)
