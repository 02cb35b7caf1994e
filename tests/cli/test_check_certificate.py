"""``check-certificate``."""

import json
from pathlib import Path

import pytest
import sympy as sp

from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.prove import Proved, prove
from tests.cli.conftest import Command

x = sp.Symbol("x", real=True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that is valid."""
    found = prove(Inequality(sp.sin(x) * (1 - x / 4), (Variable(x, 0, sp.pi),)))
    assert isinstance(found, Proved)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(found.certificate.to_json()), encoding="utf-8")
    return file


def test_a_valid_certificate_is_said_in_words(command: Command, certificate: Path) -> None:
    """Would have caught an answer that does not say what was proved."""
    ended = command("check-certificate", str(certificate))
    assert (ended.code, ended.err) == (0, "")
    assert "valid, " in ended.out
    assert "(1 - x/4)*sin(x) >= 0 for x in [0, pi]" in ended.out
    assert "x = pi*t1" in ended.out
    assert ">= 0 for t1 in [0, 1]" in ended.out


def test_a_rejected_certificate_is_named_with_the_reason(command: Command, certificate: Path, tmp_path: Path) -> None:
    """Would have caught an exit code of 0 where one of several files is rejected."""
    document = json.loads(certificate.read_text(encoding="utf-8"))
    del document["cases"][0]["boxes"][0]
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(document), encoding="utf-8")
    ended = command("check-certificate", str(broken), str(certificate))
    assert ended.code == 1
    first, *rest = ended.out.splitlines()
    assert first.startswith(f"{broken}: rejected: case 1: no box covers [")
    assert "valid" in rest[0]


def test_standard_input_is_read(command: Command, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a file of the name "-"."""
    with certificate.open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        ended = command("check-certificate", "-")
    assert ended.code == 0
    assert ended.out.startswith("standard input: valid")


def test_what_is_no_certificate_is_a_usage_error(command: Command, tmp_path: Path) -> None:
    """Would have caught a traceback for a missing file, broken JSON, binary data, or nesting without end."""
    assert command("check-certificate").code == 2
    assert command("check-certificate", str(tmp_path / "none.json")).code == 2
    contents = (b"{", b"\xff\xfe\x00", b"[1]", b'{"claim": 1}', b"[" * 100_000, b"9" * 5000, b"")
    for content in contents:
        file = tmp_path / "file.json"
        file.write_bytes(content)
        ended = command("check-certificate", str(file))
        assert (ended.code, ended.out) == (2, ""), content[:20]
        assert len(ended.err.splitlines()) == 1
