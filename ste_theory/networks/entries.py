"""What the backward passes of snntorch, norse, spikingjelly and brevitas compute, as formulas.

Read from the sources of the releases named in ``requirements-torch.lock`` and checked against them by running
(``tests/networks``). ``remark`` says where the code differs from what its documentation prints.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.model.surrogates import Surrogate, from_formulas

Parameters = Mapping[str, Fraction]
Cuts = Callable[[Parameters], Sequence[Fraction]]


@dataclass(frozen=True)
class Sample:
    """What an entry's parameters are estimated from: the read derivative and the places of its breakpoints."""

    at: Callable[[float], float]
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class Entry:
    """A named derivative with parameters.

    ``formulas`` are the pieces, left to right, ``cuts`` the breakpoints and ``values`` what the code gives there, both
    from the parameters; ``estimate`` finds the parameters from values of the derivative.
    """

    name: str
    formulas: tuple[str, ...]
    defaults: tuple[tuple[str, Fraction], ...] = ()
    cuts: Cuts = lambda _: ()
    values: Callable[[Parameters], Sequence[Fraction]] = lambda _: ()
    estimate: Callable[[Sample], Mapping[str, float]] = lambda _: {}
    remark: str = ""

    def build(self, **parameters: Fraction) -> Surrogate:
        """The surrogate at the defaults, or at the given parameters."""
        values = dict(self.defaults) | parameters
        shown = ", ".join(f"{key}={value}" for key, value in parameters.items())
        name = f"{self.name}({shown})" if shown else self.name
        surrogate = from_formulas(name, self.formulas, tuple(self.cuts(values)), **values)
        return dataclasses.replace(surrogate, at_breakpoints=tuple(self.values(values)))


def _sparse(sample: Sample) -> dict[str, float]:
    """Slope and threshold of 1/(1 + slope·x)² beyond B."""
    end = sample.cuts[-1]
    return {"slope": (1 / math.sqrt(sample.at(end + 1)) - 1) / (end + 1), "B": end}


ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def _zero(_: Parameters) -> tuple[Fraction, ...]:
    return (ZERO,)


def _even(formula: str) -> tuple[str, str]:
    """A formula in u = |x| on the two half-lines."""
    return formula.replace("u", "(-x)"), formula.replace("u", "x")


def _last(sample: Sample) -> float:
    return sample.cuts[-1]


