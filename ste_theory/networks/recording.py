"""The calls of surrogates during one forward pass of a model: what was called where, and with which inputs.

Seen are (1) every ``autograd.Function`` applied through its class, which is how snntorch, norse, spikingjelly and most
hand-written estimators do it; (2) modules that hold an activation quantizer (brevitas' ``act_quant``, PyTorch's
fake quantization); (3) whatever modules or functions the caller names. Inside a module of the second or third kind
nothing more is looked for. An applied function counts where the backward pass of the model's result comes through it:
snntorch's neurons, for one, apply theirs a second time for the reset and detach what comes out.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.networks import extra

Array = npt.NDArray[np.float64]
Quantizer = type | tuple[type, ...] | Callable[[str, Any], bool]


@dataclass
class Site:
    """One place in a model where a surrogate acts: its name, the code to read, and the inputs it received."""

    name: str
    kind: str
    code: Callable[..., Any]
    inputs: list[Array] = field(default_factory=list)
    # The node of each call in the graph of the backward pass; None for modules, whose calls all count.
    nodes: list[Any] = field(default_factory=list)


@dataclass
class _Recorder:
    """The sites met so far; ``path`` are the modules being run, ``muted`` how many of them are sites themselves."""

    sites: dict[tuple[object, ...], Site] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    muted: int = 0

    def note(
        self, name: str, kind: str, code: Callable[..., Any], tensor: Any, node: Any = None, *call: object
    ) -> None:
        """A call; ``call`` tells places of one module apart, which then are name, name#2 and so on."""
        if (name, *call) not in self.sites:
            count = 1 + sum(key[0] == name for key in self.sites)
            self.sites[(name, *call)] = Site(name if count == 1 else f"{name}#{count}", kind, code)
        site = self.sites[(name, *call)]
        # A copy: the model may overwrite the tensor later.
        site.inputs.append(np.atleast_1d(np.array(tensor.detach().to(extra.torch().float64).cpu().numpy())))
        site.nodes.append(node)


def record(model: Any, batch: Any, quantizer: Quantizer | None) -> tuple[Site, ...]:
    """The sites of ``model`` in the order in which ``model(batch)`` meets them; a site met several times is one."""
    torch = extra.torch()
    recorder = _Recorder()
    arguments = [_outside(value) for value in (batch if isinstance(batch, (tuple, list)) else (batch,))]
    with contextlib.ExitStack() as stack:
        stack.enter_context(_unchanged(model))
        for name, module in model.named_modules():
            stack.enter_context(_hooked(recorder, name or type(module).__name__, module, quantizer))
        stack.enter_context(_applied(recorder, quantizer))
        with torch.enable_grad():
            output = model(*arguments)
    reached = _reached(output)
    result = []
    for site in recorder.sites.values():
        kept = [k for k, node in enumerate(site.nodes) if node is None or node in reached]
        if kept:
            result.append(Site(site.name, site.kind, site.code, [site.inputs[k] for k in kept]))
    return tuple(result)


def _outside(value: Any) -> Any:
    """A tensor made under ``torch.inference_mode`` can be saved for no backward pass: a copy that can."""
    return value.clone() if getattr(value, "is_inference", bool)() else value


@contextlib.contextmanager
def _unchanged(model: Any) -> Iterator[None]:
    """What a forward pass in training mode leaves behind is undone: buffers (running means) and random generators."""
    torch = extra.torch()
    buffers = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    devices = {buffer.device.index for buffer in (*model.parameters(), *model.buffers()) if buffer.is_cuda}
    with torch.random.fork_rng(devices=sorted(devices)):
        try:
            yield
        finally:
            with torch.no_grad():
                for buffer, before in buffers:
                    if buffer.shape == before.shape:
                        buffer.copy_(before)


