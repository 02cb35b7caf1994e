"""Where claims come from: every module of ``ste_theory.derivations`` and of a user's corpus that defines ``CLAIM``.

The library knows the content only through here. A file defines one claim; its folder and name are the claim's id.
"""

import difflib
import hashlib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

from ste_theory.claims.claim import Claim
from ste_theory.claims.witness import Witness
from ste_theory.model.errors import InvalidInput, UnknownName


def _claim_modules(package: ModuleType) -> list[ModuleType]:
    found = []
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not info.ispkg:
            found.append(importlib.import_module(info.name))
    return found


def _corpus_package(folder: Path) -> ModuleType:
    """Import a user's folder under a unique name, so that two corpora (and ours) never collide."""
    if not folder.is_dir():
        raise InvalidInput(f"--corpus {folder}: not a folder")
    name = "ste_theory_corpus_" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    if name in sys.modules:
        return sys.modules[name]
    initial = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        name, initial if initial.exists() else None, submodule_search_locations=[str(folder.resolve())]
    )
    if spec is None:
        raise InvalidInput(f"--corpus {folder}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if spec.loader is not None and initial.exists():
        spec.loader.exec_module(module)
    return module


@cache
def _load(corpus: tuple[Path, ...]) -> Mapping[str, Claim]:
    packages = [importlib.import_module("ste_theory.derivations"), *(_corpus_package(folder) for folder in corpus)]
    claims: dict[str, Claim] = {}
    for package in packages:
        for module in _claim_modules(package):
            claim = getattr(module, "CLAIM", None)
            if claim is None:
                continue
            expected = module.__name__.removeprefix(package.__name__ + ".").replace("_", "-")
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
    """The kinds of evidence: the ``WITNESS`` of every module of ``ste_theory.checks``, in the order of ``WitnessKind``."""
    package = importlib.import_module("ste_theory.checks")
    found: list[Witness] = [
        module.WITNESS for module in _claim_modules(package) if getattr(module, "WITNESS", None) is not None
    ]
    order = list(type(found[0].kind)) if found else []
    return tuple(sorted(found, key=lambda witness: order.index(witness.kind)))
