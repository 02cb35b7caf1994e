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

    first, second = inspect_model(Network(), torch.randn(100, 4))
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
