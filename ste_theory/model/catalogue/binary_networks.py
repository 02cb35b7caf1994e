"""Binary and low-bit networks: larq, qkeras, brevitas, Bi-Real Net, IR-Net, ReSTE, DSQ."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_CLIP_VALUE = (Parameter("clip_value", "1", "where the gradient is cut off"),)
_BETA = (Parameter("beta", "5", "steepness"),)
_WINDOW = "Piecewise((1, Abs(x) <= clip_value), (0, True))"
_SWISH = "beta*(2 - beta*x*tanh(beta*x/2))/(1 + cosh(beta*x))"
_TENT = "Piecewise((2 - 2*Abs(x), Abs(x) < 1), (0, True))"
_SCALE = Parameter("scale", "1", "the quantizer's scale s")

ENTRIES = (
    Entry("larq.ste_sign", _WINDOW, "larq, quantizers", _CLIP_VALUE, "both ends count as inside"),
    Entry("larq.ste_heaviside", _WINDOW, "larq, quantizers", _CLIP_VALUE, same_as="larq.ste_sign"),
    Entry("larq.ste_tern", _WINDOW, "larq, quantizers", _CLIP_VALUE, same_as="larq.ste_sign"),
    Entry(
        "larq.magnitude_aware_sign",
        "scale*Piecewise((1, Abs(x) <= clip_value), (0, True))",
        "larq, quantizers",
        (*_CLIP_VALUE, Parameter("scale", "1", "mean |x| of the channel, taken as constant")),
    ),
    Entry("larq.approx_sign", _TENT, "larq, quantizers", note="a triangle"),
    Entry("larq.swish_sign", _SWISH, "larq, quantizers", _BETA, "takes negative values"),
    Entry("larq.dorefa_quantizer", "Piecewise((1, 0 <= x <= 1), (0, True))", "larq, quantizers", same_as="dorefa.clip"),
    Entry(
        "bnn.hard_tanh",
        "Piecewise((1, Abs(x) <= 1), (0, True))",
        "Hubara et al. 2016, after the paper",
        note="larq.ste_sign with clip_value=1",
    ),
    Entry(
        "xnornet.sign",
        "Piecewise((1, Abs(x) < 1), (0, True))",
        "Rastegari et al. 2016, its code",
        note="activations; 0 at both ends",
    ),
    Entry(
        "bnnplus.sign_swish",
        _SWISH,
        "Darabi et al. 2018, after the paper",
        _BETA,
        "takes negative values",
        "larq.swish_sign",
    ),
    Entry(
        "birealnet.approx_sign",
        _TENT,
        "Liu et al. 2018, after the paper",
        note="a triangle",
        same_as="larq.approx_sign",
    ),
    Entry(
        "reactnet.approx_sign",
        "Piecewise((0, x < -1), (2 + 2*x, x < 0), (2 - 2*x, x < 1), (0, True))",
        "Liu et al. 2020, its code",
        note="about the trained shift",
        same_as="larq.approx_sign",
    ),
    Entry(
        "irnet.ede",
        "k*t*(1 - tanh(t*x)^2)",
        "Qin et al. 2020, its code",
        (
            Parameter("t", "1", "steepness, from 1/10 to 10 in the course of training"),
            Parameter("k", "1", "max(1/t, 1) in training"),
        ),
    ),
    Entry(
        "reste",
        "Piecewise((interval^(1/o)/interval, Abs(x) <= interval), (Abs(x)^(1/o - 1)/o, Abs(x) <= t), (0, True))",
        "Wu et al. 2023, its code",
        (
            Parameter("o", "3", "power, from 1 to 3 in the course of training"),
            Parameter("t", "3/2", "cut off beyond"),
            Parameter("interval", "1/10", "the chord of |x|^(1/o) up to here, so that it stays finite"),
        ),
        "without the chord unbounded as x -> 0",
    ),
    Entry(
        "dsq.one_step",
        "Piecewise((log((2 - alpha)/alpha)/(2 - 2*alpha)*(1 - tanh(log((2 - alpha)/alpha)*x)^2), Abs(x) < 1/2), "
        "(0, True))",
        "Gong et al. 2019, code of MQBench",
        (Parameter("alpha", "1/5", "between 0 and 1: how far from a staircase"),),
        "one step of the soft staircase, of height and width 1",
    ),
    Entry(
        "qkeras.binary_tanh",
        "Piecewise((1, Abs(x) <= 1), (0, True))",
        "qkeras, with its default hard sigmoid",
        same_as="bnn.hard_tanh",
    ),
    Entry(
        "qkeras.binary_sigmoid",
        "Piecewise((1/2, Abs(x) <= 1), (0, True))",
        "qkeras, with its default hard sigmoid",
    ),
    Entry(
        "qkeras.smooth_sigmoid",
        "Piecewise((3/16, Abs(x) <= 8/3), (0, True))",
        "qkeras, binary_sigmoid after set_internal_sigmoid('smooth')",
    ),
    Entry(
        "qkeras.smooth_tanh",
        "Piecewise((3/8, Abs(x) <= 8/3), (0, True))",
        "qkeras, binary_tanh after set_internal_sigmoid('smooth')",
    ),
    Entry(
        "qkeras.real_sigmoid",
        "1/(2 + 2*cosh(x))",
        "qkeras, binary_sigmoid after set_internal_sigmoid('real')",
    ),
    Entry("qkeras.sign_through", "1", "qkeras, quantizers", note="rounding and sign", same_as="ste.identity"),
    Entry(
        "brevitas.ste",
        "1",
        "brevitas 0.13.4, every function of ops_ste",
        note="also the clamps: they pass the gradient everywhere",
        same_as="ste.identity",
    ),
    Entry(
        "brevitas.abs_binary_sign_grad",
        "Piecewise((-1, x < 0), (1, True))",
        "brevitas 0.13.4",
        note="odd: no tangential signal",
    ),
    Entry("brevitas.binary", "scale", "brevitas 0.13.4, BinaryQuant", (_SCALE,)),
    Entry(
        "brevitas.clamped_binary",
        "Piecewise((scale, Abs(x) <= scale), (0, True))",
        "brevitas 0.13.4, ClampedBinaryQuant",
        (_SCALE,),
        "the scale is s times the window of half width s",
    ),
    Entry(
        "brevitas.ternary",
        "Piecewise((scale, Abs(x) > threshold*scale), (0, True))",
        "brevitas 0.13.4, TernaryQuant",
        (_SCALE, Parameter("threshold", "1/2", "where 0 ends, in units of the scale")),
        "0 inside the dead zone and nowhere else",
    ),
)
