"""SpikingJelly: every surrogate function of its module. x is the membrane potential minus the threshold."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_SOURCE = "SpikingJelly 2.0.0"


def _alpha(default: str, meaning: str = "steepness") -> tuple[Parameter, ...]:
    return (Parameter("alpha", default, meaning),)


ENTRIES = (
    Entry("spikingjelly.PiecewiseQuadratic", "Max(0, alpha - alpha^2*Abs(x))", _SOURCE, _alpha("1"), "a triangle"),
    Entry("spikingjelly.PiecewiseExp", "alpha/2*exp(-alpha*Abs(x))", _SOURCE, _alpha("1")),
    Entry("spikingjelly.Sigmoid", "alpha/(2 + 2*cosh(alpha*x))", _SOURCE, _alpha("4")),
    Entry("spikingjelly.SoftSign", "1/(2*alpha*(1/alpha + Abs(x))^2)", _SOURCE, _alpha("2")),
    Entry("spikingjelly.SuperSpike", "alpha/(1 + Abs(x))^2", _SOURCE, _alpha("1", "height")),
    Entry("spikingjelly.ATan", "alpha/2/(1 + (pi*alpha*x/2)^2)", _SOURCE, _alpha("2"), same_as="snntorch.atan"),
    Entry("spikingjelly.NonzeroSignLogAbs", "1/(1/alpha + Abs(x))", _SOURCE, _alpha("1"), "decays like 1/|x|"),
    Entry("spikingjelly.Erf", "alpha/sqrt(pi)*exp(-(alpha*x)^2)", _SOURCE, _alpha("2")),
    Entry(
        "spikingjelly.PiecewiseLeakyReLU",
        "Piecewise((1/(2*w), Abs(x) < w), (c, True))",
        _SOURCE,
        (Parameter("w", "1", "half width"), Parameter("c", "1/100", "gradient outside", positive=False)),
        "1/w inside in releases before 2.0",
    ),
    Entry(
        "spikingjelly.SquarewaveFourierSeries",
        "4/T_period*cos(2*pi*x/T_period)",
        _SOURCE,
        (Parameter("T_period", "8", "period"),),
        "n = 2, the default, which has one term; periodic, takes negative values",
    ),
    Entry(
        "spikingjelly.SquarewaveFourierSeries4",
        "4/T_period*(cos(2*pi*x/T_period) + cos(6*pi*x/T_period) + cos(10*pi*x/T_period))",
        _SOURCE,
        (Parameter("T_period", "8", "period"),),
        "n = 4: three terms; periodic, takes negative values",
    ),
    Entry(
        "spikingjelly.S2NN",
        "Piecewise((alpha/(2 + 2*cosh(alpha*x)), x < 0), (beta/(x + 1), True))",
        _SOURCE,
        (*_alpha("4", "steepness for x < 0"), Parameter("beta", "1", "height for x >= 0")),
        "decays like 1/x; its documentation prints beta*(x + 1)",
    ),
    Entry(
        "spikingjelly.QPseudoSpike",
        "(1 + 2*Abs(x)/(alpha - 1))^(-alpha)",
        _SOURCE,
        _alpha("2", "weight of the tail, above 1"),
    ),
    Entry(
        "spikingjelly.LeakyKReLU",
        "Piecewise((leak, x < 0), (k, True))",
        _SOURCE,
        (
            Parameter("leak", "0", "gradient for x < 0", positive=False),
            Parameter("k", "1", "gradient for x >= 0", positive=False),
        ),
    ),
    Entry(
        "spikingjelly.FakeNumericalGradient",
        "Piecewise((alpha, Abs(x) <= 1/alpha), (1/Abs(x), True))",
        _SOURCE,
        _alpha("3/10", "greatest value"),
        "min(1/|x|, alpha); decays like 1/|x|",
    ),
    Entry(
        "spikingjelly.LogTailedReLU",
        "Piecewise((alpha, x <= 0), (1, x <= 1), (1/x, True))",
        _SOURCE,
        (Parameter("alpha", "0", "gradient for x <= 0", positive=False),),
        "hwgq.log_tailed with q = 1 at its default",
    ),
    Entry("spikingjelly.DeterministicPass", "1", _SOURCE, same_as="ste.identity"),
    Entry("spikingjelly.Rect", "Piecewise((alpha, Abs(x) < 1/(2*alpha)), (0, True))", _SOURCE, _alpha("1", "height")),
    Entry(
        "spikingjelly.MultiLevelSpikeCount",
        "Piecewise((1, 0 <= x <= max_spike_count), (0, True))",
        _SOURCE,
        (Parameter("max_spike_count", "4", "greatest number of spikes"),),
        "its default window",
    ),
)
