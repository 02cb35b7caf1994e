"""The file of an experiment: its settings, its data by checksum, and every finished run. Written after each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.experiments.digits_quantized import DigitsQuantized
from ste_theory.networks.experiments.instability import Instability
from ste_theory.networks.experiments.study import Study
from ste_theory.networks.experiments.table1 import Table1

VERSION = 1
_COUNTS = ("training", "validation", "channels", "side")
_KINDS: Mapping[str, type[Table1] | type[Instability] | type[DigitsQuantized]] = {
    "table1": Table1,
    "instability": Instability,
    "digits-quantized": DigitsQuantized,
}


@dataclass(frozen=True)
class Data:
    """What was trained on: numbers of images, their shape, and a checksum over all of it."""

    training: int
    validation: int
    channels: int
    side: int
    sha256: str


@dataclass(frozen=True)
class Results:
    """A study with the runs finished so far, in the order of its tasks."""

    study: Study
    data: Data
    runs: tuple[Any, ...]
    environment: Mapping[str, str]

    @property
    def missing(self) -> int:
        """The number of runs that are not finished."""
        return len(self.study.tasks()) - len(self.runs)

    def to_json(self) -> dict[str, Any]:
        """As JSON; ``read`` reads it."""
        return {
            "schema": f"ste-theory experiment {self.study.experiment}",
            "version": VERSION,
            **({"source": self.study.origin} if self.study.origin else {}),
            "seed": self.study.root,
            "environment": dict(self.environment),
            "data": vars(self.data),
            "settings": self.study.to_json(),
            "runs": [run.to_json() for run in self.runs],
        }


def read(path: Path, experiment: str) -> Results:
    """The file of an experiment.

    Raises ``InvalidInput``, one line, for one that is damaged, foreign, newer or of the other experiment.
    """
    advice = f"start again with --json instead of --resume, or name a file that `experiment {experiment}` wrote"
    foreign = InvalidInput(f"{path}: no results of `experiment {experiment}`, or damaged; {advice}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != f"ste-theory experiment {experiment}":
            raise foreign
        if content["version"] != VERSION:
            raise InvalidInput(f"{path}: version {content['version']} of the format; this program reads {VERSION}")
        study = _KINDS[experiment].from_json(content["settings"])
        runs: tuple[Any, ...] = tuple(study.result_from_json(run) for run in content["runs"])
        tasks = [run.task for run in runs]
        if len(set(tasks)) != len(tasks) or not set(tasks) <= set(study.tasks()):
            raise foreign
        environment = {str(name): str(version) for name, version in content["environment"].items()}
        data = content["data"]
        if not isinstance(data["sha256"], str) or any(type(data[name]) is not int for name in _COUNTS):
            raise foreign
        return Results(study, Data(**data), runs, environment)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise foreign from error
    except InvalidInput as error:
        raise (error if str(path) in str(error) else foreign) from error
    except (ValueError, OverflowError) as error:
        raise foreign from error
