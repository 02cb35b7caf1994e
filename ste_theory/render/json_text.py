"""A report as JSON text."""

import json
from typing import Any


def dumps(content: Any) -> str:
    """Readable JSON, one line at the end; refuses NaN and infinity, which JSON does not have."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
