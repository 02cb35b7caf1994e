"""``ste-theory check-certificate``."""

import json
import sys
from typing import Any

import click

from ste_theory.model.errors import InvalidInput

LARGEST = 50_000_000  # characters


@click.command(name="check-certificate")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def check_certificate(files: tuple[str, ...]) -> int:
    """Check proofs of inequalities again, by a program of its own.

    It shares no code with the search that found the proof: it reads the boxes, verifies that they cover the domain,
    and evaluates the statement on each in ball arithmetic. What `analyze --json` writes is read too: the certificate,
    the counterexample and the region that an analysis rests on. FILE may be - for standard input. Exit codes: 0 every
    certificate is valid, 1 one is rejected, 2 a file is not readable as a certificate.
    """
    from ste_theory.checker import Rejected, check

    code = 0
    for name in files:
        document = _read(name)
        shown = "standard input" if name == "-" else name
        try:
            checked = check(document)
        except Rejected as reason:
            sys.stdout.write(f"{shown}: rejected: {' '.join(str(reason).split())}\n")
            code = 1
        else:
            sys.stdout.write(f"{shown}: valid, {checked.boxes} box{'es' * (checked.boxes > 1)}\n")
            said = {"claim": checked.claim, "with": "; ".join(checked.substitution), "verified": checked.statement}
            for label, words in said.items():
                if not words:
                    continue
                sys.stdout.write(f"  {label:9} {' '.join(words.split())}\n")
    return code


def _read(name: str) -> dict[str, Any]:
    """The document in a file. Raises ``InvalidInput`` if it is none, ``OSError`` if there is no file."""
    shown = "standard input" if name == "-" else name
    try:
        with click.open_file(name, encoding="utf-8") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise InvalidInput(f"{shown}: longer than {LARGEST} characters: not a certificate")
        document = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(f"{shown}: not a certificate: not readable as JSON ({error})") from error
    except ValueError as error:
        if isinstance(error, InvalidInput):
            raise
        # For example an integer of too many digits.
        raise InvalidInput(f"{shown}: not a certificate: {error}") from error
    if not isinstance(document, dict) or "schema" not in document:
        raise InvalidInput(f"{shown}: not a certificate: an object with the key 'schema' is expected")
    return document
