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
    lists = (b"[1]", b"[]", b'[{"schema": 1}, 2]')
    for content in (
        b"{",
        b"\xff\xfe\x00",
        *lists,
        b'{"claim": 1}',
        b'{"schema": [{}]}',
        b"[" * 100_000,
        b"9" * 5000,
        b"",
    ):
        file = tmp_path / "file.json"
        file.write_bytes(content)
        ended = command("check-certificate", str(file))
        assert (ended.code, ended.out) == (2, ""), content[:20]
        assert len(ended.err.splitlines()) == 1


def test_each_document_of_a_list_is_checked_and_counted(command: Command, tmp_path: Path) -> None:
    """Would have caught `analyze --all --json` writing what `check-certificate` did not read."""
    file = tmp_path / "all.json"
    names = ("relu", "larq.swish_sign", "esser2016.triangle")
    documents = [json.loads(command("analyze", name, "--json", "-").out) for name in names]
    documents[2] |= {"sound": "undecided", "certificate": None, "membership": None}
    file.write_text(json.dumps(documents), encoding="utf-8")
    ended = command("check-certificate", str(file))
    assert ended.code == 0
    assert ended.out.startswith(f"{file}: 1, relu: valid, ")
    *_, third, last = ended.out.splitlines()
    assert third == f"{file}: 3, esser2016.triangle: undecided, nothing to check"
    assert last == "3 documents: 2 valid, 0 rejected, 1 undecided without evidence"

    documents[1]["certificate"]["regions"][0]["sign"] *= -1
    documents[2]["sound"] = "proved"
    file.write_text(json.dumps(documents), encoding="utf-8")
    ended = command("check-certificate", str(file))
    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "3 documents: 1 valid, 2 rejected"
    assert f"{file}: 2, larq.swish_sign: rejected: " in ended.out


def test_a_list_that_proves_nothing_does_not_pass(command: Command, tmp_path: Path) -> None:
    """Would have caught an exit code of 0 for a list in which every analysis is undecided."""
    file = tmp_path / "all.json"
    document = json.loads(command("analyze", "relu", "--json", "-").out)
    file.write_text(
        json.dumps([document | {"sound": "undecided", "certificate": None, "membership": None, "class": None}] * 2),
        encoding="utf-8",
    )
    ended = command("check-certificate", str(file))
    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "2 documents: 0 valid, 0 rejected, 2 undecided without evidence"


def test_an_undecided_analysis_is_not_valid_for_its_membership(command: Command, tmp_path: Path) -> None:
    """Would have caught "valid" and exit code 0 for an analysis of which the verdict has no evidence."""
    file = tmp_path / "analysis.json"
    document = json.loads(command("analyze", "relu", "--json", "-").out) | {"sound": "undecided", "certificate": None}
    file.write_text(json.dumps(document), encoding="utf-8")
    ended = command("check-certificate", str(file))
    assert ended.code == 1
    assert ended.out.startswith(f"{file}: undecided; what it says besides is valid, ")
    file.write_text(json.dumps([document, document]), encoding="utf-8")
    ended = command("check-certificate", str(file))
    assert ended.out.splitlines()[-1] == "2 documents: 0 valid, 0 rejected, 2 undecided without evidence"


def test_the_names_are_said_to_be_the_authors(command: Command, tmp_path: Path) -> None:
    """Would have caught a valid proof about the ReLU that says it is one about something else."""
    file = tmp_path / "analysis.json"
    document = json.loads(command("analyze", "relu", "--json", "-").out)
    file.write_text(json.dumps(document | {"surrogate": "identity", "quantizer": "uniform_relu(4)"}), encoding="utf-8")
    words = " ".join(command("check-certificate", str(file)).out.split())
    assert "proved, for the quantizer with steps 1 at 0, offset 0; the names are the author's: surrogate" in words
    assert "0 on (-inf, 0), 1 on (0, inf)" in words


def test_a_document_of_another_kind_is_a_usage_error(command: Command, tmp_path: Path) -> None:
    """Would have caught: a report of `verify` that is called a rejected proof."""
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"schema": "ste_theory.report/2", "claims": []}))
    ended = command("check-certificate", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert "not a certificate: its schema is 'ste_theory.report/2'" in ended.err
