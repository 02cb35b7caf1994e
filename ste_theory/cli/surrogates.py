"""``ste-theory surrogates``."""

import shutil
import sys
import textwrap
from fractions import Fraction
from typing import Any

import click


@click.command()
@click.argument("pattern", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Everything about the entries, as JSON.")
def surrogates(pattern: str, as_json: bool) -> None:
    """List the surrogates of the catalogue: name, formula, parameters, source.

    PATTERN is part of a name, a source or a note, such as larq, tanh or odd. A parameter stands with its default; give
    another one as `larq.swish_sign(beta=2)` would be called in Python: surrogates.get("larq.swish_sign", beta=2).
    """
    from ste_theory.model.catalogue.index import ENTRIES
    from ste_theory.model.errors import UnknownName
    from ste_theory.render.json_text import dumps

    wanted = pattern.lower()
    found = [
        entry
        for entry in ENTRIES.values()
        if any(wanted in text.lower() for text in (entry.name, entry.source, entry.note))
    ]
    if not found:
        raise UnknownName(f"nothing in the catalogue matches {pattern[:60]!r}; `ste-theory surrogates` lists all")
    if as_json:
        sys.stdout.write(dumps([_record(entry) for entry in found]))
        return
    width = max(shutil.get_terminal_size().columns, 40)
    for entry in found:
        sys.stdout.write(f"{entry.name}\n")
        defaults = ", ".join(f"{p.name}={p.default} ({p.meaning})" for p in entry.parameters)
        source = entry.source + (f"; the same as {entry.same_as}" if entry.same_as else "")
        for text in (entry.formula, defaults, source, entry.note):
            if text:
                sys.stdout.write(textwrap.fill(text, width, initial_indent="    ", subsequent_indent="      ") + "\n")
    sys.stdout.write(f"{len(found)} of {len(ENTRIES)} surrogates\n")


def _record(entry: Any) -> dict[str, Any]:
    return {
        "name": entry.name,
        "formula": entry.formula,
        "parameters": [
            {"name": p.name, "default": _number(p.default), "meaning": p.meaning, "positive": p.positive}
            for p in entry.parameters
        ],
        "source": entry.source,
        "note": entry.note,
        "same_as": entry.same_as,
        "pieces": entry.surrogate().text,
    }


def _number(text: str) -> str:
    """A rational number, reduced."""
    return str(Fraction(text))
