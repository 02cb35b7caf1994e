"""Surrogates and quantizers by what a user writes, and the analysis of many of them in processes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from fractions import Fraction
from multiprocessing import get_context

from ste_theory.analysis.analyze import Analysis, analyze
from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import exact
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate

_NAME = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*", re.ASCII)
_BUILT_IN: dict[str, Callable[..., Surrogate]] = {
    "identity": surrogates.identity,
    "relu": surrogates.relu,
    "clipped_relu": surrogates.clipped_relu,
}


def names() -> tuple[str, ...]:
    """The names of the catalogue."""
    return tuple(surrogates.names())


def surrogate(text: str, parameters: Mapping[str, str] | None = None) -> Surrogate:
    """The catalogue entry of that name, else the formula. Raises ``InvalidInput`` or ``UnknownName``."""
    values = {key: exact(value, key) for key, value in (parameters or {}).items()}
    if text in _BUILT_IN:
        if unknown := set(values) - ({"clip"} if text == "clipped_relu" else set()):
            raise InvalidInput(f"{text} has no parameter {min(unknown)!r}")
        return _BUILT_IN[text](**values)
    if text in names() or (_NAME.fullmatch(text) and text not in ("x", "pi")):
        return surrogates.get(text, **values)
    return surrogates.parse(text, **values)


def quantizer(text: str) -> Staircase:
    """``binary``, ``sign``, ``ternary(1/2)``, ``uniform_relu(2)``, … Raises ``InvalidInput``."""
    return quantizers.parse(text)


def analyze_all(
    chosen: Sequence[str],
    quantizer_text: str,
    max_scale: Fraction | None,
    *,
    jobs: int,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Analysis, ...]:
    """The analyses of the named surrogates in their order, each in one of ``jobs`` processes.

    Ctrl-C ends the processes at once.
    """
    if jobs == 1 or len(chosen) < 2:
        return tuple(_one(name, quantizer_text, max_scale) for name in _counted(chosen, progress, len(chosen)))
    done: dict[str, Analysis] = {}
    pool = ProcessPoolExecutor(min(jobs, len(chosen)), mp_context=get_context("spawn"))
    try:
        waiting: dict[Future[Analysis], str] = {
            pool.submit(_one, name, quantizer_text, max_scale): name for name in chosen
        }
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                name = waiting.pop(future)
                done[name] = future.result()
                progress(f"{len(done)}/{len(chosen)} {name}")
    except BaseException:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return tuple(done[name] for name in chosen)


def _counted(chosen: Iterable[str], progress: Callable[[str], None], total: int) -> Iterator[str]:
    for count, name in enumerate(chosen, 1):
        progress(f"{count}/{total} {name}")
        yield name


def _one(name: str, quantizer_text: str, max_scale: Fraction | None) -> Analysis:
    from dataclasses import replace

    return replace(analyze(surrogate(name), quantizer(quantizer_text), max_scale), surrogate=name)
