"""The plain straight-through estimators and the windows: identity, ReLU, clips, masks of fake quantization."""

from ste_theory.model.catalogue.entry import Entry, Parameter

_CLIP = Parameter("clip", "1", "upper end of the window")
_IDENTITY = "no restriction: the gradient passes through everywhere"

ENTRIES = (
    Entry("ste.identity", "1", "Bengio, Leonard, Courville 2013", note=_IDENTITY),
    Entry("yin2019.identity", "1", "Yin et al. 2019", note=_IDENTITY, same_as="ste.identity"),
    Entry("yin2019.relu", "Piecewise((1, x > 0), (0, True))", "Yin et al. 2019", note="one-sided"),
    Entry(
        "yin2019.clipped_relu",
        "Piecewise((1, 0 < x < clip), (0, True))",
        "Yin et al. 2019",
        (_CLIP,),
        "one-sided window",
    ),
    Entry(
        "hwgq.vanilla", "Piecewise((1, x > 0), (0, True))", "Cai et al. 2017, after the paper", same_as="yin2019.relu"
    ),
    Entry(
        "hwgq.clipped",
        "Piecewise((1, 0 < x <= q), (0, True))",
        "Cai et al. 2017, after the paper",
        (Parameter("q", "3", "largest quantization level"),),
        "one-sided window",
    ),
    Entry(
        "hwgq.log_tailed",
        "Piecewise((0, x <= 0), (1, x <= q), (1/(x - q + 1), True))",
        "Cai et al. 2017, after the paper",
        (Parameter("q", "3", "largest quantization level, where the tail begins"),),
        "one-sided, decays like 1/x",
    ),
    Entry(
        "long2021.reverse_exponential",
        "Piecewise((exp(-x/q), x > 0), (0, True))",
        "Long, Yin, Xin 2021, reconstructed",
        (Parameter("q", "3", "2^b - 1 for b bits"),),
        "one-sided",
    ),
    Entry(
        "long2021.log_tailed",
        "Piecewise((0, x <= 0), (1, x <= q), (1/(x - q + 1), True))",
        "Long, Yin, Xin 2021, reconstructed",
        (Parameter("q", "3", "2^b - 1 for b bits"),),
        "one-sided, decays like 1/x",
        same_as="hwgq.log_tailed",
    ),
    Entry(
        "dorefa.clip",
        "Piecewise((1, 0 <= x <= 1), (0, True))",
        "Zhou et al. 2016, after the paper",
        note="activations of DoReFa-Net: clip to [0, 1]",
    ),
    Entry(
        "dorefa.weight_tanh",
        "(1 - tanh(x)^2)/m",
        "Zhou et al. 2016, after the paper",
        (Parameter("m", "1", "the largest |tanh(w)| of the layer, taken as constant"),),
        "weights of DoReFa-Net",
    ),
    Entry(
        "pact",
        "Piecewise((1, 0 <= x < alpha), (0, True))",
        "Choi et al. 2018, after the paper",
        (Parameter("alpha", "1", "the clip, a trained parameter"),),
        "derivative in x; the one in alpha is 1 for x >= alpha",
    ),
    Entry(
        "lsq",
        "Piecewise((1, -qn < x/s < qp), (0, True))",
        "Esser et al. 2020, after the paper",
        (
            Parameter("s", "1", "step size"),
            Parameter("qn", "0", "number of negative levels", positive=False),
            Parameter("qp", "3", "number of positive levels"),
        ),
        "derivative in x",
    ),
    Entry(
        "pytorch.fake_quantize",
        "Piecewise((1, scale*(qmin - zero_point - 1/2) < x < scale*(qmax - zero_point + 1/2)), (0, True))",
        "PyTorch 2.13, fake_quantize_per_tensor_affine",
        (
            Parameter("scale", "1", "step size"),
            Parameter("zero_point", "0", "the integer that 0 becomes", positive=False),
            Parameter("qmin", "0", "least integer", positive=False),
            Parameter("qmax", "3", "greatest integer", positive=False),
        ),
        "1 where the rounded value is in [qmin, qmax]; at the two ends themselves that depends on ties to even",
    ),
    Entry(
        "pytorch.hardtanh",
        "Piecewise((1, min_val < x < max_val), (0, True))",
        "PyTorch 2.13, nn.Hardtanh",
        (
            Parameter("min_val", "-1", "lower end", positive=False),
            Parameter("max_val", "1", "upper end", positive=False),
        ),
    ),
    Entry(
        "pytorch.clamp",
        "Piecewise((1, low <= x <= high), (0, True))",
        "PyTorch 2.13, torch.clamp before a rounding with identity gradient",
        (
            Parameter("low", "-1", "lower end", positive=False),
            Parameter("high", "1", "upper end", positive=False),
        ),
        "both ends count as inside",
    ),
    Entry("pytorch.relu6", "Piecewise((1, 0 < x < 6), (0, True))", "PyTorch 2.13, nn.ReLU6", note="one-sided window"),
    Entry("pytorch.hardsigmoid", "Piecewise((1/6, -3 < x < 3), (0, True))", "PyTorch 2.13, nn.Hardsigmoid"),
    Entry(
        "window.shifted",
        "Piecewise((1, low < x < high), (0, True))",
        "a window anywhere",
        (Parameter("low", "-3/2", "lower end", positive=False), Parameter("high", "1/2", "upper end", positive=False)),
    ),
    Entry(
        "window.leaky",
        "Piecewise((1, Abs(x) <= width), (leak, True))",
        "a window with a small gradient outside",
        (Parameter("width", "1", "half width"), Parameter("leak", "1/100", "gradient outside", positive=False)),
    ),
    Entry(
        "leaky_relu",
        "Piecewise((1, x > 0), (slope, True))",
        "Maas, Hannun, Ng 2013",
        (Parameter("slope", "1/100", "gradient for x <= 0", positive=False),),
    ),
    Entry("bitnet", "1", "Wang et al. 2023, after the paper", note=_IDENTITY, same_as="ste.identity"),
)
