"""Frozen dataclasses as JSON and back, by the types of their fields: what is shown of a claim, in a file.

A field that has its default value is left out. Formulas have a form of their own (``notation.stored``).
"""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ste_theory.model.errors import InvalidInput
from ste_theory.notation import stored
from ste_theory.notation.formula import Formula, Letter

T = TypeVar("T")
_FORMULAS = frozenset(get_args(Formula))


def encode(value: Any) -> Any:
    """Plain dicts, lists, strings, numbers. Raises ``TypeError`` for what is none of these nor a dataclass of them."""
    if type(value) in _FORMULAS:
        return stored.to_json(value)
    if is_dataclass(value):
        found = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: encode(item) for field, item in found if item != field.default}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, str):
        return str(value)  # an enumeration's member is its text
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def decode(kind: type[T], content: Any, where: str) -> T:
    """The ``kind`` that ``encode`` wrote. Raises ``InvalidInput`` that names the place of what does not fit."""
    return cast(T, _decoded(kind, content, where))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decoded(kind: Any, content: Any, where: str) -> Any:
    if kind is Letter or kind == Formula:
        return _formula(kind, content, where)
    if get_origin(kind) in (Union, UnionType):
        if content is None and NoneType in get_args(kind):
            return None
        present = tuple(one for one in get_args(kind) if one is not NoneType)
        if set(present) == _FORMULAS:
            return _formula(Formula, content, where)
        (kind,) = present
        return _decoded(kind, content, where)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), content, where)
    if is_dataclass(kind):
        return _dataclass(kind, content, where)
    if kind is float and type(content) is int:
        return float(content)
    if type(content) is not kind:
        raise InvalidInput(f"{where}: {kind.__name__} expected, found {str(content)[:40]!r}")
    return content


def _formula(kind: Any, content: Any, where: str) -> Formula:
    try:
        found = stored.from_json(content)
    except InvalidInput as error:
        raise InvalidInput(f"{where}: {error}") from None
    if kind is Letter and not isinstance(found, Letter):
        raise InvalidInput(f"{where}: a letter expected, found {str(content)[:40]!r}")
    return found


def _tuple(kinds: tuple[Any, ...], content: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(content, list):
        raise InvalidInput(f"{where}: a list expected, found {str(content)[:40]!r}")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(content)
    if len(kinds) != len(content):
        raise InvalidInput(f"{where}: {len(kinds)} entries expected, found {len(content)}")
    pairs = enumerate(zip(kinds, content, strict=True))
    return tuple(_decoded(kind, item, f"{where}[{number}]") for number, (kind, item) in pairs)


def _dataclass(kind: Any, content: Any, where: str) -> Any:
    if not isinstance(content, dict):
        raise InvalidInput(f"{where}: an object expected, found {str(content)[:40]!r}")
    known = {field.name: field for field in fields(kind)}
    for name in content:
        if name not in known:
            raise InvalidInput(f"{where}: unknown entry {name!r}")
    for name, field in known.items():
        if name not in content and field.default is MISSING:
            raise InvalidInput(f"{where}: {name!r} is missing")
    hints = _hints(kind)
    return kind(**{name: _decoded(hints[name], item, f"{where}.{name}") for name, item in content.items()})
