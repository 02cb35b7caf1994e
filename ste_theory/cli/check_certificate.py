"""``ste-theory check-certificate``."""

import json
import sys
import textwrap
from collections import Counter
from typing import Any

import click

from ste_theory.model.errors import InvalidInput

LARGEST = 50_000_000  # characters
MOST = 10_000  # documents of one file
_INDENT = " " * len("  verified  ")


@click.command(name="check-certificate")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def check_certificate(files: tuple[str, ...]) -> int:
    """Check proofs of inequalities again, by a program of its own.

    It shares no code with the search that found the proof: it reads the boxes, verifies that they cover the domain,
    and evaluates the statement on each in ball arithmetic. What `analyze --json` writes is read too: the certificate,
    the counterexample and the region that an analysis rests on; and the list that `analyze --all --json` writes, each
    of its documents for itself. The names in a document, and what else an analysis says, are its author's words: what
    is verified is said after `verified`. FILE may be - for standard input.

    Exit codes: 0 every certificate is valid, 1 one is rejected, 2 a file is not readable as a certificate. An analysis
    that says "undecided" claims nothing about soundness: it is counted apart; if nothing else is there, the exit code
    is 1.
    """
    counts: Counter[str] = Counter()
    for name in files:
        content = _read(name)
        shown = "standard input" if name == "-" else name
        if isinstance(content, list):
            for number, document in enumerate(content, 1):
                counts[_check_one(document, f"{shown}: {number}{_title(document)}", alone=False)] += 1
        else:
            counts[_check_one(content, shown, alone=True)] += 1
    if sum(counts.values()) > 1:
        sys.stdout.write(_summary(counts) + "\n")
    return 0 if counts["valid"] and not counts["rejected"] else 1


def _check_one(document: dict[str, Any], shown: str, *, alone: bool) -> str:
    """Say what was verified, or why not; "valid", "rejected" or "undecided"."""
    from ste_theory.checker import NothingClaimed, Rejected, check

    try:
        checked = check(document)
    except NothingClaimed as reason:
        sys.stdout.write(f"{shown}: rejected: {reason}\n" if alone else f"{shown}: undecided, nothing to check\n")
        return "rejected" if alone else "undecided"
    except Rejected as reason:
        sys.stdout.write(f"{shown}: rejected: {' '.join(str(reason).split())}\n")
        return "rejected"
    verdict = "valid" if checked.decided else "undecided; what it says besides is valid"
    sys.stdout.write(f"{shown}: {verdict}, {checked.boxes} box{'es' * (checked.boxes > 1)}\n")
    said = {"claim": checked.claim, "with": "; ".join(checked.substitution), "verified": checked.statement}
    for label, words in said.items():
        if words:
            lines = textwrap.wrap(
                " ".join(words.split()), 80 - len(_INDENT), break_long_words=False, break_on_hyphens=False
            )
            sys.stdout.write(f"  {label:9} " + f"\n{_INDENT}".join(lines) + "\n")
    return "valid" if checked.decided else "undecided"


def _title(document: dict[str, Any]) -> str:
    """Which surrogate a document of a list is about, where it says so."""
    name = document.get("surrogate")
    return f", {' '.join(name.split())[:80]}" if isinstance(name, str) and name else ""


def _summary(counts: Counter[str]) -> str:
    parts = [f"{counts['valid']} valid", f"{counts['rejected']} rejected"]
    if counts["undecided"]:
        parts.append(f"{counts['undecided']} undecided without evidence")
    return f"{sum(counts.values())} documents: {', '.join(parts)}"


def _read(name: str) -> dict[str, Any] | list[dict[str, Any]]:
    """The document or the documents in a file. Raises ``InvalidInput`` for anything else, ``OSError`` for no file."""
    shown = "standard input" if name == "-" else name
    try:
        with click.open_file(name, encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise InvalidInput(f"{shown}: longer than {LARGEST} characters: not a certificate")
        content = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(f"{shown}: not a certificate: not readable as JSON ({error})") from error
    except ValueError as error:
        if isinstance(error, InvalidInput):
            raise
        # For example an integer of too many digits.
        raise InvalidInput(f"{shown}: not a certificate: {error}") from error
    if isinstance(content, list):
        if not 0 < len(content) <= MOST:
            raise InvalidInput(f"{shown}: a list of {len(content)} documents; 1 to {MOST} are read")
        for number, document in enumerate(content, 1):
            _require_schema(document, f"{shown}: {number}")
        return content
    _require_schema(content, shown)
    assert isinstance(content, dict)
    return content


def _require_schema(document: object, shown: str) -> None:
    from ste_theory.checker.documents import SCHEMAS

    if not isinstance(document, dict) or "schema" not in document:
        raise InvalidInput(f"{shown}: not a certificate: an object with the key 'schema' is expected")
    schema = document["schema"]
    if not isinstance(schema, str) or schema not in SCHEMAS:
        raise InvalidInput(f"{shown}: not a certificate: its schema is {str(schema)[:60]!r}")
