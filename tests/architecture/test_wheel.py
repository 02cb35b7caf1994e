"""What users install is what stands in the tree, and it works without the tree."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Where each folder of the tree is in the wheel: written down again here, so that a wrong entry in setup.py is seen.
PLACES = {"ste_theory": "ste_theory", "derivations": "ste_theory/derivations", "checks": "ste_theory/checks"}

# One worker builds the wheel for all tests of this file.
pytestmark = pytest.mark.xdist_group("wheel")


def library_files() -> dict[str, Path]:
    """Each file of the library and its content by its place in the wheel."""
    return {
        f"{place}/{file.relative_to(ROOT / folder).as_posix()}": file
        for folder, place in PLACES.items()
        for file in sorted((ROOT / folder).rglob("*"))
        if file.is_file() and file.parent.name != "__pycache__"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built through the source distribution (as a release is), from a copy of the tree.

    A copy, because setuptools takes files left over in build/ into the wheel. Without isolation, because the
    environment holds the build's requirements and the test should not ask the network.
    """
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "setup.py", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tree)
    for folder in PLACES:
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(tree)]
    built = subprocess.run(command, cwd=out, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-4000:]
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a new environment that has the wheel, and borrows the dependencies of this one.

    The dependencies come by a line in a .pth file: quick, offline, and the versions under test. Python does not read
    the .pth files of a folder added so, and the editable install is nothing but a .pth file, hence invisible there;
    `test_the_environment_has_the_wheel` makes sure. A dependency that is not declared would go unnoticed:
    `test_every_import_is_declared` looks for those.
    """
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (site_packages,) = home.glob("lib/python3*/site-packages")
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "dependencies.pth").write_text("\n".join(sorted(borrowed)) + "\n")
    return home


def run(home: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of that environment, with nothing of ours in the variables that steer Python."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV"))
    }
    program = str(home / "bin" / command[0])
    return subprocess.run([program, *command[1:]], cwd=cwd, env=clean, capture_output=True, text=True)


def test_the_wheel_is_the_tree(wheel: Path) -> None:
    """Would have caught: a new folder or template missing in the wheel, a stale file, a top-level `derivations`."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    inside = {name for name in names if ".dist-info/" not in name}
    tree = set(library_files())
    assert sorted(tree - inside) == [], "in the tree, not in the wheel"
    assert sorted(inside - tree) == [], "in the wheel, not in the tree"
    assert {"ste_theory/py.typed", "ste_theory/derivations/__init__.py", "ste_theory/checks/__init__.py"} <= inside
    assert {name.split("/")[0] for name in inside} == {"ste_theory"}
    assert any(name.endswith("LICENSE") for name in names)


def test_the_environment_has_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Would have caught: the tests below running the tree instead of the wheel."""
    program = (
        "import json, ste_theory, ste_theory.checks, ste_theory.derivations as d;"
        "print(json.dumps([ste_theory.__file__, d.__file__, ste_theory.checks.__file__]))"
    )
    done = run(installed, "python", "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [Path(file).is_relative_to(installed) for file in json.loads(done.stdout)] == [True, True, True]


def test_the_installed_command_verifies(installed: Path, tmp_path: Path) -> None:
    """Would have caught: a command that finds claims or templates only beside the tree.

    One claim with a proof; the notebook below verifies one with every kind of witness for equations. The wheel is the
    tree, whose claims are all verified elsewhere.
    """
    claim = "long2021.decomposition"
    done = run(installed, "ste-theory", "verify", claim, "--level", "quick", cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert claim in done.stdout


@pytest.mark.slow
def test_an_exported_notebook_derives_checks_and_asserts(installed: Path, tmp_path: Path) -> None:
    """Would have caught: a cell that does not run, an assertion that does not hold, one that needs the tree."""
    claim = "yin2019.identity"
    done = run(installed, "ste-theory", "export", claim, "--format", "notebook", "--out", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / f"{claim}.ipynb").read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    # Each part is derived, its steps are decided again, and the end is compared with what is stated.
    assert sum(".recheck()" in cell for cell in code) == sum("exactly_equal(" in cell for cell in code) == 3
    (tmp_path / "run.py").write_text("\n\n".join(code))
    done = run(installed, "python", "-W", "error", "run.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 claims: 2 CONFIRMED" in done.stdout


def imported_at(node: ast.AST, *, at_import: bool = True) -> Iterator[tuple[str, bool]]:
    """The top-level name of every absolute import below `node`, and whether it runs when the module is imported."""
    if isinstance(node, ast.Import):
        yield from ((alias.name.split(".")[0], at_import) for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield node.module.split(".")[0], at_import
    lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
        isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    )
    for child in ast.iter_child_nodes(node):
        yield from imported_at(child, at_import=at_import and not lazy)


def test_every_import_is_declared() -> None:
    """Would have caught: a library that happens to be installed for development, imported by what users install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9_.-]", item)[0].lower() for item in requirements}

    core = names(project["dependencies"])
    extras = {
        name
        for extra in ("report", "torch", "cluster", "parquet")
        for name in names(project["optional-dependencies"][extra])
    }
    providers = importlib.metadata.packages_distributions()
    undeclared = []
    for place, file in library_files().items():
        if file.suffix != ".py":
            continue
        for name, at_import in imported_at(ast.parse(file.read_text(encoding="utf-8"))):
            if name in sys.stdlib_module_names or name == "ste_theory":
                continue
            sources = {source.lower() for source in providers.get(name, [name])}
            # An extra may be missing, so only a function may import it.
            if not sources & (core if at_import else core | extras):
                undeclared.append(f"{place} imports {name}")
    assert undeclared == []


# What each distribution is imported as, where the names differ. Written down: an extra need not be installed here.
IMPORTED_AS = {"python-flint": "flint", "scikit-learn": "sklearn"}


def test_every_declared_dependency_is_imported() -> None:
    """Would have caught: a dependency that users install although nothing asks for it any more."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked: set[str] = set()
    for file in library_files().values():
        if file.suffix != ".py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        asked |= {name for name, _ in imported_at(tree)}
        # Names of modules that are imported when somebody needs them.
        asked |= {
            node.args[0].value.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("_module")  # import_module, and networks/extra.py
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        }
    extras = {name: needed for name, needed in project["optional-dependencies"].items() if name != "dev"}
    idle = [
        f"{group}: {name}"
        for group, needed in {"core": project["dependencies"], **extras}.items()
        for name in (re.split(r"[^A-Za-z0-9_.-]", item)[0].lower() for item in needed)
        if IMPORTED_AS.get(name, name) not in asked
    ]
    assert idle == []
