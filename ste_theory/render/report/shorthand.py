"""Pages of a report in shorthand: tags and short elements that stand on them often become one character each.

Two thirds of a page of formulas are the same few dozen elements over and over. A browser reads the shorthand in a third
of the time and writes it out for the pages that are asked for (behaviour.js).
"""

import json
import re
from collections import Counter
from collections.abc import Sequence

# Characters for private use, which no page has of its own.
FIRST, LAST = 0xE000, 0xF8FF
_PIECE = re.compile(r"<(\w+)[^<>]*>[^<>]{0,12}</\1>|<[^<>]+>")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# What such a character takes in UTF-8.
_COST = 3


def shortened(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """The pages in shorthand, and what each character stands for, the first one for ``FIRST``.

    >>> shortened(["<mi>x</mi>, <mi>x</mi>, <mi>x</mi>"])[1]
    ['<mi>x</mi>']
    """
    if any(map(_PRIVATE.search, pages)):
        return list(pages), []
    counts = Counter(match[0] for page in pages for match in _PIECE.finditer(page))
    # The piece itself stands in the table once.
    kept = [piece for piece, count in counts.most_common() if (len(piece) - _COST) * count > 2 * len(piece)]
    meanings = kept[: LAST - FIRST + 1]
    codes = {piece: chr(FIRST + number) for number, piece in enumerate(meanings)}
    return [_PIECE.sub(lambda match: codes.get(match[0], match[0]), page) for page in pages], meanings


def written_out(page: str, meanings: Sequence[str]) -> str:
    r"""The page as it was, as behaviour.js does it.

    >>> written_out("\ue000 and \ue000", ["<b>x</b>"])
    '<b>x</b> and <b>x</b>'
    """
    return _PRIVATE.sub(lambda match: meanings[ord(match[0]) - FIRST], page) if meanings else page


def table(meanings: Sequence[str]) -> str:
    """The table as JSON that can stand in a script: no < that could end it."""
    return json.dumps(meanings, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
