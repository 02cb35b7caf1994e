"""SymPy expressions as functions of numbers, each formula compiled once.

The arguments are renamed by their place, so that formulas that differ in the names of their symbols alone share a
function; and to plain symbols, because SymPy substitutes in the whole formula for every ``Dummy`` among them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import mpmath as mp
import numpy as np
import numpy.typing as npt
import sympy as sp


def _step(x: Any) -> Any:
    return (np.asarray(x) > 0).astype(float)


def _erf(x: float) -> float:
    return float(mp.erf(x))


_MODULES: Mapping[str, list[Any]] = {
    "arrays": [{"indicator": _step}, "scipy"],
    "floats": ["math", {"erf": _erf}],
    "digits": ["mpmath"],
}


def compiled(expression: sp.Basic, arguments: Sequence[sp.Expr], numbers: str) -> Callable[..., Any]:
    """The function of ``arguments`` in NumPy ``arrays``, ``floats`` or mpmath ``digits``."""
    letters = {argument: sp.Symbol(f"argument_{place}") for place, argument in enumerate(arguments)}
    return _function(expression.xreplace(letters), tuple(letters.values()), numbers)


def arrays(
    expression: sp.Expr, variables: Sequence[sp.Expr], parameters: Sequence[sp.Expr]
) -> Callable[..., npt.NDArray[np.float64]]:
    """The NumPy function of the variables and then the parameters; a constant has the shape of its arguments."""
    function = compiled(expression, (*variables, *parameters), "arrays")

    def call(*arguments: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
        shapes = [np.shape(argument) for argument in arguments]
        return np.broadcast_to(np.asarray(function(*arguments), dtype=float), np.broadcast_shapes(*shapes))

    return call


@lru_cache(maxsize=8192)
def _function(expression: sp.Basic, letters: tuple[sp.Symbol, ...], numbers: str) -> Callable[..., Any]:
    function: Callable[..., Any] = sp.lambdify(letters, expression, modules=_MODULES[numbers])
    return function
