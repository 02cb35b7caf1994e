"""A report as JSON text."""

import json
from typing import Any


def compact(content: Any) -> str:
    """The same on one line: for files that hold many formulas."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def dumps(content: Any) -> str:
    """Readable JSON, one line at the end; refuses NaN and infinity, which JSON does not have."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
