"""What Yin et al. 2019 print for their training experiments: LeNet-5 on MNIST, VGG-11 and ResNet-20 on CIFAR-10."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Published:
    """Training loss and validation accuracy in percent, one run each."""

    loss: float
    accuracy: float


DATA: Mapping[str, str] = MappingProxyType({"lenet5": "MNIST", "vgg11": "CIFAR-10", "resnet20": "CIFAR-10"})

_ROWS = {
    ("lenet5", 2): ((2.6e-2, 98.49), (5.1e-3, 99.24), (5.4e-3, 99.23)),
    ("lenet5", 4): ((6.0e-3, 98.98), (9.0e-4, 99.32), (8.8e-4, 99.24)),
    ("vgg11", 2): ((0.19, 86.58), (0.10, 88.69), (0.02, 90.92)),
    ("vgg11", 4): ((3.1e-2, 90.19), (1.5e-3, 92.01), (1.3e-3, 92.08)),
    ("resnet20", 2): ((1.56, 46.52), (1.50, 48.05), (0.24, 88.39)),
    ("resnet20", 4): ((1.38, 54.16), (0.25, 86.59), (0.04, 91.24)),
}

TABLE: Mapping[tuple[str, int, str], Published] = MappingProxyType(
    {
        (network, bits, surrogate): Published(*pair)
        for (network, bits), row in _ROWS.items()
        for surrogate, pair in zip(("identity", "relu", "clipped_relu"), row, strict=True)
    }
)
