"""The networks: their parameters counted by hand, their layers in order, the sizes they take."""

import itertools
from typing import Any

import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import ARCHITECTURES, build

ACTIVATION = Activation(2)


def parameters(network: Any) -> int:
    """The number of trained numbers."""
    return sum(each.numel() for each in network.parameters())


@pytest.mark.torch
def test_documented_parameter_counts(torch: Any) -> None:
    """Would have caught: a layer missing, a scale and shift that batch normalization should not have, a projection in a
    shortcut.

    61 706 of LeNet-5 (LeCun et al. 1998's layers, fully connected) less 226 biases; 269 722 of ResNet-20 with
    parameter-free shortcuts ("0.27 M", He et al. 2016) less two for each of 688 normalized channels; VGG-11's
    convolutions, 9 220 480 weights less what is counted again below, and one linear layer.
    """
    assert parameters(build("lenet5", ACTIVATION, 1, 28)) == 61_706 - (6 + 16 + 120 + 84)
    assert parameters(build("resnet20", ACTIVATION, 3, 32)) == 269_722 - 2 * 688
    widths = [3, 64, 128, 256, 256, 512, 512, 512, 512]
    convolutions = sum(9 * a * b for a, b in itertools.pairwise(widths))
    assert parameters(build("vgg11", ACTIVATION, 3, 32)) == convolutions + 512 * 10 + 10 == 9_222_858


@pytest.mark.torch
@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize(("channels", "size"), [(1, 8), (1, 16), (1, 28), (3, 32)])
def test_every_size_of_ours_passes(torch: Any, name: str, channels: int, size: int) -> None:
    """Would have caught: a linear layer of the wrong width for other images than the paper's."""
    if (name, size) == ("lenet5", 8):
        with pytest.raises(InvalidInput, match="at least 12×12 pixels"):
            build(name, ACTIVATION, channels, size)
        return
    with torch.no_grad():
        scores = build(name, ACTIVATION, channels, size)(torch.zeros(2, channels, size, size))
    assert tuple(scores.shape) == (2, 10)


@pytest.mark.torch
@pytest.mark.parametrize(("name", "activations"), [("lenet5", 4), ("vgg11", 8), ("resnet20", 19)])
def test_every_hidden_layer_is_normalized_then_activated(torch: Any, name: str, activations: int) -> None:
    """Would have caught: an activation left out or not normalized before, a normalization with scale and shift.

    Each layer but the last: one activation, which takes 2ᵇ values at most; its input comes from normalization, in
    ResNet-20 plus a shortcut at the end of a block.
    """
    network = build(name, ACTIVATION, 1, 28)
    kinds = [type(module).__name__ for module in network.modules()]
    assert kinds.count("QuantizedActivation") == activations
    assert kinds.count("Conv2d") + kinds.count("Linear") - 1 == activations
    norms = [module for module in network.modules() if type(module).__name__.startswith("BatchNorm")]
    assert len(norms) == activations
    assert all(norm.weight is None and norm.bias is None for norm in norms)
    seen: list[tuple[Any, Any]] = []
    for module in network.modules():
        if type(module).__name__ == "QuantizedActivation":
            module.register_forward_hook(lambda _, inputs, output: seen.append((inputs[0].detach(), output.detach())))
    with torch.no_grad():
        network(torch.randn(16, 1, 28, 28, generator=torch.Generator().manual_seed(1)))
    assert len(seen) == activations
    for inputs, outputs in seen:
        assert len(outputs.unique()) <= 4
        if name != "resnet20":
            channels = inputs.transpose(0, 1).flatten(1)
            # Normalized over the batch: mean 0, variance below 1 by the 1e-5 that PyTorch adds, or 0.
            assert float(channels.mean(1).abs().max()) < 1e-4
            assert float(channels.var(1, unbiased=False).max()) < 1 + 1e-4


@pytest.mark.torch
def test_a_shortcut_adds_what_entered_the_block(torch: Any) -> None:
    """Would have caught: a shortcut that takes the wrong pixels, or puts the zeros before the channels.

    With the convolutions at 0 the inner branch is 0, so a block is its shortcut, activated.
    """
    network = build("resnet20", ACTIVATION, 1, 8)
    block = next(module for module in network.modules() if getattr(module, "added", 0))
    for weight in block.parameters():
        torch.nn.init.zeros_(weight)
    x = torch.rand(2, 16, 8, 8, generator=torch.Generator().manual_seed(1))
    expected = torch.zeros(2, 32, 4, 4)
    expected[:, :16] = ACTIVATION.module()(x[:, :, ::2, ::2])
    assert torch.equal(block(x), expected)


def test_an_unknown_network_is_named() -> None:
    """Would have caught: a KeyError."""
    with pytest.raises(InvalidInput, match="network must be one of lenet5, vgg11, resnet20, got 'alexnet'"):
        build("alexnet", ACTIVATION, 3, 32)
