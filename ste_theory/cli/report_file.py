"""Reports that ``verify --json`` wrote, as an option of other commands."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.report import Report


def read_report(file: Path) -> "Report":
    """The report in ``file`` (- is standard input). Raises ``InvalidInput`` naming the file if it holds none."""
    from ste_theory.claims.stored import from_json

    name = "standard input" if str(file) == "-" else str(file)
    try:
        content = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"{name}: not JSON ({error}); write it with `ste-theory verify --json`") from None
    return from_json(content, name)
