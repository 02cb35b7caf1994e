"""Write the API reference as Markdown: signatures and docstrings of everything public, from the code."""

import dataclasses
import importlib
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy.typing as npt

WIDTH = 100
# What the reference speaks of, in this order.
MODULES = (
    "ste_theory",
    "ste_theory.model.problem",
    "ste_theory.model.quantizers",
    "ste_theory.model.surrogates",
    "ste_theory.model.gradient",
    "ste_theory.analysis.analyze",
    "ste_theory.montecarlo.estimate",
    "ste_theory.model.errors",
    "ste_theory.claims.claim",
    "ste_theory.claims.sentence",
    "ste_theory.claims.proof",
    "ste_theory.claims.witness",
    "ste_theory.claims.verdict",
    "ste_theory.claims.report",
    "ste_theory.exchange.exact",
    "ste_theory.exchange.functions",
)


def render() -> str:
    """The page."""
    blocks = [
        "# API",
        "From the docstrings. The first section has the public names, those after it what they take and return; "
        "claims and exchange are for those who add claims. Array is a NumPy array of floats, ArrayLike what NumPy "
        "makes one of, Number an int, a float, a Fraction or one as text.",
    ]
    for name in MODULES:
        blocks += _module(importlib.import_module(name), name)
    return "\n\n".join(blocks) + "\n"


def members(module: ModuleType, name: str) -> list[tuple[str, object]]:
    """The public functions and classes of the package, or those that a module defines."""
    public = name == "ste_theory"
    names = [key for key in (dir(module) if public else vars(module)) if not key.startswith("_")]
    found = [(key, getattr(module, key)) for key in names]
    return [
        (key, value)
        for key, value in found
        if (inspect.isfunction(value) or inspect.isclass(value)) and (public or value.__module__ == name)
    ]


def _module(module: ModuleType, name: str) -> list[str]:
    blocks = [f"## {name.replace('_', chr(92) + '_')}", text(inspect.getdoc(module) or "")]
    for key, value in members(module, name):
        blocks += [f"### {_escaped(key)}", f"```python\n{_signature(key, value)}\n```", text(_doc(value))]
        if inspect.isclass(value):
            blocks += _methods(value)
    return [block for block in blocks if block]


def _doc(value: object) -> str:
    found = inspect.getdoc(value) or ""
    # What dataclasses and enumerations write when nobody did.
    return "" if found.startswith(f"{getattr(value, '__name__', '')}(") else found


def _methods(kind: type) -> list[str]:
    blocks = []
    for key, value in vars(kind).items():
        function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        doc = inspect.getdoc(function) if inspect.isfunction(function) else None
        if key.startswith("_") or doc is None:
            continue
        shown = key if isinstance(value, property) else _signature(key, function)
        blocks += [f"```python\n{shown}\n```", text(doc)]
    return blocks


def _signature(name: str, value: object) -> str:
    if inspect.isclass(value) and not dataclasses.is_dataclass(value):
        return f"class {name}"
    try:
        found = inspect.signature(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return name
    if inspect.isclass(value):
        found = found.replace(return_annotation=inspect.Signature.empty)
    return _broken(name + _short(str(found)))


# Types that are longer than what they say.
_ARRAY_LIKE = inspect.formatannotation(npt.ArrayLike).removeprefix("typing.")
_LONG = {
    _ARRAY_LIKE: "ArrayLike",
    f"{_ARRAY_LIKE[:-1]}, NoneType]": "ArrayLike | None",
    "int | float | str | fractions.Fraction": "Number",
}


def _short(signature: str) -> str:
    """The signature without the modules of its types, and without the addresses of its defaults."""
    signature = signature.replace("typing.Union[", "Union[")
    for long, said in _LONG.items():
        signature = signature.replace(long, said)
    signature = re.sub(r"numpy\.ndarray\[tuple\[.*?\], numpy\.dtype\[numpy\.float64\]\]", "Array", signature)
    # An address in a default value is another one in every run.
    signature = re.sub(r"<function .*? at 0x[0-9a-f]+>", "...", signature)
    signature = re.sub(r"<([\w.]+)[^<>]*? at 0x[0-9a-f]+>", r"<\1>", signature)
    signature = re.sub(r"<(\w+\.\w+): [^<>]*>", r"\1", signature)  # a member of an enumeration
    signature = re.sub(r"((?:: |-> |\| ))'([^']*)'", r"\1\2", signature)  # a type that is imported later
    return re.sub(r"(?<![\w.'])(?:[a-z_]\w*\.)+(?=[A-Za-z])", "", signature)


def _broken(signature: str) -> str:
    """The signature, a line for every parameter if it is long."""
    if len(signature) <= WIDTH:
        return signature
    parts, depth, text_ = [], 0, ""
    head, rest = signature.split("(", 1)
    for place, letter in enumerate(rest):
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return f"{head}(\n" + "".join(f"    {part},\n" for part in [*parts, text_.strip()]) + rest[place:]
        if letter == "," and depth == 0:
            parts.append(text_.strip())
            text_ = ""
        else:
            text_ += letter
    return signature


def text(doc: str) -> str:
    """A docstring as Markdown: examples in fences, indented formulas as they are, the rest as paragraphs."""
    blocks = []
    for block in re.split(r"\n[ \t]*\n", doc.strip("\n")):
        if block.lstrip().startswith(">>> "):
            blocks.append(f"```python\n{inspect.cleandoc(block)}\n```")
        elif all(line.startswith("    ") or not line for line in block.splitlines()):
            blocks.append(f"```text\n{block}\n```")
        else:
            blocks.append(_escaped(block))
    return "\n\n".join(blocks)


def _escaped(words: str) -> str:
    """Words in which Markdown sees no marks but double backquotes."""
    parts = re.split(r"(``.*?``)", words, flags=re.DOTALL)
    return "".join(part if part.startswith("``") else re.sub(r"([\\`*_\[\]<>|#$])", r"\\\1", part) for part in parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
