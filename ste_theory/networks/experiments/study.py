"""What the two experiments have in common: networks, bit widths, surrogates, seeds, protocols; runs one by one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import FAMILY, Activation
from ste_theory.networks.architectures import ARCHITECTURES
from ste_theory.networks.experiments.source import Source
from ste_theory.networks.training.protocol import Protocol

# The paper gives the momentum and the epochs; the other numbers are customary for these networks, and ours.
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        "lenet5": Protocol(epochs=50, learning_rate=0.1, batch=64, weight_decay=5e-4),
        "vgg11": Protocol(epochs=200, learning_rate=0.02, batch=128, weight_decay=5e-4),
        "resnet20": Protocol(epochs=200, learning_rate=0.1, batch=128, weight_decay=1e-4),
    }
)


@dataclass(frozen=True)
class Task:
    """One run: a network with a bit width, the surrogate that trains it, and the number of its seed."""

    network: str
    bits: int
    surrogate: str
    replicate: int


@dataclass(frozen=True)
class Study(ABC):
    """An experiment with everything that fixes its figures.

    The runs of one replicate number start from the same weights and see the images in the same order, whatever the
    surrogate and the bit width, so differences between surrogates are taken pair by pair.

    Raises ``InvalidInput`` for unknown names, bit widths outside 1 to 8 and empty lists.
    """

    experiment: ClassVar[str]
    # Where the experiment is from, if its file must say so.
    origin: ClassVar[str] = ""

    source: Source
    root: int
    networks: tuple[str, ...] = ("lenet5",)
    bits: tuple[int, ...] = (2, 4)
    surrogates: tuple[str, ...] = FAMILY
    seeds: int = 5
    protocols: tuple[Protocol, ...] = (PROTOCOLS["lenet5"],)

    def __post_init__(self) -> None:
        if not (self.networks and self.bits and self.surrogates and self.seeds >= 1):
            raise InvalidInput("at least one network, bit width, surrogate and seed are needed")
        for name in self.networks:
            if name not in ARCHITECTURES:
                raise InvalidInput(f"network must be one of {', '.join(ARCHITECTURES)}, got {name!r}")
        for words in (self.networks, self.bits, self.surrogates):
            if len(set(words)) != len(words):
                raise InvalidInput(f"named twice: {', '.join(map(str, words))}")
        for bits in self.bits:
            for surrogate in self.surrogates:
                Activation(bits, surrogate)
        if len(self.protocols) != len(self.networks):
            raise InvalidInput("one protocol per network is needed")

    def protocol(self, network: str) -> Protocol:
        """How that network is trained."""
        return self.protocols[self.networks.index(network)]

    @abstractmethod
    def tasks(self) -> tuple[Task, ...]:
        """All runs, seed by seed, so that an interrupted experiment has whole seeds."""

    @abstractmethod
    def perform(self, task: Task, progress: Callable[[str], None] = lambda _: None) -> Any:
        """One run."""

    def to_json(self) -> dict[str, Any]:
        """The settings as JSON; ``settings_from_json`` reads them."""
        return asdict(self)


def protocols_for(networks: tuple[str, ...], dataset: str, **changes: Any) -> tuple[Protocol, ...]:
    """The defaults of these networks with the given numbers in their place; ``None`` keeps the default.

    The digits are few and small: there the deep networks have 20 epochs of batches of 64. CIFAR-10 is augmented.

    Raises ``InvalidInput`` for unknown networks and numbers out of range.
    """
    kept = {name: value for name, value in changes.items() if value is not None}
    for name in networks:
        if name not in PROTOCOLS:
            raise InvalidInput(f"network must be one of {', '.join(PROTOCOLS)}, got {name!r}")
    usual: dict[str, Any] = {"augment": True} if dataset == "cifar10" else {}
    few: dict[str, Any] = {"batch": 64, "epochs": 20} if dataset == "digits" else {}
    return tuple(
        replace(PROTOCOLS[name], **{**usual, **(few if name != "lenet5" else {}), **kept}) for name in networks
    )


def common_settings(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a ``Study`` from JSON. Raises ``KeyError``, ``TypeError`` or ``InvalidInput`` for what is none."""
    return {
        "source": Source(**content["source"]),
        "root": int(content["root"]),
        "networks": tuple(map(str, content["networks"])),
        "bits": tuple(map(int, content["bits"])),
        "surrogates": tuple(map(str, content["surrogates"])),
        "seeds": int(content["seeds"]),
        "protocols": tuple(Protocol(**{**each, "drops": tuple(each["drops"])}) for each in content["protocols"]),
    }
