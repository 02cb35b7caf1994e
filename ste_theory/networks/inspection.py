"""A whole model: each activation quantizer where it works, at the mean and scale of its own pre-activations."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.analysis.soundness import soundness
from ste_theory.model.errors import InvalidInput, SteTheoryError
from ste_theory.networks import backward, extra, reading
from ste_theory.networks.gaussian import Response, shifted_response
from ste_theory.networks.reading import Reading
from ste_theory.networks.recording import Quantizer, Site, record

Array = npt.NDArray[np.float64]
WORDS = {
    "proved": "sound at this scale",
    "refuted": "unsound at this scale",
    "no signal": "no signal: μ′ is odd",
    "undecided": "soundness undecided",
}


@dataclass(frozen=True)
class LayerReading:
    """One activation quantizer of a model on a batch.

    ``mean`` and ``deviation`` are those of its pre-activations, ``calls`` how often the batch passed it (time steps),
    ``measured`` what its own backward pass gives on the batch: E μ′, √(E μ′²) and the fraction with μ′ = 0; ``dead`` is
    the fraction of units (entries of one example) whose μ′ is 0 on the whole batch. ``gaussian`` is the same for a
    Gaussian of that mean and deviation; ``None``, with a ``reason``, where no exact surrogate could be read or the
    batch is not finite here. ``sound`` is the verdict of ``ste_theory.analyze`` for a step at 0 and centred input at
    scales up to ``deviation``; empty without a surrogate.
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
    sound: str = ""

    def __str__(self) -> str:
        entry = self.reading.matches[0] if self.reading is not None and self.reading.matches else self.kind
        text = (
            f"{self.name}: {entry}, input {self.mean:.3g} ± {self.deviation:.3g}, mean μ′ {self.measured.mean:.3g}"
            f" (Gaussian {'?' if self.gaussian is None else format(self.gaussian.mean, '.3g')}),"
            f" gain {self.measured.gain:.3g}, outside {self.measured.outside:.1%}, dead units {self.dead:.1%}"
        )
        if self.sound:
            text += f", {WORDS[self.sound]}"
        if self.gaussian is not None and self.gaussian.mean < 0:
            text += ", but at this mean the gradient is reversed (mean μ′ < 0)"
        return f"{text}; {self.reason}" if self.reason else text


def inspect_model(model: Any, batch: Any, *, quantizer: Quantizer | None = None) -> tuple[LayerReading, ...]:
    """Every surrogate of ``model`` that ``model(batch)`` passes, in order, each read and analyzed where it works.

    Found by themselves are custom autograd functions, brevitas activations and fake quantization. ``quantizer`` names
    others: a module class or a tuple of classes, or a function of (name, module) that says yes. A tuple as ``batch`` is
    the model's arguments. The model runs once, in the mode it is in; its parameters, its buffers (running means) and
    the random generators are as before. Surrogates that no gradient comes back through are left out.
    Raises ``MissingExtra`` without PyTorch, ``InvalidInput`` for what is not a module, for a ``quantizer`` of another
    kind and where nothing is found. What the model itself raises is not caught.
    """
    torch = extra.torch()
    if not isinstance(model, torch.nn.Module):
        raise InvalidInput(f"a torch.nn.Module is needed, got {type(model).__name__}")
    kinds = quantizer if isinstance(quantizer, tuple) else (quantizer,)
    if quantizer is not None and not (all(isinstance(x, type) for x in kinds) or callable(quantizer)):
        raise InvalidInput(f"quantizer must be a class, a tuple of classes or a function, got {quantizer!r}")
    with torch.inference_mode(mode=False):
        sites = record(model, batch, quantizer)
    if not sites:
        raise InvalidInput(
            f"{type(model).__name__} passes no custom autograd function or activation quantizer that a gradient comes"
            " back through; name the class of its quantizers with quantizer="
        )
    with torch.inference_mode(mode=False), torch.enable_grad():
        return tuple(_layer(site) for site in sites)


