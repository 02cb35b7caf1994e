"""Where claims come from: every module of ``ste_theory.derivations`` and of a user's corpus that defines ``CLAIM``.

The library knows the content only through here. A file defines one claim; its folder and name are the claim's id.
"""

import difflib
import hashlib
import importlib
import importlib.machinery
import importlib.util
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

from ste_theory.claims.claim import Claim
from ste_theory.claims.verdict import WitnessKind
from ste_theory.claims.witness import Witness
from ste_theory.model.errors import InvalidInput, UnknownName


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


def _modules(package: ModuleType) -> list[ModuleType]:
    def refuse(name: str) -> None:
        # Without this, a folder whose __init__.py does not import would be left out in silence.
        cause = sys.exception()
        raise ImportError(f"{name}: {type(cause).__name__}: {cause}") from cause

    return [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=refuse)
        if not info.ispkg
    ]


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


@cache
def _load(corpus: tuple[Path, ...]) -> Mapping[str, Claim]:
    ours = _content("ste_theory.derivations")
    claims: dict[str, Claim] = {}
    for package, modules in [(ours.__name__, _modules(ours)), *(_corpus_modules(folder) for folder in corpus)]:
        for module in modules:
            claim = getattr(module, "CLAIM", None)
            if claim is None:
                continue
            expected = module.__name__.removeprefix(package + ".").replace("_", "-")
            if claim.id != expected:
                raise InvalidInput(f"{module.__name__} defines the claim {claim.id!r}; its place says {expected!r}")
            if claim.id in claims:
                raise InvalidInput(f"two files define the claim {claim.id!r}")
            claims[claim.id] = claim
    return MappingProxyType(dict(sorted(claims.items())))


def claims(corpus: Sequence[Path] = ()) -> Mapping[str, Claim]:
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
