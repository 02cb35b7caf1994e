"""What is true about straight-through estimators, settled with evidence.

The public names are imported when they are first used, so that ``import ste_theory`` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ste_theory.claims.derive import derive as derive
    from ste_theory.claims.verify import verify as verify
    from ste_theory.model import quantizers as quantizers
    from ste_theory.model import surrogates as surrogates
    from ste_theory.model.errors import InvalidInput as InvalidInput
    from ste_theory.model.errors import SteTheoryError as SteTheoryError
    from ste_theory.model.errors import UndefinedQuantity as UndefinedQuantity
    from ste_theory.model.errors import UnknownName as UnknownName
    from ste_theory.model.problem import Point as Point
    from ste_theory.model.problem import Problem as Problem
    from ste_theory.theory.coarse_gradient import expected_coarse_gradient as expected_coarse_gradient
    from ste_theory.theory.correlation import correlation as correlation
    from ste_theory.theory.gradient import population_gradient as population_gradient
    from ste_theory.theory.loss import population_loss as population_loss
    from ste_theory.theory.response import response as response
    from ste_theory.theory.second_moment import BatchSize as BatchSize
    from ste_theory.theory.second_moment import batch_size as batch_size

__version__ = "0.1.0"

# Public name -> "module" or "module:attribute". A name whose module is not written yet stands here already: until then
# it raises an AttributeError that says so. For type checkers, a name is also imported above.
_PUBLIC = {
    "BatchSize": "ste_theory.theory.second_moment:BatchSize",
    "InvalidInput": "ste_theory.model.errors:InvalidInput",
    "Point": "ste_theory.model.problem:Point",
    "Problem": "ste_theory.model.problem:Problem",
    "SteTheoryError": "ste_theory.model.errors:SteTheoryError",
    "UndefinedQuantity": "ste_theory.model.errors:UndefinedQuantity",
    "UnknownName": "ste_theory.model.errors:UnknownName",
    "analyze": "ste_theory.analysis.analyze:analyze",
    "batch_size": "ste_theory.theory.second_moment:batch_size",
    "correlation": "ste_theory.theory.correlation:correlation",
    "derive": "ste_theory.claims.derive:derive",
    "estimate_coarse_gradient": "ste_theory.montecarlo.estimate:estimate_coarse_gradient",
    "expected_coarse_gradient": "ste_theory.theory.coarse_gradient:expected_coarse_gradient",
    "population_gradient": "ste_theory.theory.gradient:population_gradient",
    "population_loss": "ste_theory.theory.loss:population_loss",
    "quantizers": "ste_theory.model.quantizers",
    "response": "ste_theory.theory.response:response",
    "surrogates": "ste_theory.model.surrogates",
    "verify": "ste_theory.claims.verify:verify",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'ste_theory' has no attribute {name!r}")
    place, _, attribute = _PUBLIC[name].partition(":")
    try:
        module = importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{place}.".startswith(f"{error.name}."):
            raise
        raise AttributeError(f"ste_theory.{name} is planned and not part of version {__version__}") from None
    return getattr(module, attribute) if attribute else module


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*_PUBLIC, "__version__"])
