"""The command of a benchmark: its options, a table as soon as it is measured, all rows so far in a file."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from measurement.row import Row, write
from measurement.table import text

Options = argparse.Namespace


def drive(
    document: str | None,
    quick: str,
    tables: Callable[[Options], Iterable[Sequence[Row]]],
    arguments: Sequence[str] | None,
    *,
    rounds: int | None = None,
    options: Callable[[argparse.ArgumentParser], object] | None = None,
) -> int:
    """Print the tables one after the other and write their rows; a run that is ended keeps what it has.

    ``document`` is the text of ``--help``, ``quick`` that of ``--quick``, ``rounds`` the default of ``--rounds``
    (without one there is no such option); ``options`` adds more.
    """
    parser = argparse.ArgumentParser(description=document, formatter_class=argparse.RawDescriptionHelpFormatter)
    if rounds is not None:
        parser.add_argument("--rounds", type=int, default=rounds)
    if options is not None:
        options(parser)
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    rows = list[Row]()
    for found in tables(chosen):
        print(text(found), flush=True)
        rows += found
        write(chosen.json, rows)
    return 0