_A = "alpha"
ENTRIES = (
    Entry("identity", ("1",)),
    Entry("relu", ("0", "1"), (), _zero, lambda p: (ZERO,)),
    Entry(
        "clipped_relu", ("0", "1", "0"), (("clip", ONE),), lambda p: (ZERO, p["clip"]), lambda p: (ZERO, ZERO),
        lambda s: {"clip": _last(s)},
    ),
    Entry(
        "hardtanh", ("0", "1", "0"), (("clip", ONE),), lambda p: (-p["clip"], p["clip"]), lambda p: (ZERO, ZERO),
        lambda s: {"clip": _last(s)}, "BNN's window; libraries differ in the value at ±clip",
    ),
    Entry("snntorch.triangular", ("threshold", "-threshold"), (("threshold", ONE),), _zero,
          lambda p: (-p["threshold"],), lambda s: {"threshold": s.at(-1.0)}, "odd: no signal at any scale"),
    Entry("snntorch.fast_sigmoid", _even("1/(1 + slope*u)^2"), (("slope", Fraction(25)),), _zero,
          lambda p: (ONE,), lambda s: {"slope": 1 / math.sqrt(s.at(1.0)) - 1}),
    Entry("snntorch.sigmoid", ("slope/4/cosh(slope*x/2)^2",), (("slope", Fraction(25)),),
          estimate=lambda s: {"slope": 4 * s.at(0.0)},
          remark="slope·exp(−slope·x) overflows to inf/inf, in float32 below −(88.7 − log slope)/slope"),
    Entry("snntorch.atan", ("alpha/2/(1 + (pi*alpha*x/2)^2)",), ((_A, Fraction(2)),),
          estimate=lambda s: {_A: 2 * s.at(0.0)}, remark="documented with 1/π where the code has alpha/2"),
    Entry("snntorch.heaviside", ("0", "1"), (), _zero, lambda p: (ZERO,), remark="documented as 1 at the threshold"),
    Entry("snntorch.spike_rate_escape", ("slope*exp(beta*(x - 1))", "slope*exp(-beta*(x - 1))"),
          (("beta", ONE), ("slope", Fraction(25))), lambda _: (ONE,), lambda p: (p["slope"],),
          lambda s: {"beta": math.log(s.at(1.0) / s.at(2.0)), "slope": s.at(1.0)},
          "centred at x = 1, although x is the potential minus the threshold"),
    Entry("snntorch.SFS", ("0", "1/(1 + slope*x)^2"), (("slope", Fraction(25)), ("B", ONE)), lambda p: (p["B"],),
          lambda _: (ZERO,), _sparse),
    Entry("norse.superspike", _even("1/(1 + u)^2"), (), _zero, lambda _: (ONE,),
          remark="the argument alpha is not used"),
    Entry("norse.heavi_erfc", ("2/sqrt(pi)*exp(-(k*x)^2)",), (("k", ONE),),
          estimate=lambda s: {"k": math.sqrt(math.log(s.at(0.0) / s.at(0.5))) / 0.5},
          remark="the factor k/2 of the derivative of erf(kx)/2 is missing; √π is rounded to float32"),
    Entry("norse.heavi_tanh", ("1/cosh(k*x)^2",), (("k", ONE),),
          estimate=lambda s: {"k": math.acosh(1 / math.sqrt(s.at(0.5))) / 0.5},
          remark="the factor k/2 of the derivative of tanh(kx)/2 is missing"),
    Entry("norse.heavi_circ", ("1/(1 + (x/alpha)^2)^(3/2)",), ((_A, ONE),),
          estimate=lambda s: {_A: 1 / math.sqrt(s.at(1.0) ** (-2 / 3) - 1)}),
    Entry("norse.triangle", ("0", "alpha*(1 + x)", "alpha*(1 - x)", "0"), ((_A, Fraction(3, 10)),),
          lambda _: (-ONE, ZERO, ONE), lambda p: (ZERO, p[_A], ZERO), lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.PiecewiseQuadratic", ("0", "alpha*(1 + alpha*x)", "alpha*(1 - alpha*x)", "0"), ((_A, ONE),),
          lambda p: (-1 / p[_A], ZERO, 1 / p[_A]), lambda p: (ZERO, p[_A], ZERO), lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.PiecewiseExp", _even("alpha/2*exp(-alpha*u)"), ((_A, ONE),), _zero,
          lambda p: (p[_A] / 2,), lambda s: {_A: 2 * s.at(0.0)}),
    Entry("spikingjelly.Sigmoid", ("alpha/4/cosh(alpha*x/2)^2",), ((_A, Fraction(4)),),
          estimate=lambda s: {_A: 4 * s.at(0.0)}),
    Entry("spikingjelly.SoftSign", _even("alpha/2/(1 + alpha*u)^2"), ((_A, Fraction(2)),), _zero,
          lambda p: (p[_A] / 2,), lambda s: {_A: 2 * s.at(0.0)}),
    Entry("spikingjelly.SuperSpike", _even("alpha/(1 + u)^2"), ((_A, ONE),), _zero, lambda p: (p[_A],),
          lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.ATan", ("alpha/2/(1 + (pi*alpha*x/2)^2)",), ((_A, Fraction(2)),),
          estimate=lambda s: {_A: 2 * s.at(0.0)}),
    Entry("spikingjelly.NonzeroSignLogAbs", _even("alpha/(1 + alpha*u)"), ((_A, ONE),), _zero, lambda p: (p[_A],),
          lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.Erf", ("alpha/sqrt(pi)*exp(-(alpha*x)^2)",), ((_A, Fraction(2)),),
          estimate=lambda s: {_A: s.at(0.0) * math.sqrt(math.pi)}),
    Entry("spikingjelly.PiecewiseLeakyReLU", ("c", "1/(2*w)", "c"), (("w", ONE), ("c", Fraction(1, 100))),
          lambda p: (-p["w"], p["w"]), lambda p: (p["c"], p["c"]),
          lambda s: {"w": _last(s), "c": s.at(2 * _last(s))}),
    Entry("spikingjelly.SquarewaveFourierSeries", ("4/T_period*cos(2*pi*x/T_period)",), (("T_period", Fraction(8)),),
          estimate=lambda s: {"T_period": 4 / s.at(0.0)}, remark="n = 2; the code sums n − 1 terms"),
    Entry("spikingjelly.S2NN", ("alpha/4/cosh(alpha*x/2)^2", "beta/(x + 1)"), ((_A, Fraction(4)), ("beta", ONE)), _zero,
          lambda p: (p["beta"],), lambda s: {_A: 4 * s.at(-1e-300), "beta": s.at(0.0)}),
    Entry("spikingjelly.QPseudoSpike", _even("(1 + 2/(alpha - 1)*u)^(-alpha)"), ((_A, Fraction(2)),), _zero,
          lambda _: (ONE,), lambda s: {_A: _q_pseudo_spike(s)}),
    Entry("spikingjelly.LeakyKReLU", ("leak", "k"), (("leak", ZERO), ("k", ONE)), _zero, lambda p: (p["k"],),
          lambda s: {"leak": s.at(-1.0), "k": s.at(1.0)}),
    Entry("spikingjelly.FakeNumericalGradient", ("-1/x", "alpha", "1/x"), ((_A, Fraction(3, 10)),),
          lambda p: (-1 / p[_A], 1 / p[_A]), lambda p: (p[_A], p[_A]), lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.LogTailedReLU", (_A, "1", "1/x"), ((_A, ZERO),), lambda _: (ZERO, ONE), lambda p: (p[_A], ONE),
          lambda s: {_A: s.at(-1.0)}, "HWGQ's log-tailed backward"),
    Entry("spikingjelly.Rect", ("0", _A, "0"), ((_A, ONE),), lambda p: (-HALF / p[_A], HALF / p[_A]),
          lambda _: (ZERO, ZERO), lambda s: {_A: s.at(0.0)}),
    Entry("spikingjelly.MultiLevelSpikeCount", ("0", "1", "0"), (("max_spike_count", ONE),),
          lambda p: (ZERO, p["max_spike_count"]), lambda _: (ONE, ONE), lambda s: {"max_spike_count": _last(s)}),
    Entry("brevitas.abs_binary_sign_grad", ("-1", "1"), (), _zero, lambda _: (ONE,), remark="odd: no signal"),
    Entry("brevitas.ClampedBinaryQuant", ("0", "scale", "0"), (("scale", ONE),), lambda p: (-p["scale"], p["scale"]),
          lambda p: (p["scale"], p["scale"]), lambda s: {"scale": _last(s)}),
    Entry("brevitas.BinaryQuant", ("scale",), (("scale", ONE),), estimate=lambda s: {"scale": s.at(0.0)}),
    Entry("brevitas.TernaryQuant", ("scale", "0", "scale"), (("scale", ONE), ("threshold", HALF)),
          lambda p: (-p["scale"] * p["threshold"], p["scale"] * p["threshold"]), lambda _: (ZERO, ZERO),
          lambda s: {"scale": s.at(2 * _last(s)), "threshold": _last(s) / s.at(2 * _last(s))},
          "zero inside the dead zone"),
)  # fmt: skip


def _q_pseudo_spike(sample: Sample) -> float:
    """α from f(1) = (1 + 2/(α − 1))^(−α), decreasing in α: bisection on (1, 100)."""
    low, high, target = 1.0 + 1e-9, 100.0, -math.log(sample.at(1.0))
    # α·log((α + 1)/(α − 1)) falls from infinity to 2.
    for _ in range(200):
        middle = (low + high) / 2
        if middle * math.log((middle + 1) / (middle - 1)) > target:
            low = middle
        else:
            high = middle
    return low
