"""Derivatives of smooth steps: sigmoid, tanh, erf, arctan, and one-sided ones."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_K = (Parameter("k", "1", "steepness"),)

ENTRIES = (
    Entry("sigmoid'", "k/(2 + 2*cosh(k*x))", "derivative of 1/(1 + exp(-kx))", _K),
    Entry("tanh'", "k*(1 - tanh(k*x)^2)", "derivative of tanh(kx)", _K),
    Entry("erf'", "2*k/sqrt(pi)*exp(-(k*x)^2)", "derivative of erf(kx)", _K),
    Entry("atan'", "k/(1 + (k*x)^2)", "derivative of atan(kx)", _K),
    Entry("softsign'", "k/(1 + k*Abs(x))^2", "derivative of kx/(1 + k|x|)", _K),
    Entry("softplus'", "(1 + tanh(k*x/2))/2", "derivative of log(1 + exp(kx))/k", _K, "positive for x < 0 too"),
    Entry(
        "silu'",
        "sigmoid(k*x)*(1 + k*x*(1 - sigmoid(k*x)))",
        "derivative of x/(1 + exp(-kx))",
        _K,
        "takes negative values",
    ),
    Entry(
        "gelu'",
        "(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)",
        "derivative of x times the normal distribution function",
        note="takes negative values",
    ),
    Entry(
        "gaussian",
        "exp(-x^2/(2*sigma^2))/(sigma*sqrt(2*pi))",
        "the density of N(0, sigma^2)",
        (Parameter("sigma", "1", "standard deviation"),),
    ),
    Entry(
        "laplace",
        "exp(-Abs(x)/width)/(2*width)",
        "the density of a Laplace distribution",
        (Parameter("width", "1", "mean of |x|"),),
    ),
    Entry(
        "cosine",
        "Piecewise((cos(pi*x/(2*width))*pi/(4*width), Abs(x) < width), (0, True))",
        "a half wave, of integral 1",
        (Parameter("width", "1", "half width"),),
    ),
    Entry(
        "mexican_hat",
        "(1 - (x/sigma)^2)*exp(-(x/sigma)^2/2)",
        "second derivative of a Gaussian, negated",
        (Parameter("sigma", "1", "where it changes its sign"),),
        "takes negative values",
    ),
)
