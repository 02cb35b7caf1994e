"""Where claims come from: every module of ``ste_theory.derivations`` and of a user's corpus that defines ``CLAIM``.

The library knows the content only through here. A file defines one claim; its folder and name are the claim's id.
"""

import difflib
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from ste_theory.claims.claim import Claim
from ste_theory.claims.verdict import WitnessKind
from ste_theory.claims.witness import Witness
from ste_theory.model.errors import InvalidInput, UnknownName

CONTENT = "ste_theory.derivations"


def _content(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise InvalidInput(
            f"{name} is not there: Python found a folder ste_theory before the installed package; run the command"
            " `ste-theory`, or leave that folder"
        ) from None


def _names(package: ModuleType) -> list[str]:
    """The modules below a package, none of which is imported."""

    def refuse(name: str) -> None:
        # Without this, a folder whose __init__.py does not import would be left out in silence.
        cause = sys.exception()
        raise ImportError(f"{name}: {type(cause).__name__}: {cause}") from cause

    found = pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=refuse)
    return [info.name for info in found if not info.ispkg]


def _modules(package: ModuleType) -> list[ModuleType]:
    return [importlib.import_module(name) for name in _names(package)]


def _corpus_package(folder: Path, name: str) -> ModuleType:
    """Import a user's folder under a unique name, so that two corpora (and ours) never collide."""
    places, initial = [str(folder.resolve())], folder.resolve() / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, initial, submodule_search_locations=places)
    if not initial.is_file() or spec is None:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = places
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if initial.is_file() and spec.loader is not None:
        spec.loader.exec_module(module)
    return module


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise InvalidInput(f"--corpus {folder}: not a folder")
    for file in sorted(folder.rglob("*.py")):
        place = file.parent
        while place != folder and (place / "__init__.py").is_file():
            place = place.parent
        if place != folder:
            # Such a folder would be left out in silence.
            raise InvalidInput(f"--corpus {folder}: {place.relative_to(folder)} holds Python files but no __init__.py")


def _corpus_modules(folder: Path) -> tuple[str, list[ModuleType]]:
    """The unique package name given to a user's folder, and its modules, imported."""
    _check_folder(folder)
    name = "ste_theory_corpus_" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    try:
        modules = _modules(sys.modules.get(name) or _corpus_package(folder, name))
    except Exception as error:
        for key in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
            del sys.modules[key]  # a second attempt starts afresh
        words = " ".join(f"{type(error).__name__}: {error}".split())
        raise InvalidInput(f"--corpus {folder}: its Python does not run: {words}") from error
    if not any(getattr(module, "CLAIM", None) is not None for module in modules):
        raise InvalidInput(f"--corpus {folder}: no file below it defines CLAIM")
    return name, modules


class Claims(Mapping[str, Claim]):
    """Claims by id, in alphabetical order. A file of ours is imported when its claim is first asked for."""

    def __init__(self, ours: Sequence[str], own: Mapping[str, Claim]) -> None:
        if both := sorted(own.keys() & set(ours)):
            raise InvalidInput(f"two files define the claim {both[0]!r}")
        self._loaded = dict(own)
        self._ids = dict.fromkeys(sorted({*ours, *own}))

    def __getitem__(self, claim_id: str) -> Claim:
        if claim_id not in self._loaded and claim_id in self._ids:
            module = _content(f"{CONTENT}.{claim_id.replace('-', '_')}")
            self._loaded[claim_id] = _defined(module, CONTENT)
        return self._loaded[claim_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._ids  # the inherited one would import the file


def _id(module: str, package: str) -> str:
    return module.removeprefix(package + ".").replace("_", "-")


def _defined(module: ModuleType, package: str) -> Claim:
    claim: Claim = module.CLAIM
    if claim.id != _id(module.__name__, package):
        expected = _id(module.__name__, package)
        raise InvalidInput(f"{module.__name__} defines the claim {claim.id!r}; its place says {expected!r}")
    return claim


@cache
def _ours() -> tuple[str, ...]:
    """The ids of our claims, from the text of the files: SymPy takes seconds for the statements of all of them."""
    found = []
    for name in _names(_content(CONTENT)):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert isinstance(spec.loader, importlib.abc.InspectLoader)
        if re.search(r"^CLAIM\b", spec.loader.get_source(name) or "", re.MULTILINE):
            found.append(_id(name, CONTENT))
    return tuple(found)


@cache
def _load(corpus: tuple[Path, ...]) -> Claims:
    own: dict[str, Claim] = {}
    for package, modules in map(_corpus_modules, corpus):
        for module in modules:
            if getattr(module, "CLAIM", None) is None:
                continue
            claim = _defined(module, package)
            if claim.id in own:
                raise InvalidInput(f"two files define the claim {claim.id!r}")
            own[claim.id] = claim
    return Claims(_ours(), own)


def claims(corpus: Sequence[Path] = ()) -> Claims:
    """All claims by id, in alphabetical order; ``corpus`` adds folders of the user's own (their Python is run)."""
    return _load(tuple(corpus))


def select(available: Mapping[str, Claim], patterns: Sequence[str]) -> tuple[str, ...]:
    """The ids that equal a pattern or start with it (``yin2019`` or ``yin2019.``); no pattern means all.

    Raises ``UnknownName`` with the nearest ids for a pattern that matches nothing.
    """
    if not patterns:
        return tuple(available)
    chosen: list[str] = []
    for pattern in patterns:
        exact = [claim_id for claim_id in available if claim_id == pattern]
        prefix = pattern if pattern.endswith(".") else pattern + "."
        matches = exact or [claim_id for claim_id in available if claim_id.startswith(prefix)]
        if not matches:
            near = difflib.get_close_matches(pattern, list(available), n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else "; `ste-theory claims` lists them"
            raise UnknownName(f"no claim {pattern!r}{hint}")
        chosen.extend(match for match in matches if match not in chosen)
    return tuple(chosen)


def witnesses() -> tuple[Witness, ...]:
    """The kinds of evidence: the ``WITNESS`` of each module of ``ste_theory.checks``, in order of ``WitnessKind``."""
    package = _content("ste_theory.checks")
    found: list[Witness] = [
        module.WITNESS for module in _modules(package) if getattr(module, "WITNESS", None) is not None
    ]
    if len({witness.kind for witness in found}) < len(found):
        raise InvalidInput("two files of ste_theory.checks define the same kind of witness")
    return tuple(sorted(found, key=lambda witness: list(WitnessKind).index(witness.kind)))
