"""An entry of the catalogue: a name, a formula in the language, its parameters, where it comes from."""

from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Exact, exact, positive
from ste_theory.model.piecewise import parse_pieces
from ste_theory.model.surrogates import Surrogate


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, default (a decimal or p/q) and meaning, and whether it must be positive."""

    name: str
    default: str
    meaning: str
    positive: bool = True


@dataclass(frozen=True)
class Entry:
    """A surrogate derivative as the code or the paper that ``source`` names has it.

    ``same_as`` names an entry that is the same function, with the same parameters; tests compare the two. ``note``
    says what to know of it, and where code and documentation differ.
    """

    name: str
    formula: str
    source: str
    parameters: tuple[Parameter, ...] = ()
    note: str = ""
    same_as: str | None = None

    def surrogate(self, **values: Exact) -> Surrogate:
        """The surrogate with these parameters; the others have their defaults.

        Raises ``InvalidInput`` for a parameter the entry does not have or a value outside its domain.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                nearest = get_close_matches(name, known, 1)
                hint = f"; did you mean {nearest[0]}?" if nearest else ""
                has = f"it has {', '.join(known)}" if known else "it has none"
                raise InvalidInput(f"{self.name} has no parameter {name!r}: {has}{hint}")
        exactly = tuple(
            (name, (positive if parameter.positive else exact)(values.get(name, parameter.default), name))
            for name, parameter in known.items()
        )
        shown = ", ".join(f"{name}={value}" for name, value in exactly if name in values)
        pieces, at_breakpoints = _pieces(self.formula, exactly)
        return Surrogate(f"{self.name}({shown})" if shown else self.name, pieces, at_breakpoints, exactly)


# A formula at given parameters never changes, and a run asks for the same one often.
_pieces = lru_cache(maxsize=1024)(lambda formula, values: parse_pieces(formula, dict[str, Fraction](values)))
