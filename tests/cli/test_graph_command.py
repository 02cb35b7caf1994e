"""``graph``: the picture of what rests on what."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ste_theory.claims import registry
from ste_theory.claims.verdict import Verdict, WitnessKind
from ste_theory.render.graph import EVIDENCE, LINES, ORIGINS
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import INCONCLUSIVE, all_witnesses, by_id, claim, result

CLAIMS = by_id(
    claim("a.top", rests_on=["b.base"], statement_uses=["b.false"]),
    claim("b.base"),
    claim("b.false", rests_on=["b.base"], expected=Verdict.REFUTED),
    replace(claim("b.right"), corrects="b.false", title='A "quoted" <title> & more \\ so on'),
    claim("c.alone"),
)
WITNESSES = all_witnesses(enclosure={"b.base": result(WitnessKind.ENCLOSURE, INCONCLUSIVE)})
NODE = re.compile(r'^  "([a-z.]+)" \[id="[^"]+", label="(\w)  ')


def nodes(text: str) -> dict[str, str]:
    """The letter of every node of a text in Graphviz's language."""
    return {found[1]: found[2] for line in text.splitlines() if (found := NODE.match(line))}


def test_edges_tell_proofs_statements_and_corrections_apart(install: Install, command: Command) -> None:
    """Would have caught: a statement edge drawn as a proof, an edge turned round, or a correction without its link."""
    install(CLAIMS, ())
    ended = command("graph")
    assert (ended.code, ended.err) == (0, "")
    edges = dict(re.findall(r'^  ("[a-z.]+" -> "[a-z.]+") \[(.*)\];$', ended.out, re.MULTILINE))
    assert edges == {
        '"a.top" -> "b.base"': "style=solid",
        '"b.false" -> "b.base"': "style=solid",
        '"a.top" -> "b.false"': "style=dashed",
        '"b.right" -> "b.false"': 'style=dotted, arrowhead=empty, label="corrects"',
    }
    assert command("graph").out == ended.out


def test_without_a_report_nothing_is_filled(install: Install, command: Command) -> None:
    """Would have caught: a verdict drawn that no witness gave, for example the documented one."""
    install(CLAIMS, ())
    text = command("graph").out
    assert nodes(text) == dict.fromkeys(CLAIMS, "N")
    assert text.count(f'fillcolor="{EVIDENCE[Verdict.NOT_RUN].fill}"') == len(CLAIMS)
    # The border is the documented verdict all the same.
    (false,) = [line for line in text.splitlines() if line.startswith('  "b.false" [')]
    assert f'color="{EVIDENCE[Verdict.REFUTED].border}"' in false


