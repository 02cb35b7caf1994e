"""The pages of the documentation and the examples in them."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "build" not in path.parts)
# What stands beside them and names commands too.
BESIDE = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")

Command = tuple[str, ...]


def fences(page: Path, language: str) -> list[str]:
    """What stands in the fences of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[Command]:
    """The commands of a page's fences, comments cut off."""
    lines = [line for block in fences(page, "sh") for line in block.splitlines()]
    return [tuple(words) for words in (shlex.split(line, comments=True) for line in lines) if words]


def inline_commands(page: Path) -> list[Command]:
    """The commands of this package that are named in running text, also over two lines."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [tuple(shlex.split(found)) for found in re.findall(r"(?<!`)`(ste-theory\s[^`]+)`", text)]


def replaced(command: Command, less: dict[str, str]) -> Command:
    """The command with other values after the options named."""
    found = list(command)
    for number, word in enumerate(command[:-1]):
        if word in less:
            found[number + 1] = less[word]
    return tuple(found)


def identifier(page: Path) -> str:
    """The page's name below the repository."""
    return str(page.relative_to(ROOT))
