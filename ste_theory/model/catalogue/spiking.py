"""Spiking networks: snnTorch, Norse, SLAYER and Lava, papers. x is the membrane potential minus the threshold."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_SLOPE = (Parameter("slope", "25", "steepness"),)
_SUPERSPIKE = "1/(1 + slope*Abs(x))^2"
_K = (Parameter("k", "1", "steepness"),)
_TRIANGLE = "alpha*Max(0, 1 - Abs(x))"
_ALPHA = (Parameter("alpha", "3/10", "height"),)
_CIRCLE = "alpha^3/(alpha^2 + x^2)^(3/2)"
_RADIUS = (Parameter("alpha", "1", "width"),)
_RHO = (Parameter("tau_rho", "1", "width"), Parameter("scale_rho", "1", "gradient scale"))

ENTRIES = (
    Entry("snntorch.fast_sigmoid", _SUPERSPIKE, "snnTorch 1.0.0", _SLOPE),
    Entry(
        "snntorch.atan",
        "alpha/2/(1 + (pi*alpha*x/2)^2)",
        "snnTorch 1.0.0",
        (Parameter("alpha", "2", "steepness"),),
        "its documentation writes 1/pi for alpha/2",
    ),
    Entry(
        "snntorch.sigmoid",
        "slope/(2 + 2*cosh(slope*x))",
        "snnTorch 1.0.0",
        _SLOPE,
        "the code overflows to nan for slope*x < -88 in float32, this formula does not",
    ),
    Entry("snntorch.straight_through_estimator", "1", "snnTorch 1.0.0", same_as="ste.identity"),
    Entry(
        "snntorch.triangular",
        "Piecewise((threshold, x < 0), (-threshold, True))",
        "snnTorch 1.0.0",
        (Parameter("threshold", "1", "modulus"),),
        "odd: no tangential signal",
    ),
    Entry("snntorch.heaviside", "Piecewise((1, x > 0), (0, True))", "snnTorch 1.0.0", same_as="yin2019.relu"),
    Entry(
        "snntorch.spike_rate_escape",
        "slope*exp(-beta*Abs(x - 1))",
        "snnTorch 1.0.0",
        (Parameter("beta", "1", "decay"), Parameter("slope", "25", "height")),
        "its peak is at x = 1, not at the threshold",
    ),
    Entry(
        "snntorch.sfs",
        "Piecewise((1/(1 + slope*Abs(x))^2, x > b), (0, True))",
        "snnTorch 1.0.0, SFS",
        (*_SLOPE, Parameter("b", "1", "0 up to here", positive=False)),
        "one-sided",
    ),
    Entry(
        "snntorch.lso",
        "Piecewise((1, x > 0), (slope, True))",
        "snnTorch 1.0.0, LSO as documented",
        (Parameter("slope", "1/10", "gradient below the threshold", positive=False),),
        "the code of this release fails: LSO() calls another function, LeakySpikeOperator cannot go backward",
    ),
    Entry(
        "norse.super",
        "1/(1 + alpha*Abs(x))^2",
        "Norse, SuperSpike before release 1.0",
        (Parameter("alpha", "100", "steepness"),),
    ),
    Entry("norse.superspike", "1/(1 + Abs(x))^2", "Norse 1.0.0", note="this release ignores its parameter alpha"),
    Entry(
        "norse.heavi_erfc",
        "2*exp(-(k*x)^2)/sqrt(pi)",
        "Norse 1.0.0",
        _K,
        "lacks the factor k of a derivative",
    ),
    Entry("norse.heavi_tanh", "1 - tanh(k*x)^2", "Norse 1.0.0", _K, "lacks the factor k of a derivative"),
    Entry("norse.logistic", "1 - tanh(k*x)^2", "Norse 1.0.0", _K, "its forward is random", same_as="norse.heavi_tanh"),
    Entry("norse.heavi_circ", _CIRCLE, "Norse 1.0.0", _RADIUS),
    Entry("norse.circ_dist", _CIRCLE, "Norse 1.0.0", _RADIUS, "its forward is random", same_as="norse.heavi_circ"),
    Entry("norse.triangle", _TRIANGLE, "Norse 1.0.0", _ALPHA),
    Entry("norse.tent", _TRIANGLE, "Norse, HeaviTent before release 1.0", _ALPHA, same_as="norse.triangle"),
    Entry("lava.spike", "scale_rho/(2*tau_rho)*exp(-Abs(x)/tau_rho)", "lava-dl, slayer.spike.Spike", _RHO),
    Entry(
        "lava.graded_spike",
        "scale_rho*exp(Min(x, 0)/tau_rho)",
        "lava-dl, slayer.spike.Spike with graded spikes",
        _RHO,
        "constant for x > 0",
    ),
    Entry(
        "slayer",
        "scale/width*exp(-Abs(x)/width)",
        "Shrestha, Orchard 2018, as in sinabs",
        (Parameter("width", "1/2", "width"), Parameter("scale", "1", "gradient scale")),
    ),
    Entry(
        "superspike",
        "1/(1 + beta*Abs(x))^2",
        "Zenke, Ganguli 2018, after the paper",
        (Parameter("beta", "100", "steepness"),),
    ),
    Entry("spytorch", "1/(1 + scale*Abs(x))^2", "SpyTorch", (Parameter("scale", "100", "steepness"),)),
    Entry(
        "bellec2018.triangle",
        "gamma*Max(0, 1 - Abs(x))",
        "Bellec et al. 2018, after the paper",
        (Parameter("gamma", "3/10", "dampening"),),
        "x in units of the threshold",
    ),
    Entry("esser2016.triangle", "Max(0, 1 - Abs(x))", "Esser et al. 2016, after the paper"),
    Entry(
        "stbp.rectangle",
        "Piecewise((1/a, Abs(x) < a/2), (0, True))",
        "Wu et al. 2018, after the paper",
        (Parameter("a", "1", "width"),),
    ),
    Entry(
        "yin2021.multi_gaussian",
        "gamma/(lens*sqrt(2*pi))*((1 + height)*exp(-x^2/(2*lens^2))"
        " - height/scale*exp(-(x - lens)^2/(2*(scale*lens)^2))"
        " - height/scale*exp(-(x + lens)^2/(2*(scale*lens)^2)))",
        "Yin, Corradi, Bohte 2021, its code",
        (
            Parameter("gamma", "1/2", "gradient scale"),
            Parameter("lens", "1/2", "standard deviation of the centre"),
            Parameter("height", "3/20", "weight of the negative sides", positive=False),
            Parameter("scale", "6", "how much wider the sides are"),
        ),
        "takes negative values",
    ),
    Entry(
        "yin2021.slayer",
        "gamma*exp(-5*Abs(x))",
        "Yin, Corradi, Bohte 2021, its code",
        (Parameter("gamma", "1/2", "gradient scale"),),
    ),
    Entry(
        "yin2021.rect",
        "Piecewise((gamma, Abs(x) < 1/2), (0, True))",
        "Yin, Corradi, Bohte 2021, its code",
        (Parameter("gamma", "1/2", "gradient scale"),),
    ),
)
