"""Claims as static web pages: one file per claim and an index, formulas as MathML, nothing loaded from anywhere."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.argumentation import derivation, links, proof, sentence
from ste_theory.render.report.mathematics import display, prose
from ste_theory.render.report.tables import table

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownClaim, ShownDocument

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root { color-scheme: light dark; --line: #8886; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.2rem; border-top: 1px solid var(--line); padding-top: .8rem; }
h3 { font-size: 1rem; }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", math, serif; font-size: 1.05em; }
.display { display: flex; gap: 1rem; align-items: baseline; margin: .6rem 0 .6rem 1.5rem; }
.display .f { flex: 1; min-width: 0; } .t { display: inline-block; max-width: 100%; } .n { white-space: nowrap; }
.sentence, .step { border-left: 3px solid var(--line); padding-left: .8rem; margin: 1rem 0; }
.steps { padding: 0; list-style: none; } .grade { font-weight: 600; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
@media print { body { max-width: none; } }
"""


def page(document: "ShownDocument", exported: Collection[str]) -> str:
    """One claim: heading, statement, domain, symbols, what it rests on (linked where exported), derivation, proof."""
    about, shown = document.claim, frozenset(exported)
    refuted = about.expected == "REFUTED"
    parts = [
        tag("p", tag("a", "All claims", href="index.html")),
        tag("h1", prose(about.title)),
        tag("p", tag("code", about.id), f", {about.kind}. Source: {about.source}", _remark(about), "."),
        tag("p", tag("strong", f"Documented verdict: {about.expected.lower()}.")) if refuted else None,
        tag("p", "It is corrected by ", links(about.corrected_by, shown), ".") if about.corrected_by else None,
        tag("p", "It is the corrected form of ", links((about.corrects,), shown), ".") if about.corrects else None,
        tag("h2", "Statement"),
        tag("p", prose(about.words)),
        [display(equation.right, left=equation.left) for equation in (*about.equations, *about.components)],
        [sentence(one) for one in about.sentences],
        tag("h2", "Domain"),
        tag("p", prose(about.domain)),
        tag("p", tag("em", "Degenerate cases: "), prose(about.degenerate)) if about.degenerate else None,
        joined(tag("h2", "Symbols"), _symbols(about)) if about.symbols else None,
        joined(tag("h2", "Rests on"), tag("p", links(about.rests_on, shown))) if about.rests_on else None,
        joined(tag("h2", "Derivation"), derivation(document.parts, shown, "h3")) if document.parts else None,
    ]
    if document.proof is not None:
        parts.append(joined(tag("h2", "Refutation" if refuted else "Proof"), proof(document.proof, about.id)))
    elif not document.parts:
        parts.append(joined(tag("h2", "Derivation"), tag("p", "None: its other witnesses settle the claim.")))
    text = _document(about.title, joined(parts))
    for name in exported:
        text = text.replace(f'href="#{name}"', f'href="{name}.html"')
    return text


def index(documents: "Sequence[ShownDocument]") -> str:
    """The exported claims with links."""
    rows = [
        (
            tag("a", document.claim.id, href=f"{document.claim.id}.html"),
            prose(document.claim.title),
            tag("span", document.claim.source),
            tag("span", document.claim.expected),
        )
        for document in documents
    ]
    title = "Statements about straight-through estimators"
    listed = table("Claims", ("claim", "title", "source", "documented verdict"), rows)
    return _document(title, joined(tag("h1", title), listed))


def _remark(about: "ShownClaim") -> Html | None:
    return joined(" (", prose(about.remark), ")") if about.remark else None


def _symbols(about: "ShownClaim") -> Html:
    return table("Symbols", ("symbol", "meaning"), [(prose(letters), prose(said)) for letters, said in about.symbols])


def _document(title: str, body: Html) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(_STYLE)),
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", tag("main", body)), lang="en") + "\n"
