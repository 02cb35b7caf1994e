"""Runs in files: read back they go on bit for bit; what is no such file is one line."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ste_theory.dynamics.checkpoint import Experiment, load, save
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.starts import near_spurious
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model.errors import InvalidInput
from tests.unit.dynamics.conftest import PROBLEMS


def made(teacher: Teacher, settings: Settings, name: str, steps: int) -> tuple[Experiment, Run]:
    """An experiment with one run, after so many steps."""
    run = Run(PROBLEMS[name], teacher, settings, *near_spurious(teacher, 3, 1))
    run.advance(steps)
    return Experiment("binary", (name,), "near-spurious", 300, settings, teacher), run


@pytest.mark.parametrize("name", ["identity", "clipped_relu"])
@pytest.mark.parametrize("batch", [0, 20])
@pytest.mark.parametrize("interrupted", [0, 7, 257])
def test_a_run_read_back_goes_on_bit_for_bit(
    name: str, batch: int, interrupted: int, teacher: Teacher, tmp_path: Path
) -> None:
    """Would have caught: a generator's state lost, plane coordinates rebuilt from w, records or crossings lost."""
    settings = Settings(0.05, batch=batch, seed=4, every=5)
    _, whole = made(teacher, settings, name, 300)
    experiment, part = made(teacher, settings, name, interrupted)
    file = tmp_path / "run.npz"
    save(file, experiment, (part,))
    saved = load(file)
    assert saved.experiment.settings == settings
    (run,) = saved.runs((PROBLEMS[name],))
    run.advance(300)
    assert np.array_equal(run.state.v, whole.state.v)
    assert np.array_equal(run.state.w, whole.state.w)
    assert np.array_equal(run.weights, whole.weights)
    for field in ("count", "last", "first", "before", "after"):
        assert np.array_equal(
            getattr(run.state.crossings, field), getattr(whole.state.crossings, field), equal_nan=True
        )
    assert np.array_equal(run.history.steps, whole.history.steps)
    for key, values in whole.history.values.items():
        assert np.array_equal(run.history.values[key], values)


def test_an_interruption_leaves_a_whole_step(teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a record without its step, or a step without its record, when Ctrl-C falls between them."""
    settings = Settings(0.05)
    _, whole = made(teacher, settings, "relu", 12)
    _, run = made(teacher, settings, "relu", 5)
    original = Run._record

    def interrupted(self: Run, state: object) -> object:
        original(self, state)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_record", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.advance(12)
    monkeypatch.undo()
    assert run.state.step == 5
    assert run.history.steps.tolist() == [0, 1, 2, 3, 4, 5]
    run.advance(12)
    assert np.array_equal(run.state.v, whole.state.v)
    assert np.array_equal(run.history.values["loss"], whole.history.values["loss"])


def test_damage_is_one_line(teacher: Teacher, tmp_path: Path) -> None:
    """Would have caught: a traceback, or a run that goes on from flipped bits. Every byte counts: the zip has a
    checksum per array, headers are checked for what they must be."""
    file = tmp_path / "run.npz"
    experiment, run = made(teacher, Settings(0.05, every=10), "relu", 20)
    save(file, experiment, (run,))
    good = file.read_bytes()
    reference = run.state.v
    rng = np.random.default_rng(1)
    messages = []
    for place in rng.integers(0, len(good), 120):
        file.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
        try:
            saved = load(file)
        except InvalidInput as error:
            messages.append(str(error))
        else:  # a byte of the zip that carries no content (a time stamp)
            assert np.array_equal(saved.parts[0][0].v, reference)
    assert len(messages) > 60
    assert all(message.startswith(f"{file}: ") and "\n" not in message for message in messages)
    for length in (0, 1, 10, len(good) // 2, len(good) - 1):
        file.write_bytes(good[:length])
        with pytest.raises(InvalidInput, match="not a simulation saved by ste-theory, or damaged"):
            load(file)


def rewrite(file: Path, **changes: object) -> None:
    """Replace arrays of the file (metadata as keywords of the JSON)."""
    with np.load(file) as content:
        arrays = {name: content[name] for name in content.files}
    metadata = json.loads(arrays["metadata"].tobytes())
    for key, value in changes.items():
        if key in metadata:
            metadata[key] = value
        elif value is None:
            del arrays[key]
        else:
            arrays[key] = np.asarray(value)
    arrays["metadata"] = np.frombuffer(json.dumps(metadata).encode(), dtype=np.uint8)
    with file.open("wb") as stream:
        np.savez(stream, allow_pickle=True, **arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "other"},
        {"surrogates": "relu"},
        {"surrogates": []},
        {"surrogates": ["relu", "relu"]},
        {"settings": {"step_size": -1}},
        {"settings": {"unknown": 1}},
        {"done": [-1]},
        {"done": [21.5]},
        {"done": [40]},
        {"steps": "many"},
        {"0.v": None},
        {"0.v": np.ones((2, 4))},
        {"0.v": np.full((3, 4), np.nan)},
        {"0.w": np.zeros((3, 2))},
        {"0.count": np.zeros(3)},
        {"v_star": np.zeros(4)},
        {"0.v": np.array([{}, {}, {}], dtype=object)},
    ],
)
def test_wrong_content_is_one_line(changes: dict[str, object], teacher: Teacher, tmp_path: Path) -> None:
    """Would have caught: shapes that fit nothing, a pickled object that is unpacked, a count of steps that lies."""
    file = tmp_path / "run.npz"
    experiment, run = made(teacher, Settings(0.05, every=10), "relu", 20)
    save(file, experiment, (run,))
    rewrite(file, **changes)
    with pytest.raises(InvalidInput, match="not a simulation saved by ste-theory, or damaged"):
        load(file)


def test_a_newer_version_and_a_missing_plane(teacher: Teacher, tmp_path: Path) -> None:
    """Would have caught: a later format read as today's, or plane coordinates taken for w."""
    file = tmp_path / "run.npz"
    experiment, run = made(teacher, Settings(0.05, every=10), "relu", 20)
    save(file, experiment, (run,))
    rewrite(file, version=2)
    with pytest.raises(InvalidInput, match="version 2 of the format; this program reads 1"):
        load(file)
    rewrite(file, version=1, **{"0.plane.along": None, "0.plane.across": None, "0.w": np.ones((3, 3))})
    with pytest.raises(InvalidInput, match="of another kind"):
        load(file).runs((PROBLEMS["relu"],))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InvalidInput, match="not a simulation"):
        load(file)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.npz")


def test_a_failed_save_leaves_the_old_file(teacher: Teacher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: the only copy of a long run overwritten by half of the next one."""
    file = tmp_path / "run.npz"
    experiment, run = made(teacher, Settings(0.05), "relu", 20)
    save(file, experiment, (run,))
    good = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ste_theory.dynamics.checkpoint.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(file, experiment, (run,))
    assert file.read_bytes() == good
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.npz"]
