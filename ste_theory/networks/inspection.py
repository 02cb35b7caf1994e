"""A whole model: each activation quantizer where it works, at the mean and scale of its own pre-activations."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput, SteTheoryError
from ste_theory.networks import backward, extra, reading
from ste_theory.networks.gaussian import Response, shifted_response
from ste_theory.networks.reading import Reading
from ste_theory.networks.recording import Quantizer, Site, record

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LayerReading:
    """One activation quantizer of a model on a batch.

    ``mean`` and ``deviation`` are those of its pre-activations, ``calls`` how often the batch passed it (time steps),
    ``measured`` what its own backward pass gives on the batch: E μ′, √(E μ′²) and the fraction with μ′ = 0; ``dead`` is
    the fraction of units (entries of one example) whose μ′ is 0 on the whole batch. ``gaussian`` is the same for a
    Gaussian of that mean and deviation; ``None``, with a ``reason``, where no exact surrogate could be read.
    """

    name: str
    kind: str
    calls: int
    mean: float
    deviation: float
    reading: Reading | None
    measured: Response
    dead: float
    gaussian: Response | None
    reason: str = ""

    def __str__(self) -> str:
        entry = self.reading.matches[0] if self.reading is not None and self.reading.matches else self.kind
        text = (
            f"{self.name}: {entry}, input {self.mean:.3g} ± {self.deviation:.3g}, mean μ′ {self.measured.mean:.3g}"
            f" (Gaussian {'?' if self.gaussian is None else format(self.gaussian.mean, '.3g')}),"
            f" gain {self.measured.gain:.3g}, outside {self.measured.outside:.1%}, dead units {self.dead:.1%}"
        )
        return f"{text}; {self.reason}" if self.reason else text


def inspect_model(model: Any, batch: Any, *, quantizer: Quantizer | None = None) -> tuple[LayerReading, ...]:
    """Every surrogate of ``model`` that ``model(batch)`` passes, in order, each read and analyzed where it works.

    Found by themselves are custom autograd functions, brevitas activations and fake quantization. ``quantizer`` names
    others: a module class or a tuple of classes, or a function of (name, module) that says yes. A tuple as ``batch`` is
    the model's arguments. The model runs once, in the mode it is in; its parameters are not changed.
    Raises ``MissingExtra`` without PyTorch, ``InvalidInput`` for what is not a module and where nothing is found.
    """
    torch = extra.torch()
    if not isinstance(model, torch.nn.Module):
        raise InvalidInput(f"a torch.nn.Module is needed, got {type(model).__name__}")
    sites = record(model, batch, quantizer)
    if not sites:
        raise InvalidInput(
            f"{type(model).__name__} passes no custom autograd function or activation quantizer; name the class of its"
            " quantizers with quantizer="
        )
    return tuple(_layer(site) for site in sites)


def _layer(site: Site) -> LayerReading:
    values = np.concatenate([value.ravel() for value in site.inputs])
    mean, deviation = float(values.mean()), float(values.std())
    function = backward.backward_of(site.code)
    found: Reading | None = None
    reason, gaussian = "", None
    try:
        found = reading.read(site.code, range=_range(values), name=site.name)
        if found.surrogate is None:
            reason = found.reason
        else:
            gaussian = shifted_response(found.surrogate, mean, deviation)
    except SteTheoryError as error:
        reason = str(error)
    measured, dead = _measured(function, site.inputs)
    return LayerReading(
        site.name, site.kind, len(site.inputs), mean, deviation, found, measured, dead, gaussian, reason
    )


def _range(values: Array) -> tuple[float, float]:
    """±10, or a round number beyond the largest input."""
    reach = max(10.0, 2.0 ** np.ceil(np.log2(1.25 * float(np.max(np.abs(values))) + 1e-300)))
    return -reach, reach


def _measured(function: backward.Backward, inputs: list[Array]) -> tuple[Response, float]:
    """The mean, root mean square and zeros of μ′ on the inputs, and the fraction of units that are zero throughout."""
    try:
        slopes = [function(value.ravel()).reshape(value.shape) for value in inputs]
    except InvalidInput:
        return Response(float("nan"), float("nan"), float("nan")), float("nan")
    flat = np.concatenate([slope.ravel() for slope in slopes])
    response = Response(float(flat.mean()), float(np.sqrt(np.mean(flat * flat))), float(np.mean(flat == 0)))
    if len({slope.shape[1:] for slope in slopes}) != 1:
        return response, float("nan")
    alive = np.any(np.concatenate(slopes, axis=0) != 0, axis=0)
    return response, float(np.mean(~alive))
