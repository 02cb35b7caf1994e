"""Whole models: which surrogates are found, and what is said of each on a batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ste_theory as st
from ste_theory.networks.inspection import inspect_model

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")]
Library = Callable[[str], Any]


@pytest.fixture
def sign(torch: Any) -> Any:
    """The sign with BNN's window |x| ≤ 1."""

    class Sign(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return torch.sign(x)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            (x,) = ctx.saved_tensors
            return gradient * (x.abs() <= 1).to(gradient.dtype)

    return Sign


def test_custom_functions_inside_modules_and_between_them(torch: Any, sign: Any) -> None:
    """Would have caught pre-activations of the wrong layer, and statistics of something else than the batch."""

    class Activation(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return sign.apply(x)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.activation, self.second = torch.nn.Linear(8, 16), Activation(), torch.nn.Linear(16, 4)

        def forward(self, x: Any) -> Any:
            return sign.apply(3 * self.second(self.activation(self.first(x))))

    torch.manual_seed(3)
    network = Network()
    with torch.no_grad():
        # One unit whose pre-activations are all outside the window.
        network.first.bias[0] = 50.0
    batch = torch.randn(200, 8)
    apply = torch.autograd.Function.__dict__["apply"]
    hidden, last = inspect_model(network, batch)
    assert torch.autograd.Function.__dict__["apply"] is apply
    assert not network.activation._forward_hooks
    assert (hidden.name, last.name) == ("activation.Sign", "Network.Sign")
    values = network.first(batch).detach().double().numpy()
    assert hidden.mean == pytest.approx(values.mean(), rel=1e-6)
    assert hidden.deviation == pytest.approx(values.std(), rel=1e-6)
    assert hidden.measured.outside == pytest.approx(np.mean(np.abs(values) > 1), abs=1e-12)
    assert hidden.measured.mean == pytest.approx(np.mean(np.abs(values) <= 1), abs=1e-12)
    assert hidden.dead == pytest.approx(np.mean(np.all(np.abs(values) > 1, axis=0)))
    assert hidden.dead >= 1 / 16
    assert hidden.reading is not None
    assert hidden.reading.surrogate is not None
    assert [int(point.place) for point in hidden.reading.breakpoints] == [-1, 1]
    assert last.gaussian is not None
    assert abs(last.gaussian.mean - last.measured.mean) < 0.1


def test_two_calls_in_one_module_are_two_places(torch: Any, sign: Any) -> None:
    """Would have caught the statistics of two layers averaged into one."""

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(1))

        def forward(self, x: Any) -> Any:
            for _ in range(3):
                x = sign.apply(self.scale * x)
            return sign.apply(8 * self.scale * x)

    first, second = inspect_model(Network(), torch.randn(10_000, 4))
    assert [(layer.name, layer.calls) for layer in (first, second)] == [("Network.Sign", 3), ("Network.Sign#2", 1)]
    assert second.deviation == pytest.approx(8, abs=0.1)
    assert (second.measured.outside, second.dead) == (1, 1)


def test_a_parameter_is_no_activation(torch: Any, sign: Any) -> None:
    """Would have caught binary weights reported as a layer's pre-activations."""

    class BinaryWeights(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.randn(3, 3))

        def forward(self, x: Any) -> Any:
            return x @ sign.apply(self.weight)

    with pytest.raises(st.InvalidInput, match="passes no custom autograd function") as caught:
        inspect_model(BinaryWeights(), torch.randn(5, 3))
    assert "\n" not in str(caught.value)


def test_snntorch_and_spikingjelly_layers_over_time(torch: Any, library: Library) -> None:
    """Would have caught one time step taken for all, or the neuron's input for the surrogate's."""
    snn, surrogate = library("snntorch"), library("snntorch.surrogate")
    neuron, jelly = (library(f"spikingjelly.activation_based.{name}") for name in ("neuron", "surrogate"))

    class Spiking(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(8, 16)
            self.leaky = snn.Leaky(beta=0.9, spike_grad=surrogate.fast_sigmoid(25))
            self.last = neuron.IFNode(surrogate_function=jelly.Sigmoid())

        def forward(self, x: Any) -> Any:
            memory, out = self.leaky.init_leaky(), 0
            for _ in range(4):
                spikes, memory = self.leaky(self.linear(x), memory)
                out = out + self.last(spikes)
            return out

    torch.manual_seed(0)
    first, second = inspect_model(Spiking(), torch.randn(32, 8))
    assert (first.calls, second.calls) == (4, 4)
    assert [str(layer.reading.matches[0]) for layer in (first, second) if layer.reading] == [
        "snntorch.fast_sigmoid(slope=25)",
        "spikingjelly.Sigmoid(alpha=4)",
    ]
    assert first.gaussian is not None
    assert first.gaussian.outside == 0
    # Nothing has spiked or leaked much: potentials stand below the threshold 1, so their distance to it is negative.
    assert first.mean < 0


def test_brevitas_activations(torch: Any, library: Library) -> None:
    """Would have caught a quantizer whose learned scale is not seen in the window."""
    nn = library("brevitas.nn")
    torch.manual_seed(0)
    batch = torch.randn(256, 8)
    network = torch.nn.Sequential(nn.QuantLinear(8, 16, bias=True), nn.QuantReLU(bit_width=4), torch.nn.Linear(16, 2))
    network(batch)
    network.eval()
    (layer,) = inspect_model(network, batch)
    assert layer.reading is not None
    assert layer.reading.surrogate is not None
    low, high = (float(point.place) for point in layer.reading.breakpoints)
    scale = float(network[1].act_quant.scale())
    assert low == 0
    # The window ends where rounding leaves the 15 steps: at 15.5 of them.
    assert high == pytest.approx(15.5 * scale, rel=1e-6) or high == pytest.approx(15 * scale, rel=1e-6)


def test_a_named_class_of_quantizers(torch: Any) -> None:
    """Would have caught the argument ``quantizer`` ignored: without it a plain module is no quantizer."""

    class Rounded(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return x.clamp(-1, 1) + (x.clamp(-1, 1).round() - x.clamp(-1, 1)).detach()

    network = torch.nn.Sequential(torch.nn.Linear(4, 4), Rounded())
    batch = torch.randn(64, 4)
    with pytest.raises(st.InvalidInput):
        inspect_model(network, batch)
    (layer,) = inspect_model(network, batch, quantizer=Rounded)
    assert layer.name == "1"
    (same,) = inspect_model(network, batch, quantizer=lambda name, module: name == "1")
    assert same.measured == layer.measured


def test_what_is_no_model_is_refused(torch: Any) -> None:
    """Would have caught an AttributeError."""
    with pytest.raises(st.InvalidInput, match=r"a torch\.nn\.Module is needed, got int"):
        inspect_model(3, torch.zeros(1))


def test_the_model_is_as_before(torch: Any, sign: Any) -> None:
    """Would have caught running means and random generators that one look at a model in training mode moves on, and
    hooks or a replaced ``apply`` left behind when the model fails."""

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm, self.drop = torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.5)
            self.fails = False

        def forward(self, x: Any) -> Any:
            result = sign.apply(self.drop(self.norm(x)))
            if self.fails:
                raise ArithmeticError("of the model")
            return result

    network, batch = Network(), 3 + torch.randn(4096, 4)
    apply, before = torch.autograd.Function.__dict__["apply"], {k: v.clone() for k, v in network.state_dict().items()}
    state = torch.get_rng_state()
    for network.fails in (False, True):
        if network.fails:
            with pytest.raises(ArithmeticError, match="of the model"):
                inspect_model(network, batch)
        else:
            (layer,) = inspect_model(network, batch)
            # Half of the normalized inputs are doubled, the others 0. The mean square of 16,384 of them varies by 3 %.
            assert layer.deviation == pytest.approx(np.sqrt(2), abs=0.15)
        assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
        assert torch.equal(torch.get_rng_state(), state)
        assert network.training
        assert torch.autograd.Function.__dict__["apply"] is apply
        assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())
        assert all(parameter.grad is None for parameter in network.parameters())


def test_inputs_are_those_before_the_call(torch: Any) -> None:
    """Would have caught the quantizer's outputs, ±1, reported as its inputs where it or the model works in place."""

    class InPlace(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.sign_()

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return gradient

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.window = torch.nn.Linear(8, 16).double(), torch.nn.Hardtanh()

        def forward(self, x: Any) -> Any:
            x = InPlace.apply(self.linear(x))
            x = 3 * x
            y = self.window(x)
            x.zero_()
            return y

    network, batch = Network(), torch.randn(100, 8).double()
    values = network.linear(batch).detach().numpy()
    (first,) = inspect_model(network, batch)
    # Sums of 1,600 numbers in double precision.
    assert first.deviation == pytest.approx(values.std(), rel=1e-9)
    assert first.reading is not None
    assert str(first.reading.matches[0]) == "ste.identity"
    _, second = inspect_model(network, batch, quantizer=torch.nn.Hardtanh)
    assert second.deviation == pytest.approx(3 * np.sign(values).std(), rel=1e-9)


@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e30, 1e200])
def test_a_window_is_read_at_any_scale(torch: Any, sign: Any, scale: float) -> None:
    """Would have caught a window of width 2 that is not met on a grid of ±1e30 and so read as zero."""
    network = torch.nn.Sequential(torch.nn.Linear(4, 4).double())
    with torch.no_grad():
        network[0].weight *= scale
        network[0].bias *= scale

    class Activation(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return sign.apply(x)

    network.append(Activation())
    (layer,) = inspect_model(network, torch.randn(200, 4).double())
    assert layer.reading is not None
    assert layer.reading.surrogate is not None
    assert [int(point.place) for point in layer.reading.breakpoints] == [-1, 1]
    assert layer.sound == "proved"
    assert np.isfinite(layer.deviation)
    assert layer.measured.outside == float(scale > 1)
    assert layer.gaussian is not None
    assert layer.gaussian.mean == pytest.approx(float(scale < 1), abs=1e-29)


WRONG = "of {} pre-activations are infinite or not a number"
BATCHES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "empty": (lambda torch: torch.zeros(0, 4), "the batch is empty here"),
    "not a number": (lambda torch: torch.full((5, 4), float("nan")), f"20 {WRONG.format(20)}"),
    "one infinite": (lambda torch: torch.tensor([0.0, float("inf"), 1.0, 2.0]), f"1 {WRONG.format(4)}"),
    "a single number": (lambda torch: torch.tensor(0.5), ""),
    "bfloat16": (lambda torch: torch.ones(3, 4, dtype=torch.bfloat16), ""),
    "float16": (lambda torch: torch.ones(3, 4, dtype=torch.float16), ""),
    "inference": (lambda torch: torch.inference_mode()(torch.ones)(3, 4), ""),
}


@pytest.mark.parametrize("name", BATCHES)
def test_batches_of_every_kind(torch: Any, sign: Any, name: str) -> None:
    """Would have caught a ValueError of NumPy for an empty batch or a single number, and failures under inference."""

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.nn.Parameter(torch.tensor(1.0))

        def forward(self, x: Any) -> Any:
            return sign.apply(self.scale.to(x.dtype) * x)

    make, words = BATCHES[name]
    network, batch = Network(), make(torch)
    with torch.inference_mode(mode=name == "inference"):
        (layer,) = inspect_model(network, batch)
    assert layer.reason == words
    assert bool(layer.sound) == (not words)
    assert "\n" not in str(layer)


def test_what_names_no_quantizer_is_refused(torch: Any) -> None:
    """Would have caught a TypeError from inside the hooks."""
    for wrong in (3, "Hardtanh", (torch.nn.Hardtanh, 1)):
        with pytest.raises(st.InvalidInput, match="quantizer must be a class"):
            inspect_model(torch.nn.Linear(2, 2), torch.zeros(1, 2), quantizer=wrong)  # type: ignore[arg-type]