def _layer(site: Site) -> LayerReading:
    values = np.concatenate([value.ravel() for value in site.inputs])
    function = backward.backward_of(site.code)
    mean, deviation = _statistics(values)
    found: Reading | None = None
    reason, sound, gaussian = "", "", None
    try:
        if not values.size:
            raise InvalidInput("the batch is empty here")
        if wrong := int(np.count_nonzero(~np.isfinite(values))):
            raise InvalidInput(f"{wrong} of {values.size} pre-activations are infinite or not a number")
        found, reason = _read(site, function, values)
        if found.surrogate is not None and not reason:
            gaussian = shifted_response(found.surrogate, mean, deviation)
            verdict = soundness(found.surrogate, Fraction(deviation) if deviation > 0 else None)
            sound = "undecided" if verdict.exists_until else verdict.verdict
    except SteTheoryError as error:
        reason = str(error)
    nothing = Response(math.nan, math.nan, math.nan), math.nan
    measured, dead = _measured(function, site.inputs) if values.size else nothing
    return LayerReading(
        site.name, site.kind, len(site.inputs), mean, deviation, found, measured, dead, gaussian, reason, sound
    )


def _read(site: Site, function: backward.Backward, values: Array) -> tuple[Reading, str]:
    """The surrogate on ±10, where it acts in most networks; on the range of the inputs if it is another one there.

    A window is not seen in a range that is thousands of times as wide: what was read is compared on the inputs.
    """
    slopes = function(values)
    wide = _range(values)
    found = reading.read(site.code, name=site.name)
    if not _agrees(found, values, slopes) and wide != found.range:
        found = reading.read(site.code, range=wide, name=site.name)
    if found.surrogate is None or _agrees(found, values, slopes):
        return found, found.reason
    return found, "what was read differs from the backward pass on the batch"


def _agrees(found: Reading, values: Array, slopes: Array) -> bool:
    """Whether the surrogate that was read is the backward pass on the inputs, to the accuracy of float64 formulas."""
    if found.surrogate is None:
        return False
    # Formulas reproduce what was read to 1e-12 of the largest value; ten times that for the inputs between.
    least = 1e-11 * float(np.max(np.abs(slopes), initial=0.0))
    return bool(np.allclose(found.surrogate(values), slopes, rtol=1e-9, atol=least, equal_nan=True))


def _statistics(values: Array) -> tuple[float, float]:
    """Mean and deviation, in units in which squares do not overflow; nan where they do not exist."""
    if not values.size or not np.isfinite(values).all():
        return math.nan, math.nan
    unit = float(2.0 ** np.clip(np.floor(np.log2(np.max(np.abs(values), initial=1e-300))), -1000, 1000))
    scaled = values / unit
    return float(scaled.mean()) * unit, float(scaled.std()) * unit


def _range(values: Array) -> tuple[float, float]:
    """±10, or a round number beyond the largest input."""
    reach = max(10.0, 2.0 ** np.ceil(np.log2(1.25 * float(np.max(np.abs(values))) + 1e-300)))
    return -reach, reach


def _measured(function: backward.Backward, inputs: list[Array]) -> tuple[Response, float]:
    """The mean, root mean square and zeros of μ′ on the inputs, and the fraction of units that are zero throughout."""
    try:
        slopes = [function(value.ravel()).reshape(value.shape) for value in inputs]
    except InvalidInput:
        return Response(math.nan, math.nan, math.nan), math.nan
    flat = np.concatenate([slope.ravel() for slope in slopes])
    response = Response(float(flat.mean()), float(np.sqrt(np.mean(flat * flat))), float(np.mean(flat == 0)))
    if len({slope.shape[1:] for slope in slopes}) != 1:
        return response, float("nan")
    alive = np.any(np.concatenate(slopes, axis=0) != 0, axis=0)
    return response, float(np.mean(~alive))
