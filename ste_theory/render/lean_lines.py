"""Long lines of Lean broken after operators, as far out in the brackets as possible, and indented by their depth."""

import re

ROOM, DEEPEST = 110, 8
_OPERATOR = re.compile(r" (?:[-+*/=<>≤≥≠∧∨]|→(?! ℝ)) |, (?=\()")


def folded(text: str) -> str:
    """The text with every line of code at most ``ROOM`` columns wide where it has an operator to break after."""
    return "\n".join(part for line in text.split("\n") for part in _folded(line))


def _folded(line: str) -> list[str]:
    indent = len(line) - len(line.lstrip())
    depths = _depths(line)
    breaks = [found.end() for found in _OPERATOR.finditer(line)]
    found, start, room = [], 0, ROOM
    prefix = ""
    while len(prefix) + len(line) - start > ROOM:
        room = start + ROOM - len(prefix)
        possible = [place for place in breaks if start + indent < place <= room]
        later = [place for place in breaks if place > room]
        if not possible and not later:
            break
        place = min(possible, key=lambda one: (depths[one], -one)) if possible else later[0]
        found.append(prefix + line[start:place].rstrip())
        start, prefix = place, " " * (indent + 2 * (1 + min(depths[place], DEEPEST)))
    return [*found, prefix + line[start:]]


def _depths(line: str) -> list[int]:
    """The number of open brackets before each column."""
    depth, found = 0, []
    for letter in line:
        found.append(depth)
        depth += (letter in "([{") - (letter in ")]}")
    return [*found, depth]
