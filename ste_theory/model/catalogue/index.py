"""The whole catalogue: an entry by its name, and the nearest names to one that is not in it."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from ste_theory.model.catalogue import (
    binary_networks,
    neuromorphic,
    smooth,
    spiking,
    spikingjelly,
    straight_through,
)
from ste_theory.model.catalogue.entry import Entry
from ste_theory.model.errors import UnknownName

_FAMILIES = (straight_through, binary_networks, smooth, spiking, spikingjelly, neuromorphic)
ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {found.name: found for found in sorted((e for f in _FAMILIES for e in f.ENTRIES), key=lambda e: e.name.lower())}
)
NAMES: tuple[str, ...] = tuple(ENTRIES)


def entry(name: str) -> Entry:
    """The entry with this name, whatever the case of its letters. Raises ``UnknownName`` with the nearest names."""
    if name in ENTRIES:
        return ENTRIES[name]
    lower = {known.lower(): known for known in NAMES}
    if str(name).lower() in lower:
        return ENTRIES[lower[str(name).lower()]]
    last = {known.lower().rpartition(".")[2]: known for known in NAMES}
    nearest = [lower[found] for found in get_close_matches(str(name).lower(), lower, 3, 0.6)]
    nearest += [last[found] for found in get_close_matches(str(name).lower().rpartition(".")[2], last, 3, 0.7)]
    hint = f"did you mean {' or '.join(dict.fromkeys(nearest))}?" if nearest else "see `ste-theory surrogates`"
    raise UnknownName(f"no surrogate is called {_short(name)}; {hint}")


def _short(name: object) -> str:
    text = ascii(name)
    return text if len(text) <= 60 else text[:57] + "..."
