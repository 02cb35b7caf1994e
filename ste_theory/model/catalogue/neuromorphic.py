"""More libraries of spiking networks: sinabs, BrainPy, Spyx. x is the membrane potential minus the threshold."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_MULTI = (
    "scale/(sigma*sqrt(2*pi))*((1 + h)*exp(-x^2/(2*sigma^2))"
    " - h/s*exp(-(x - sigma)^2/(2*(s*sigma)^2)) - h/s*exp(-(x + sigma)^2/(2*(s*sigma)^2)))"
)
_SIDES = (
    Parameter("h", "3/20", "weight of the negative sides", positive=False),
    Parameter("s", "6", "how much wider the sides are"),
    Parameter("sigma", "1/2", "standard deviation of the centre"),
)
_NEGATIVE = "takes negative values"

ENTRIES = (
    Entry(
        "sinabs.heaviside",
        "Piecewise((1, x >= -window), (0, True))",
        "sinabs, Heaviside with threshold 1",
        (Parameter("window", "1", "how far below the threshold it begins", positive=False),),
    ),
    Entry(
        "sinabs.gaussian",
        "grad_scale*exp(-(x - mu)^2/(2*sigma^2))/(sigma*sqrt(2*pi))",
        "sinabs, Gaussian",
        (
            Parameter("mu", "0", "centre", positive=False),
            Parameter("sigma", "1/2", "standard deviation"),
            Parameter("grad_scale", "1", "gradient scale"),
        ),
    ),
    Entry(
        "sinabs.multi_gaussian",
        _MULTI,
        "sinabs, MultiGaussian with mu = 0",
        (*_SIDES, Parameter("scale", "1", "gradient scale, grad_scale in its code")),
        _NEGATIVE,
    ),
    Entry(
        "sinabs.single_exponential",
        "scale/width*exp(-Abs(x)/width)",
        "sinabs, SingleExponential with threshold 1",
        (
            Parameter("width", "1/2", "width, grad_width in its code"),
            Parameter("scale", "1", "gradient scale, grad_scale in its code"),
        ),
        same_as="slayer",
    ),
    Entry(
        "brainpy.relu_grad",
        "Max(alpha*width - alpha*Abs(x), 0)",
        "BrainPy, ReluGrad",
        (Parameter("alpha", "3/10", "slope"), Parameter("width", "1", "half width")),
        "a triangle",
    ),
    Entry(
        "brainpy.gaussian_grad",
        "alpha*exp(-x^2*sigma^2/2)/(sigma*sqrt(2*pi))",
        "BrainPy, GaussianGrad",
        (Parameter("sigma", "1/2", "named a standard deviation"), Parameter("alpha", "1/2", "gradient scale")),
        "the code multiplies by sigma^2 where a Gaussian density divides, so the width is 1/sigma",
    ),
    Entry(
        "brainpy.multi_gaussian_grad",
        _MULTI,
        "BrainPy, MultiGaussianGrad",
        (*_SIDES, Parameter("scale", "1/2", "gradient scale")),
        _NEGATIVE,
    ),
    Entry(
        "brainpy.q_pseudo_spike",
        "(1 + 2*Abs(x)/(alpha + 1))^(-alpha)",
        "BrainPy, QPseudoSpike",
        (Parameter("alpha", "2", "weight of the tail"),),
        "the code has alpha + 1 where its documentation and the paper have alpha - 1",
    ),
    Entry(
        "brainpy.leaky_relu",
        "Piecewise((alpha, x < 0), (beta, True))",
        "BrainPy, LeakyRelu",
        (
            Parameter("alpha", "1/10", "gradient for x < 0", positive=False),
            Parameter("beta", "1", "gradient for x >= 0", positive=False),
        ),
    ),
    Entry(
        "brainpy.log_tailed_relu",
        "Piecewise((1/x, x > 1), (1, x > 0), (alpha, True))",
        "BrainPy, LogTailedRelu",
        (Parameter("alpha", "0", "gradient for x <= 0", positive=False),),
        same_as="spikingjelly.LogTailedReLU",
    ),
    Entry(
        "brainpy.s2nn",
        "Piecewise((alpha/(2 + 2*cosh(alpha*x)), x < 0), (beta/(x + 1), True))",
        "BrainPy, S2NN as documented",
        (Parameter("alpha", "4", "steepness for x < 0"), Parameter("beta", "1", "height for x >= 0")),
        "decays like 1/x",
        same_as="spikingjelly.S2NN",
    ),
    Entry("spyx.tanh", "1 - tanh(k*x)^2", "Spyx, axn.tanh", (Parameter("k", "1", "steepness"),)),
    Entry(
        "spyx.boxcar",
        "Piecewise((height, Abs(x) < width/2), (0, True))",
        "Spyx, axn.boxcar",
        (Parameter("width", "2", "width"), Parameter("height", "1/2", "height")),
    ),
    Entry("spyx.triangular", "Max(0, 1 - Abs(k*x))", "Spyx, axn.triangular", (Parameter("k", "2", "steepness"),)),
    Entry("spyx.arctan", "1/((1 + (k*pi*x)^2)*pi)", "Spyx, axn.arctan", (Parameter("k", "2", "steepness"),)),
    Entry("spyx.superspike", "1/(1 + k*Abs(x))^2", "Spyx, axn.superspike", (Parameter("k", "25", "steepness"),)),
)
