"""The checker of certificates stands alone: whoever doubts the search need not trust the rest of the package."""

import subprocess
import sys

from tests.architecture.test_imports import ROOT, imported

FOLDER = ROOT / "ste_theory" / "checker"
ALLOWED = {"flint", *sys.stdlib_module_names}


def test_the_checker_imports_the_standard_library_and_flint_alone() -> None:
    """Would have caught a checker that reads the statement, or evaluates it, with the code of the search."""
    files = sorted(FOLDER.glob("*.py"))
    seen = {(file.name, module) for file in files for _, module in imported(file)}
    assert {"check.py", "expression.py"} <= {file.name for file in files}
    assert any(module == "flint" for _, module in seen)
    foreign = {
        (name, module)
        for name, module in seen
        if module.split(".")[0] not in ALLOWED and not module.startswith("ste_theory.checker")
    }
    assert not foreign


def test_the_checker_loads_nothing_else() -> None:
    """Would have caught an import through a third module, such as the package's own front door."""
    script = (
        "import sys; import ste_theory.checker\n"
        "foreign = ('sympy', 'numpy', 'mpmath', 'ste_theory')\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in foreign))"
    )
    finished = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    loaded = [name for name in finished.stdout.replace("'", "").strip("[]\n").split(", ") if "checker" not in name]
    assert loaded == ["ste_theory"]


def test_the_checker_evaluates_no_text() -> None:
    """Would have caught a short cut through ``eval``, by which a certificate could run code."""
    for file in FOLDER.glob("*.py"):
        words = file.read_text(encoding="utf-8").replace("(", " ").split()
        assert not {"eval", "exec", "compile", "__import__", "importlib", "pickle"} & set(words), file.name
