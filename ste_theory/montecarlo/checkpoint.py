"""The state of a long run in a file: which run it is, the complete subtrees and prefixes so far, and what its rule
needs beside.

A NumPy archive (`.npz`) without pickled objects; ``metadata`` is UTF-8 JSON with a SHA-256 digest of everything else.
What is restored is the fixed reduction tree, so a run that goes on ends in the bits of one that was never interrupted.
"""

import errno
import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point
from ste_theory.montecarlo.accumulate import Node, Partial, Tree
from ste_theory.montecarlo.accuracy.request import State
from ste_theory.montecarlo.blocks import Precision
from ste_theory.montecarlo.durable import replace_file
from ste_theory.montecarlo.maker import maker

SCHEMA, VERSION = "ste-theory estimate", 4
LARGEST = 2**31  # bytes that a file may unpack to
MOST_GROUPS = 2**14  # means that Catoni's rule keeps, more than it needs at any confidence that a double holds
_NAMES = ("v", "w", "v_star", "w_star")
_OF_RULE = "rule."  # begins the names of the arrays that a rule for stopping keeps


@dataclass(frozen=True)
class Identity:
    """Which run it is: the problem as its user wrote it, samples or accuracy, seed, sampler, precision; and
    ``made_with``, what else decides the bits (``maker``).

    Of ``samples`` and ``accuracy`` (with its ``confidence``) one is ``None``; ``sampler`` is ``None`` where the fastest
    one is taken.
    """

    quantizer: str
    surrogate: str
    samples: int | None
    seed: int
    sampler: str | None
    accuracy: float | None = None
    confidence: float | None = None
    precision: Precision = "double"
    made_with: dict[str, str] = field(default_factory=maker)


@dataclass(frozen=True, eq=False)
class Saved:
    """The content of a file."""

    identity: Identity
    point: Point
    state: State


def bytes_needed(width: int, blocks: int, groups: int = 0) -> int:
    """At most so many bytes has the state of a run over so many blocks of ``width`` columns, the point and names aside.

    A subtree and a prefix per level of the tree, 8(k² + k + 3) bytes each, and the means of the groups.
    """
    return 8 * (2 * blocks.bit_length() * (width * width + width + 3) + groups * width)


def require_room(path: Path, needed: int) -> None:
    """Raise ``InvalidInput`` before a run whose state would not fit into a file that ``load`` reads."""
    if needed > LARGEST - 2**24:  # 16 MiB for the point and the names
        raise InvalidInput(
            f"{path}: the state of this run may take {needed / 1e9:.1f} GB, and a checkpoint holds at most"
            f" {LARGEST / 1e9:.1f} GB; run it without one, or with fewer rows or a smaller dimension"
        )


def save(path: Path, identity: Identity, point: Point, state: State) -> None:
    """Replace the file by the state of the run. Raises ``OSError`` and leaves the old file if that fails, also for a
    state that ``load`` would refuse for its size."""
    tree = state.tree
    arrays: dict[str, Any] = {name: getattr(point, name) for name in _NAMES} | {
        "places": np.array([(node.level, node.index) for node in tree.nodes], dtype=np.int64),
        "level": np.array(-1 if tree.level is None else tree.level),
        "groups": np.array(tree.groups),
    }
    arrays |= _packed("nodes", [node.partial for node in tree.nodes]) | _packed("prefixes", tree.prefixes)
    arrays |= {_OF_RULE + name: array for name, array in state.arrays.items()}
    metadata = {
        "schema": SCHEMA,
        "version": VERSION,
        "identity": asdict(identity),
        "digest": _digest(asdict(identity), arrays),
    }
    arrays["metadata"] = np.frombuffer(json.dumps(metadata).encode(), dtype=np.uint8)
    if sum(array.nbytes for array in arrays.values()) > LARGEST - 2**20:
        raise OSError(errno.EFBIG, f"the state takes more than {LARGEST / 1e9:.1f} GB", str(path))
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    replace_file(path, packed.getvalue())


def _digest(identity: dict[str, Any], arrays: dict[str, Any]) -> str:
    found = hashlib.sha256(json.dumps(identity, sort_keys=True).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype.str} {array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def load(path: Path) -> Saved:
    """Read a file of ``save``. Raises ``InvalidInput``, one line, for one that is damaged, foreign, newer, or made
    where the bits may be others (``maker``)."""
    foreign = InvalidInput(f"{path}: no checkpoint of ste-theory estimate, or damaged; start again without --resume")
    # In memory, where a damaged offset is no error of the file system.
    packed = io.BytesIO(path.read_bytes())
    try:
        with zipfile.ZipFile(packed) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise InvalidInput(f"{path}: unpacks to more than {LARGEST / 1e9:.1f} GB, which no checkpoint does")
        packed.seek(0)
        with np.load(packed, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        metadata = json.loads(arrays.pop("metadata").tobytes().decode())
        if metadata["schema"] != SCHEMA:
            raise foreign
        if metadata["version"] != VERSION:
            raise InvalidInput(f"{path}: version {metadata['version']} of the format; this program reads {VERSION}")
        identity = Identity(**metadata["identity"])
        if metadata["digest"] != _digest(asdict(identity), arrays):
            raise foreign
        others = [
            f"{name} {identity.made_with[name]}, here {value}"
            for name, value in maker().items()
            if identity.made_with[name] != value
        ]
        if others:
            raise InvalidInput(f"{path}: made with {'; '.join(others)}: the result would have other bits")
        rule = {name.removeprefix(_OF_RULE): array for name, array in arrays.items() if name.startswith(_OF_RULE)}
        return Saved(identity, Point(*(arrays[name] for name in _NAMES)), State(_tree(arrays), rule))
    except InvalidInput as error:
        raise (error if str(path) in str(error) else foreign) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise foreign from error
    except (ValueError, NotImplementedError, RecursionError, RuntimeError) as error:
        raise foreign from error


def _packed(name: str, partials: list[Partial]) -> dict[str, Any]:
    return {
        f"{name}.counts": np.array([partial.count for partial in partials], dtype=np.int64),
        f"{name}.means": np.array([partial.mean for partial in partials]),
        f"{name}.comoments": np.array([partial.comoment for partial in partials]),
    }


def _unpacked(name: str, arrays: dict[str, Any]) -> list[Partial]:
    columns = (arrays[f"{name}.counts"].tolist(), arrays[f"{name}.means"], arrays[f"{name}.comoments"])
    return [Partial(*parts) for parts in zip(*columns, strict=True)]


def _tree(arrays: dict[str, Any]) -> Tree:
    tree = Tree()
    for (level, index), partial in zip(arrays["places"].tolist(), _unpacked("nodes", arrays), strict=True):
        tree.add(Node(level, index, partial))
    tree.prefixes = _unpacked("prefixes", arrays)  # most of their nodes are merged by now
    if int(arrays["level"]) >= 0:
        tree.level, tree.groups = int(arrays["level"]), list(arrays["groups"])
    return tree
