"""Runs in a file: NumPy arrays without pickling, and JSON that says what they are.

The file is a zip of arrays (`.npz`), each with a checksum. ``metadata`` holds UTF-8 JSON. A run that is read back goes
on bit-identically to one that was never interrupted: batches are seeded by (seed, start, step), never by a generator's
state.
"""

import io
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ste_theory.dynamics.plane import Plane
from ste_theory.dynamics.run import RECORDED, TRACKED, History, Run
from ste_theory.dynamics.state import Crossings, Settings, State, Teacher
from ste_theory.model.errors import InvalidInput, SteTheoryError
from ste_theory.model.problem import Problem

SCHEMA, VERSION = "ste-theory simulation", 1
LARGEST = 2**31  # bytes that a file may unpack to


@dataclass(frozen=True, eq=False)
class Experiment:
    """What several runs have in common, and what tells them apart: the surrogates, as the user wrote them."""

    quantizer: str
    surrogates: tuple[str, ...]
    start: str
    steps: int
    settings: Settings
    teacher: Teacher


def save(path: Path, experiment: Experiment, runs: tuple[Run, ...]) -> None:
    """Write the file so that a reader sees the old one or the whole new one."""
    metadata = {
        "schema": SCHEMA,
        "version": VERSION,
        "quantizer": experiment.quantizer,
        "surrogates": list(experiment.surrogates),
        "start": experiment.start,
        "steps": experiment.steps,
        "settings": asdict(experiment.settings),
        "done": [run.state.step for run in runs],
    }
    arrays: dict[str, Any] = {
        "metadata": np.frombuffer(json.dumps(metadata).encode(), dtype=np.uint8),
        "v_star": experiment.teacher.v_star,
        "w_star": experiment.teacher.w_star,
    }
    for index, run in enumerate(runs):
        arrays |= {f"{index}.{name}": array for name, array in _arrays(run).items()}
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    target = path.resolve()
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as stream:
            stream.write(packed.getbuffer())
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _arrays(run: Run) -> dict[str, Any]:
    state, crossings, history = run.state, run.state.crossings, run.history
    arrays = {
        "v": state.v,
        "w": state.w,
        "stopped": state.stopped,
        "count": crossings.count,
        "last": crossings.last,
        "first": crossings.first,
        "before": crossings.before,
        "after": crossings.after,
        "record_steps": history.steps,
        "records": np.stack([history.values[name] for name in RECORDED], axis=1),
    }
    return arrays if run.plane is None else arrays | {"plane.along": run.plane.along, "plane.across": run.plane.across}


@dataclass(frozen=True, eq=False)
class Saved:
    """The content of a file: the experiment, and per run its state, plane and history."""

    experiment: Experiment
    parts: tuple[tuple[State, Plane | None, History], ...]

    def runs(self, problems: tuple[Problem, ...]) -> tuple[Run, ...]:
        """The runs, for the problems that the texts of the experiment mean."""
        teacher, settings = self.experiment.teacher, self.experiment.settings
        return tuple(
            Run.restored(problem, teacher, settings, *part) for problem, part in zip(problems, self.parts, strict=True)
        )


def load(path: Path) -> Saved:
    """Read a file of ``save``. Raises ``InvalidInput``, one line, for one that is damaged, foreign or newer."""
    foreign = InvalidInput(f"{path}: not a simulation saved by ste-theory, or damaged; start again without --resume")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise foreign
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        metadata = json.loads(arrays["metadata"].tobytes().decode())
        if metadata["schema"] != SCHEMA:
            raise foreign
        if metadata["version"] != VERSION:
            raise InvalidInput(f"{path}: version {metadata['version']} of the format; this program reads {VERSION}")
        return _saved(metadata, arrays)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise foreign from error
    except SteTheoryError as error:
        raise (error if str(path) in str(error) else foreign) from error
    except (ValueError, NotImplementedError, RecursionError, RuntimeError) as error:
        raise foreign from error


def _saved(metadata: Mapping[str, Any], arrays: Mapping[str, Any]) -> Saved:
    texts = metadata["surrogates"]
    words = [metadata["quantizer"], metadata["start"], *texts]
    if not isinstance(texts, list) or not texts or not all(isinstance(word, str) for word in words):
        raise KeyError("surrogates")
    teacher, settings = Teacher(arrays["v_star"], arrays["w_star"]), Settings(**metadata["settings"])
    steps = metadata["steps"]
    parts = [
        _part(arrays, f"{index}.", teacher, settings, _count(metadata["done"][index])) for index in range(len(texts))
    ]
    experiment = Experiment(metadata["quantizer"], tuple(texts), metadata["start"], _count(steps), settings, teacher)
    return Saved(experiment, tuple(parts))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError("count")
    return value


def _part(
    arrays: Mapping[str, Any], prefix: str, teacher: Teacher, settings: Settings, step: int
) -> tuple[State, Plane | None, History]:
    def read(name: str, kind: str, *shape: int) -> Any:
        array = arrays[prefix + name]
        if array.dtype != np.dtype(kind) or array.shape != shape:
            raise KeyError(name)
        return array

    k, plane = len(arrays[f"{prefix}v"]), None
    v = read("v", "f8", k, teacher.m)
    if f"{prefix}plane.along" in arrays:
        plane = Plane(read("plane.along", "f8", teacher.n), read("plane.across", "f8", k, teacher.n))
    w = read("w", "f8", k, teacher.n if plane is None else 2)
    records = step // settings.every + 1
    if not k or not np.isfinite(v).all() or not np.isfinite(w).all() or not w.any(axis=1).all():
        raise KeyError("v")
    crossings = Crossings(
        read("count", "i8", k),
        read("last", "i8", k),
        read("first", "f8", k),
        read("before", "f8", k),
        read("after", "f8", k),
    )
    table = read("records", "f8", records, len(RECORDED), min(k, TRACKED))
    history = History(
        read("record_steps", "i8", records), {name: table[:, index] for index, name in enumerate(RECORDED)}
    )
    return State(step, v, w, crossings, read("stopped", "?", k)), plane, history