def test_with_a_report_the_effective_verdict_fills(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: a claim drawn as CONFIRMED whose foundation is open, or one that the report lacks drawn as
    anything but not run."""
    install(CLAIMS, WITNESSES)
    file = tmp_path / "report.json"
    command("verify", "a.top", "b.right", "--level", "quick", "--seed", "1", "--json", str(file))
    text = command("graph", "--json", str(file)).out
    assert nodes(text) == {"a.top": "I", "b.base": "I", "b.false": "N", "b.right": "C", "c.alone": "N"}
    (top,) = [line for line in text.splitlines() if line.startswith('  "a.top" [')]
    assert f'fillcolor="{EVIDENCE[Verdict.INCONCLUSIVE].fill}"' in top
    for line in text.splitlines():  # letter and fill come from one row of the table
        if found := NODE.match(line):
            (look,) = [look for look in EVIDENCE.values() if look.letter == found[2]]
            assert f'fillcolor="{look.fill}"' in line


def test_named_claims_bring_what_they_use_and_nothing_else(install: Install, command: Command) -> None:
    """Would have caught: a picture with dangling edges, or of everything."""
    install(CLAIMS, ())
    assert set(nodes(command("graph", "a").out)) == {"a.top", "b.base", "b.false"}
    assert set(nodes(command("graph", "b.right").out)) == {"b.base", "b.false", "b.right"}
    assert set(nodes(command("graph", "c.alone").out)) == {"c.alone"}


def test_the_legend_has_every_mark_once() -> None:
    """Would have caught: two verdicts of one letter or colour, which nobody could tell apart."""
    assert set(EVIDENCE) == set(Verdict)
    assert [look.letter for look in EVIDENCE.values()] == list("CRDIN")
    for marks in (
        [look.fill for look in EVIDENCE.values()],
        [look.border for look in EVIDENCE.values()],
        [(origin.style, origin.peripheries) for origin in ORIGINS.values()],
        [line.attributes for line in LINES],
    ):
        assert len(set(marks)) == len(marks)


def test_a_report_about_unknown_claims_or_none(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: a report of another corpus drawn as if nothing had been run."""
    install(by_id(claim("z.other")), all_witnesses())
    file = tmp_path / "report.json"
    command("verify", "--level", "quick", "--json", str(file))
    install(CLAIMS, ())
    ended = command("graph", "--json", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert "no claim 'z.other' here" in ended.err
    file.write_text(json.dumps({"schema": "other"}))
    assert command("graph", "--json", str(file)).code == 2


def test_out_writes_the_same_text(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: an empty file, or a picture on the terminal as well."""
    install(CLAIMS, ())
    file = tmp_path / "graph.dot"
    assert command("graph", "--out", str(file)).out == ""
    assert file.read_text() == command("graph").out
    assert command("graph", "--out", str(tmp_path / "none" / "graph.dot")).code == 2


def test_svg_without_graphviz_says_what_to_install(
    install: Install, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a FileNotFoundError that names a file nobody has heard of."""
    install(CLAIMS, ())
    monkeypatch.setattr(shutil, "which", lambda name: None)
    ended = command("graph", "--format", "svg")
    assert (ended.code, ended.out) == (2, "")
    assert "install the Debian package graphviz" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.usefixtures("graphviz")
def test_the_picture_has_titles_and_is_the_same_every_time(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: an SVG that is not XML, without a title, or whose nodes a screen reader calls a.top alone."""
    install(CLAIMS, WITNESSES)
    file = tmp_path / "report.json"
    command("verify", "--level", "quick", "--seed", "1", "--json", str(file))
    ended = command("graph", "--format", "svg", "--json", str(file))
    assert (ended.code, ended.err) == (0, "")
    assert command("graph", "--format", "svg", "--json", str(file)).out == ended.out
    root = ElementTree.fromstring(ended.out)
    space = "{http://www.w3.org/2000/svg}"
    assert (root.tag, root[0].tag, root[0].text) == (f"{space}svg", f"{space}title", "Claims and what they rest on")
    titles = [title.text or "" for title in root.iter(f"{space}title")]
    assert "a.top: Hypothetical a.top (Nobody 1900, Lemma 1). INCONCLUSIVE, documented CONFIRMED" in titles
    assert any(
        'A "quoted" <title> & more \\ so on (Nobody 1900, Lemma 1, corrects b.false)' in title for title in titles
    )
    assert {"a.top: the proof rests on b.base", "a.top: the statement uses b.false"} <= set(titles)
    texts = {"".join(element.itertext()) for element in root.iter(f"{space}text")}
    assert {mark.words for mark in ORIGINS.values()} | {mark.words for mark in LINES} <= texts
    assert "graphviz version" not in ended.out


def test_graphviz_reads_what_we_write_about_our_claims(graphviz: str, command: Command) -> None:
    """Would have caught: a title of ours that breaks the quoting, an edge to a claim that is not drawn."""
    text = command("graph").out
    done = subprocess.run([graphviz, "-Tplain"], input=text, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    drawn = {line.split()[1].strip('"') for line in done.stdout.splitlines() if line.startswith("node ")}
    assert drawn == {*registry.claims(), "legend"}
