"""Computes the list of packages; everything else is in pyproject.toml.

`derivations/` and `checks/` stand at the top of the repository and are installed as `ste_theory.derivations` and
`ste_theory.checks`. pyproject.toml can map folders to names, but only with every package listed by hand, and such a
list silently omits the next new folder. So the folders are walked here.
"""

from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
ROOTS = {"ste_theory": "ste_theory", "ste_theory.derivations": "derivations", "ste_theory.checks": "checks"}


def packages() -> list[str]:
    """The dotted names of all folders under the three roots that hold Python files.

    A folder without `__init__.py` would import differently before and after installation: refused.
    """
    names = []
    for name, folder in ROOTS.items():
        root = HERE / folder
        for place in sorted({file.parent for file in root.rglob("*.py")}):
            inner = place.relative_to(root).parts
            for depth in range(len(inner) + 1):
                if not root.joinpath(*inner[:depth], "__init__.py").is_file():
                    raise SystemExit(f"{'/'.join((folder, *inner[:depth]))}: holds Python files but no __init__.py")
            names.append(".".join((name, *inner)))
    return names


setup(packages=packages(), package_dir=dict(ROOTS))
