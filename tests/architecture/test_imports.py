"""The import rules and the shape of the tree, read from the syntax trees: what no execution of a test would show."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ste_theory", "derivations", "checks")
LONGEST = 400

# Folder of ste_theory/ → modules it must not import, with the reason.
FORBIDDEN = {
    "montecarlo": ("ste_theory.calculus", "ste_theory.rigorous", "ste_theory.claims", "sympy", "flint", "mpmath"),
    "rigorous": ("ste_theory.calculus", "ste_theory.claims", "ste_theory.montecarlo", "ste_theory.theory"),
    "calculus": ("ste_theory.rigorous", "ste_theory.montecarlo", "ste_theory.claims", "ste_theory.theory", "flint"),
    "theory": ("ste_theory.calculus", "ste_theory.rigorous", "ste_theory.montecarlo", "sympy", "flint"),
    "render": (
        "ste_theory.calculus",
        "ste_theory.rigorous",
        "ste_theory.montecarlo",
        "ste_theory.theory",
        "sympy",
        "flint",
    ),
    "model": ("ste_theory.calculus", "ste_theory.rigorous", "ste_theory.montecarlo", "ste_theory.claims", "flint"),
}
CONTENT = ("ste_theory.derivations", "ste_theory.checks")


@cache
def sources() -> tuple[Path, ...]:
    """The tracked Python files of the library and its content."""
    listed = subprocess.run(["git", "ls-files", "-z", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def library() -> tuple[Path, ...]:
    """The files of the three packages."""
    return tuple(file for file in sources() if file.relative_to(ROOT).parts[0] in PACKAGES)


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, inside functions and type-checking blocks too; ``from a import b`` is also
    a.b."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            assert node.module is not None
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(module: str, packages: tuple[str, ...]) -> bool:
    """Whether a module is one of the packages or inside one."""
    return any(module == package or module.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_witnesses_share_no_code(folder: str) -> None:
    """Would have caught a simulation that evaluates the formula it tests, or a ball that asks the calculus."""
    files = [file for file in library() if file.relative_to(ROOT).parts[:2] == ("ste_theory", folder)]
    assert len(files) > 3, "the folder moved: this test would see nothing"
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in files
        for line, module in imported(file)
        if within(module, FORBIDDEN[folder])
    ]
    assert not found, "\n".join(found)


def test_the_library_reaches_its_content_through_the_registry_alone() -> None:
    """Would have caught a library that knows a claim or a witness by name."""
    found = []
    for file in library():
        name = str(file.relative_to(ROOT))
        if not name.startswith("ste_theory/") or name == "ste_theory/claims/registry.py":
            continue
        found += [f"{name}:{line} imports {module}" for line, module in imported(file) if within(module, CONTENT)]
        found += [
            f"{name}:{node.lineno} names {node.value}"
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and within(node.value, CONTENT)
        ]
    assert not found, "\n".join(found)


def test_tests_obtain_claims_through_the_registry() -> None:
    """Would have caught a test that imports a derivation's file and so tests what no user reaches."""
    tests = [file for file in sources() if file.relative_to(ROOT).parts[0] == "tests"]
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in tests
        for line, module in imported(file)
        if within(module, ("ste_theory.derivations",))
    ]
    assert not found, "\n".join(found)


def test_the_forbidden_imports_are_found_where_they_are() -> None:
    """Would have caught a search that finds nothing: elsewhere in the tree these modules are imported."""
    seen = {module for file in library() for _, module in imported(file)}
    for modules in FORBIDDEN.values():
        assert all(module in seen or any(within(other, (module,)) for other in seen) for module in modules)


def test_no_file_is_a_drawer() -> None:
    """Would have caught a file whose name says nothing about what is in it."""
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base"}
    found = [str(file.relative_to(ROOT)) for file in sources() if drawers & set(file.stem.strip("_").split("_"))]
    folders = [str(file.parent.relative_to(ROOT)) for file in sources() if drawers & set(file.parent.parts)]
    assert not found
    assert not folders


def test_no_file_is_too_long() -> None:
    """Would have caught a file that has become two ideas."""
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in sources()}
    long = [f"{file.relative_to(ROOT)}: {length} lines" for file, length in lengths.items() if length > LONGEST]
    assert not long, "\n".join(long)


def test_no_floats_in_derivations() -> None:
    """Would have caught 0.5 for ½ in a formula: SymPy would carry a rounded number into an exact statement."""
    found = []
    for file in library():
        if file.relative_to(ROOT).parts[0] != "derivations":
            continue
        for node in ast.walk(tree(file)):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Attribute) and node.attr in {"Float", "evalf", "N"}
            if isinstance(node, ast.expr) and (literal or named or (isinstance(node, ast.Name) and node.id == "Float")):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert not found, "\n".join(found)


def test_importing_one_part_does_not_load_the_other() -> None:
    """Would have caught a forbidden import that goes through a third module."""
    script = (
        "import importlib, pkgutil, sys; import {package}\n"
        "[importlib.import_module(f'{package}.' + found.name) for found in pkgutil.iter_modules({package}.__path__)]\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in {names}))"
    )
    for package, names in (("ste_theory.montecarlo", ("sympy", "flint")), ("ste_theory.theory", ("sympy", "flint"))):
        finished = subprocess.run(
            [sys.executable, "-P", "-c", script.format(package=package, names=names)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert finished.stdout.strip() == "[]", f"{package} loads {finished.stdout[:200]}"
