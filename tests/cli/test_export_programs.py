"""``export`` as programs and data: what is written runs by itself, agrees with certified values, and sees errors."""

import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.cli.export import FORMATS
from ste_theory.exchange import formats
from ste_theory.exchange.certified import POINTS
from ste_theory.exchange.exact import exact, from_json
from ste_theory.exchange.functions import Function, functions
from ste_theory.model.quantities import Quantity
from ste_theory.render import c_module, lean, python_module
from tests.cli.conftest import Command

CLAIMS = list(registry.claims().values())
# One worker makes the functions of all claims for all tests of this file.
pytestmark = pytest.mark.xdist_group("programs")


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made() -> tuple[tuple[Function, ...], tuple[str, ...]]:
    """The functions of all claims, and what is left out."""
    found, left_out, _ = formats._functions(CLAIMS, lambda _: None)
    return tuple(found), left_out


@pytest.fixture(scope="module")
def every(made: tuple[tuple[Function, ...], tuple[str, ...]]) -> list[Function]:
    """The functions of all claims."""
    return list(made[0])


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory, made: tuple[tuple[Function, ...], tuple[str, ...]]) -> Path:
    """All claims as Python and as C."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "ste_formulas.py").write_text(python_module.module(*made, version="0", name="ste_formulas"))
    for name, text in c_module.files(*made, version="0", name="ste_formulas").items():
        (folder / name).write_text(text)
    return folder


def test_claims_without_a_formula_are_not_counted(command: Command, tmp_path: Path) -> None:
    """Would have caught: "2 claims" where one has no explicit formula; an empty folder left behind by a refusal."""
    ended = command("export", "yin2019.loss", "yin2019.origin", "--format", "c", "--out", str(tmp_path / "c"))
    assert (ended.code, ended.out) == (0, f"{tmp_path / 'c' / 'ste_formulas.h'}: 1 of 2 claims\n")
    ended = command("export", "yin2019.origin", "yin2019.lipschitz", "--format", "c", "--out", str(tmp_path / "none"))
    assert ended.code == 2
    assert "and 1 more)" in ended.err
    assert not (tmp_path / "none").exists()


def test_the_command_has_the_formats_that_there_are() -> None:
    """Would have caught: a format that is announced and not there."""
    assert set(FORMATS) == set(formats.FORMATS)


def test_the_python_module_agrees_with_certified_values_alone(programs: Path) -> None:
    """Would have caught: a coefficient, a sign, a missing import, a function that needs this package."""
    probe = (
        "import sys; sys.path.insert(0, '.'); import ste_formulas as f; assert f.self_test() == [], f.self_test();"
        "print(len(f.CERTIFIED), sorted({'ste_theory', 'sympy', 'scipy', 'flint'} & set(sys.modules)))"
    )
    done = run(sys.executable, "-I", "-W", "error", "-c", probe, cwd=programs)
    assert done.returncode == 0, done.stderr
    count, loaded = done.stdout.split(maxsplit=1)
    assert int(count) >= 3 * 20
    assert loaded.strip() == "[]"
    assert run(sys.executable, "-I", "ste_formulas.py", cwd=programs).returncode == 0


def test_functions_take_arrays(programs: Path) -> None:
    """Would have caught: a function that math.erf or an if turns into one of single numbers."""
    names: dict[str, object] = {"__name__": "ste_formulas"}
    exec(compile((programs / "ste_formulas.py").read_text(), "ste_formulas.py", "exec"), names)
    function = names["yin2019_clipped_relu_closed_form_plane_b_parallel"]
    assert callable(function)
    rho, theta = np.linspace(0.5, 3.0, 7)[:, None], np.linspace(0.3, 2.8, 5)[None, :]
    found = function(rho, theta)
    assert found.shape == (7, 5)
    assert found[3, 2] == pytest.approx(float(function(float(rho[3, 0]), float(theta[0, 2]))), rel=1e-15)


def test_the_c_module_compiles_without_a_warning_and_agrees(programs: Path, gcc: str) -> None:
    """Would have caught: what another language reads differently, such as 1/2, and an unused definition."""
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    done = run(gcc, *strict, "ste_formulas.c", "ste_formulas_test.c", "-lm", "-o", "check", cwd=programs)
    assert done.returncode == 0, done.stderr
    done = run("./check", cwd=programs)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "all within 1e-13" in done.stdout


def test_the_c_header_serves_cpp(programs: Path, gcc: str, gxx: str, tmp_path: Path) -> None:
    """Would have caught: names that a C++ compiler mangles, so that nothing links."""
    header = (programs / "ste_formulas.h").read_text()
    assert header.count('extern "C" {') == 1
    (tmp_path / "main.cpp").write_text(
        '#include "ste_formulas.h"\nint main() { return yin2019_loss_loss(1, 1, 1, 1, 1, 1) < 0; }\n'
    )
    inside = ["-I", str(programs)]
    assert run(gcc, "-std=c99", "-c", str(programs / "ste_formulas.c"), "-o", "f.o", cwd=tmp_path).returncode == 0
    done = run(gxx, "-Wall", "-Werror", *inside, "main.cpp", "f.o", "-lm", "-o", "main", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_python_module_imports_what_it_uses(tmp_path: Path) -> None:
    """Would have caught: an import of math in a module without erf."""
    for claim, uses in (("yin2019.identity", False), ("yin2019.clipped-relu-closed-form", True)):
        text = python_module.module(*functions(registry.claims()[claim]), version="0", name="formulas")
        assert ("import math\n" in text) == ("math." in text) == uses


def wrong(claim: Claim) -> Claim:
    """The claim with a relative error of 1e-12 in one formula, and nothing derived."""
    import sympy as sp

    slightly = 1 + sp.Rational(1, 10**12)
    statement = claim.statement.replacing(Quantity.COARSE_RADIAL, lambda right: right * slightly)
    return replace(claim, statement=statement, derivation=None)


def test_a_wrong_formula_is_seen_by_the_self_test(tmp_path: Path) -> None:
    """Would have caught: certified values that come from the formula they test."""
    made = functions(wrong(registry.claims()["yin2019.identity"]))
    (tmp_path / "formulas.py").write_text(python_module.module(*made, version="0", name="formulas"))
    done = run(sys.executable, "-I", "formulas.py", cwd=tmp_path)
    assert done.returncode == 1
    radial = next(one for one in made[0] if one.quantity == Quantity.COARSE_RADIAL)
    assert done.stdout.count("yin2019_identity_coarse_gradient_radial(") == len(radial.values) > POINTS


def as_printed(folder: Path) -> list[str]:
    """The programs of yin2019.relu with the formulas of the paper, which near θ = π divide 0 by 0."""
    made = functions(replace(registry.claims()["yin2019.relu"], derivation=None))
    assert {one.origin for one in made[0]} == {"as stated"}
    (folder / "formulas.py").write_text(python_module.module(*made, version="0", name="formulas"))
    for name, text in c_module.files(*made, version="0", name="formulas").items():
        (folder / name).write_text(text)
    return [one.name for one in made[0]]


def check_only_near_pi(stdout: str) -> None:
    lines = [line for line in stdout.splitlines() if "relu_coarse_gradient_tangential" in line]
    assert lines
    assert lines == stdout.splitlines()


def test_the_formula_as_printed_fails_near_pi(tmp_path: Path) -> None:
    """Would have caught: certified values at three points inside alone, where the formula has all its digits."""
    as_printed(tmp_path)
    done = run(sys.executable, "-I", "formulas.py", cwd=tmp_path)
    assert done.returncode == 1
    check_only_near_pi(done.stdout)
    assert all("3.14159" in line for line in done.stdout.splitlines())


def test_the_formula_as_printed_fails_near_pi_in_c(tmp_path: Path, gcc: str) -> None:
    """Would have caught: a C test without the points near the ends."""
    as_printed(tmp_path)
    assert run(gcc, "-std=c99", "formulas.c", "formulas_test.c", "-lm", "-o", "check", cwd=tmp_path).returncode == 0
    done = run("./check", cwd=tmp_path)
    assert done.returncode == 1
    check_only_near_pi(done.stdout)


def test_errors_are_measured_by_the_value_unless_the_function_says_otherwise(every: list[Function]) -> None:
    """Would have caught: a tolerance so wide that a formula whose terms cancel passes, and says nothing."""
    for one in every:
        for row in one.values:
            # The scale is written with six digits.
            by_value = float(row.scale) == pytest.approx(abs(float(row.value)), rel=1e-5)
            where = ", ".join(
                f"{name} = {text}"
                for name, text in zip(one.arguments, row.arguments, strict=True)
                if name in ("rho", "rho_star", "theta")
            )
            assert by_value or float(row.value) == 0 or any(line.endswith(where) for line in one.range), one.name


def test_there_are_values_near_both_ends(every: list[Function]) -> None:
    """Would have caught: points near the ends that are all left out because their enclosure fails."""
    for one in every:
        if "theta" in one.arguments:
            place = one.arguments.index("theta")
            angles = [float(row.arguments[place]) for row in one.values if row.near_end]
            assert min(angles) < 1e-5, one.name
            assert max(angles) > math.pi - 1e-5, one.name
    assert sum("theta" in one.arguments for one in every) > 10


def test_a_wrong_formula_is_seen_in_c(tmp_path: Path, gcc: str) -> None:
    """Would have caught: a comparison that every number passes."""
    made = functions(wrong(registry.claims()["yin2019.identity"]))
    for name, text in c_module.files(*made, version="0", name="formulas").items():
        (tmp_path / name).write_text(text)
    assert run(gcc, "-std=c99", "formulas.c", "formulas_test.c", "-lm", "-o", "check", cwd=tmp_path).returncode == 0
    assert run("./check", cwd=tmp_path).returncode == 1


def test_every_claim_is_in_the_programs_or_left_out_with_a_reason(programs: Path) -> None:
    """Would have caught: a claim that is passed over in silence."""
    text = (programs / "ste_formulas.py").read_text()
    for one in CLAIMS:
        name = one.id.replace(".", "_").replace("-", "_")
        assert f"def {name}_" in text or f"Left out: {one.id}: " in text


def test_json_is_read_back(command: Command, tmp_path: Path) -> None:
    """Would have caught: a file that the reader does not take."""
    ended = command("export", "yin2019.relu", "yin2019.origin", "--format", "json", "--out", str(tmp_path))
    assert (ended.code, ended.err) == (0, "")
    back = from_json(json.loads((tmp_path / "claims.json").read_text()))
    assert [one.id for one in back] == ["yin2019.relu", "yin2019.origin"]
    for one in back:
        assert one.statement.equations == registry.claims()[one.id].statement.equations


def test_every_statement_is_a_theorem_or_left_out() -> None:
    """Would have caught: a bracket that is not closed, a theorem without its proof to come, a sentence that is lost."""
    claims = [exact(one, derivation=False) for one in CLAIMS]
    text, left_out = lean.source(claims, version="0")
    theorems = re.findall(r"^theorem (\S+)", text, re.MULTILINE)
    assert len(set(theorems)) == len(theorems)
    stated = sum(len(one.equations) + len(one.sentences) for one in claims)
    assert len(theorems) + len(left_out) == stated
    assert text.count("  sorry\n") == len(theorems)
    code = re.sub(r"/-.*?-/", "", text, flags=re.DOTALL)
    for left, right in ("()", "{}", "⟨⟩"):
        assert code.count(left) == code.count(right)
    assert "sympy" not in code
    for refuted in (one for one in claims if one.expected == "REFUTED"):
        assert f"{refuted.id}:" in text
    reduced = [line for line in left_out if "reduced to one text" in line]
    assert len(left_out) - len(reduced) < len(theorems) / 10
    assert len(reduced) < len(theorems) / 10


def test_a_notebook_stops_where_the_statement_is_another_one() -> None:
    """Would have caught: assertions that hold whatever is printed. (tests/architecture runs a notebook as a whole.)"""
    known = registry.claims()
    files = formats.export("notebook", [known["yin2019.identity"]], known, lambda _: None).files
    cells = json.loads(files["yin2019.identity.ipynb"])["cells"]
    start, stated = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"][:2]
    names: dict[str, object] = {}
    exec(f"{start}\n{stated}", names)
    with pytest.raises(AssertionError):
        exec(stated.replace("sqrt(2)", "sqrt(3)"), names)
    with pytest.raises(AssertionError):
        exec(start.replace("CONFIRMED", "REFUTED"), {})


class _Page(HTMLParser):
    """The elements that are open, the targets of links, the elements seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        self.links += [value for key, value in attrs if key in ("href", "src") and value is not None]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_web_pages_close_what_they_open_and_link_what_is_there(command: Command, tmp_path: Path) -> None:
    """Would have caught: an element left open, a link to nowhere, something loaded from the network."""
    chosen = ["yin2019.relu", "yin2019.relu-bound", "yin2019.relu-bound-corrected", "general.plane-reduction"]
    assert command("export", *chosen, "--format", "html", "--out", str(tmp_path)).code == 0
    for file in sorted(tmp_path.iterdir()):
        page = _Page()
        page.feed(file.read_text())
        assert page.open == []
        assert "script" not in page.seen
        assert "math" in page.seen or file.name == "index.html"
        for link in page.links:
            assert link == "data:," or (tmp_path / link).is_file(), link


def test_claims_without_a_formula_are_no_program(command: Command, tmp_path: Path) -> None:
    """Would have caught: an empty module."""
    ended = command("export", "yin2019.origin", "--format", "python", "--out", str(tmp_path))
    assert ended.code == 2
    assert (
        ended.err == "ste-theory: no formula of these claims is explicit (yin2019.origin: documented verdict refuted)\n"
    )