def _reached(output: Any) -> set[Any]:
    """The nodes that the backward pass of a result, or of all tensors in it, comes through."""
    values, open_, reached = [output], [], set()
    while values:
        value = values.pop()
        if isinstance(value, dict):
            values += value.values()
        elif isinstance(value, (tuple, list)):
            values += value
        elif getattr(value, "grad_fn", None) is not None:
            open_.append(value.grad_fn)
    while open_:
        node = open_.pop()
        if node not in reached:
            reached.add(node)
            open_ += [before for before, _ in node.next_functions if before is not None]
    return reached


def _is_site(name: str, module: Any, quantizer: Quantizer | None) -> bool:
    if isinstance(quantizer, (type, tuple)):
        return isinstance(module, quantizer)
    if quantizer is not None:
        return bool(quantizer(name, module))
    if hasattr(module, "act_quant"):
        return True
    return any(base.__name__ == "FakeQuantizeBase" for base in type(module).__mro__)


@contextlib.contextmanager
def _hooked(recorder: _Recorder, name: str, module: Any, quantizer: Quantizer | None) -> Iterator[None]:
    """While inside, the module's calls are known to the recorder."""
    site = _is_site(name, module, quantizer)

    def before(_: Any, arguments: tuple[Any, ...]) -> None:
        recorder.path.append(name)
        if site:
            if not recorder.muted and arguments and hasattr(arguments[0], "detach"):
                recorder.note(name, type(module).__name__, module, arguments[0])
            recorder.muted += 1

    def after(_: Any, __: Any, ___: Any) -> None:
        recorder.path.pop()
        recorder.muted -= site

    handles = (module.register_forward_pre_hook(before), module.register_forward_hook(after, always_call=True))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextlib.contextmanager
def _applied(recorder: _Recorder, quantizer: Quantizer | None) -> Iterator[None]:
    """While inside, ``autograd.Function.apply`` tells the recorder first.

    A name bound to ``apply`` before (``quantize = Quantize.apply`` at the top of a module) does not pass here: its
    module is to be named as ``quantizer``.
    """
    function = extra.torch().autograd.Function
    original = function.__dict__["apply"]

    def apply(cls: Any, *arguments: Any, **keywords: Any) -> Any:
        # Before it is called: a function may overwrite its input.
        given = arguments[0].detach().clone() if arguments and _is_activation(arguments[0]) else None
        result = original.__func__(cls, *arguments, **keywords)
        node = getattr(result[0] if isinstance(result, tuple) else result, "grad_fn", None)
        if given is not None and node is not None and not recorder.muted and _wanted(cls, quantizer):
            place = recorder.path[-1] if recorder.path else ""
            name = f"{place}.{cls.__name__}" if place else str(cls.__name__)
            rest = tuple(_detached(value) for value in arguments[1:])

            def code(x: Any) -> Any:
                return original.__func__(cls, x.clone(), *(_as(value, x) for value in rest), **keywords)

            code.__module__, code.__qualname__ = cls.__module__, cls.__name__
            # The place in the source: a loop over time passes it again and again, another layer does not.
            caller = sys._getframe(1)
            recorder.note(name, cls.__name__, code, given, node, caller.f_code, caller.f_lasti)
        return result

    function.apply = classmethod(apply)
    try:
        yield
    finally:
        function.apply = original


def _wanted(cls: Any, quantizer: Quantizer | None) -> bool:
    """All functions, unless types are named and functions among them."""
    named = quantizer if isinstance(quantizer, tuple) else (quantizer,) if isinstance(quantizer, type) else ()
    functions = [one for one in named if issubclass(one, extra.torch().autograd.Function)]
    return not functions or issubclass(cls, tuple(functions))


def _is_activation(value: Any) -> bool:
    """A float tensor that is no parameter: weights have estimators too, but are not pre-activations."""
    torch = extra.torch()
    return isinstance(value, torch.Tensor) and value.is_floating_point() and not isinstance(value, torch.nn.Parameter)


def _detached(value: Any) -> Any:
    return value.detach() if hasattr(value, "detach") else value


def _as(value: Any, x: Any) -> Any:
    """A saved argument in the precision of x."""
    return value.to(x.dtype) if hasattr(value, "is_floating_point") and value.is_floating_point() else value
