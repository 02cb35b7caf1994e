"""Rows in a file, as they come: CSV, or Parquet made from it at the end.

With Parquet the rows stand in ``FILE.csv`` while the sweep runs, and stay there, so that it can be resumed. A run that
is killed leaves whole rows and perhaps a piece of one. ``resume`` cuts the piece off and goes on; the design stands
beside the rows, in ``FILE.design``, so that rows of two designs never mix.
"""

import csv
import io
import json
import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any, TextIO

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.durable import replace_file
from ste_theory.montecarlo.executors import Executor
from ste_theory.sweeps.design import Design
from ste_theory.sweeps.row import NAMES, Progress, Row, Task

CHUNK = 32  # rows per task; a kill loses at most the chunks under way


def rows_file(path: Path) -> Path:
    """Where the rows stand while a sweep runs."""
    return path.with_name(path.name + ".csv") if path.suffix == ".parquet" else path


def design_file(path: Path) -> Path:
    """Where the design's digest stands."""
    return path.with_name(path.name + ".design")


def sweep(
    design: Design, path: Path, executor: Executor, *, resume: bool = False, progress: Progress | None = None
) -> dict[str, int]:
    """Visit the points that ``path`` does not have yet; returns how many rows have which decision.

    The rows are the same, in the same order, for every executor and however often the sweep was interrupted, on one
    kind of machine and with one set of versions (``maker``); others do not go on with it. Raises
    ``InvalidInput`` for a file that exists already (without ``resume``) or that belongs to another design, and for
    Parquet without pyarrow, before anything is done.
    """
    if path.suffix == ".parquet":
        _pyarrow()
    place = rows_file(path)
    if resume:
        if not design_file(path).exists() or not place.exists():
            raise InvalidInput(f"{path}: no sweep to resume; leave out --resume")
        if design_file(path).read_text(encoding="utf-8").strip() != design.digest:
            raise InvalidInput(
                f"{path}: belongs to another sweep, version or machine; repeat its options and seed where it began, or"
                " name another file"
            )
        done, decisions = _kept(place)
    else:
        if place.exists() or path.exists():
            raise InvalidInput(f"{path} exists; name another file, or go on with --resume")
        replace_file(design_file(path), f"{design.digest}\n".encode())
        replace_file(place, _line(NAMES).encode())
        done, decisions = 0, dict[str, int]()
    with place.open("a", encoding="utf-8", newline="") as stream:
        chunks = (range(start, min(start + CHUNK, len(design))) for start in range(done, len(design), CHUNK))
        with closing(executor.run(Task(design), chunks)) as results:
            for rows in results:
                _append(stream, rows)
                done += len(rows)
                for row in rows:
                    decisions[row.decision] = decisions.get(row.decision, 0) + 1
                if progress:
                    progress(done, len(design))
    if path.suffix == ".parquet":
        _to_parquet(design, place, path)
    return decisions


def _line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


def _append(stream: TextIO, rows: Iterable[Row]) -> None:
    stream.write("".join(_line(repr(x) if isinstance(x, float) else x for x in astuple(row)) for row in rows))
    stream.flush()
    os.fsync(stream.fileno())


def _kept(place: Path) -> tuple[int, dict[str, int]]:
    """The number of whole rows and their decisions; what follows the last whole row is cut off."""
    decisions: dict[str, int] = {}
    with place.open("r+b") as stream:
        header = stream.readline()
        if header.decode("utf-8", "replace") != _line(NAMES):
            raise InvalidInput(f"{place}: not the rows of a sweep, or of another version")
        end, count = stream.tell(), 0
        for line in stream:
            fields = next(csv.reader([line.decode("utf-8", "replace")]), [])
            if not line.endswith(b"\n") or len(fields) != len(NAMES) or fields[0] != str(count):
                break
            decision = fields[NAMES.index("decision")]
            decisions[decision] = decisions.get(decision, 0) + 1
            end, count = end + len(line), count + 1
        stream.truncate(end)
    return count, decisions


def _pyarrow() -> None:
    try:
        import pyarrow.csv
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise InvalidInput(
            "Parquet needs the extra parquet: pip install 'ste-theory[parquet]', or a .csv file"
        ) from None


def _to_parquet(design: Design, place: Path, path: Path) -> None:
    """The rows as Parquet, the design among its metadata; the file has its name when it is whole.

    The types are those of a row. Read from the first rows they would be wrong: a column of remarks that are all empty
    has none, and the first remark that is not would be an error.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    kinds: dict[object, Any] = {int: pa.int64(), float: pa.float64(), str: pa.string()}
    options = pyarrow.csv.ConvertOptions(
        column_types={field.name: kinds[field.type] for field in fields(Row)},
        null_values=[],  # "nan" is a number, an empty remark a text
    )
    draft = path.with_name(f".{path.name}.draft")
    try:
        with pyarrow.csv.open_csv(place, convert_options=options) as reader:
            schema = reader.schema.with_metadata({"ste-theory sweep": json.dumps(asdict(design))})
            with pyarrow.parquet.ParquetWriter(draft, schema) as writer:
                for batch in reader:
                    writer.write_batch(batch.replace_schema_metadata(schema.metadata))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
