"""The front page: the result in a sentence, what is false as printed, the table of claims, the picture."""

import shlex
from collections import Counter
from collections.abc import Sequence

from ste_theory.claims.graph import reported
from ste_theory.claims.origin import Origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Verdict, WitnessKind
from ste_theory.render.failures import MEANING, urgency
from ste_theory.render.graph import EVIDENCE
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.number import duration
from ste_theory.render.report.argumentation import counterexample, links
from ste_theory.render.report.evidence import mark
from ste_theory.render.report.mathematics import prose
from ste_theory.render.report.network import network, verdict_badge
from ste_theory.render.report.tables import LONG, table
from ste_theory.render.report.troubles import troubles
from ste_theory.render.witnesses import COLUMNS, LETTERS, MARKS


def front(report: Report, *, whole: bool = False, extra: Sequence[str] = ()) -> Html:
    """The front page. ``whole``: all claims were asked for, so the command that repeats the run names none; ``extra``:
    what that command needs as well."""
    return tag(
        "section",
        tag("h1", "What is true about straight-through estimators", id="front-title", tabindex="-1"),
        _summary(report),
        _alarms(report),
        _subject(),
        _false(report),
        tag("h2", "Claims"),
        _filters(report),
        _claims(report),
        tag("h2", "What rests on what"),
        tag(
            "p",
            "A claim is drawn right of what it rests on or uses. Every box is a link. A line that others imply is left "
            "out; the pages list all of them.",
        ),
        network(reported(report)),
        tag("h2", "How to read this", id="reading", tabindex="-1"),
        _reading(),
        tag("h2", "This run"),
        _run(report, whole=whole, extra=extra),
        id="front",
        class_="page",
        aria_labelledby="front-title",
    )


def count(report: Report) -> str:
    """The verdicts in a line."""
    found = Counter(claim.effective_verdict for claim in report.claims)
    text = ", ".join(f"{found[verdict]} {verdict}" for verdict in Verdict if found[verdict])
    return f"{len(report.claims)} claim{'s' if len(report.claims) > 1 else ''}: {text}"


def _subject() -> Html:
    """What all of this is about, for somebody who has not read the papers."""
    return tag(
        "p",
        prose(
            "A network with quantized activations σ has a gradient that is zero almost everywhere. Training puts a "
            "surrogate μ′ in the place of σ′, in the backward pass only: the straight-through estimator. What comes "
            "out, the coarse gradient g_μ, is the gradient of nothing. Is it a descent direction all the same? Here a "
            "student y = vᵀσ(Zw) learns from a teacher with v* and w*, on Gaussian input Z, with the loss f; θ is the "
            "angle between w and w*, ρ = ‖w‖. Claims named yin2019 are about this network, those named long2021 about "
            "classification; the others go beyond both papers."
        ),
        " ",
        tag("a", "How to read this", href="#reading"),
        ".",
    )


def _summary(report: Report) -> Html:
    surprising = sum(not claim.as_documented for claim in report.claims)
    ending = "; every verdict is the documented one." if not surprising else f"; {surprising} not as documented."
    return joined(
        tag("p", tag("strong", count(report)), ending, class_="lead"),
        tag(
            "p",
            "A verdict is computed from independent witnesses; nobody writes one by hand. CONFIRMED: all witnesses "
            "that the kind of claim requires pass. REFUTED: there is a certified counterexample. A claim is only as "
            "good as the weakest one its proof rests on.",
        ),
    )


def _alarms(report: Report) -> Html | None:
    wrong = [claim for claim in sorted(report.claims, key=urgency) if not claim.as_documented]
    lines = [
        tag(
            "li",
            tag("a", claim.id, href=f"#{claim.id}"),
            " ",
            tag("strong", prose(claim.title)),
            " ",
            verdict_badge(claim.effective_verdict),
            troubles(claim, report),
        )
        for claim in wrong
    ]
    if report.interrupted:
        lines.append(tag("li", f"The run was interrupted; not finished: {', '.join(report.missing)}"))
    return tag("div", tag("h2", "Not as documented"), tag("ul", lines), class_="alarm") if lines else None


def _false(report: Report) -> Html | None:
    refuted = [claim for claim in report.claims if claim.effective_verdict is Verdict.REFUTED]
    if not refuted:
        return None
    shown = frozenset(report.pages)
    cards = []
    for claim in refuted:
        document = report.pages[claim.id].document
        arguments = document.proof.arguments if document.proof is not None else ()
        found = [tag("div", prose(a.name), ": ", counterexample(a)) for a in arguments if a.refutes]
        linked = tag("a", prose(document.claim.title), href=f"#{claim.id}")
        name = joined(tag("strong", linked), " ", tag("small", claim.source))
        corrected = links(document.claim.corrected_by, shown)
        words = tag("p", prose(document.claim.words), class_="rule")
        cards.append(tag("li", name, words, found, tag("div", "True instead: ", corrected) if corrected else None))
    introduced = "Each has a certified counterexample:"
    return joined(tag("h2", "False as printed"), tag("p", introduced), tag("ul", cards, class_="cards"))


def _filters(report: Report) -> Html:
    origins = [origin for origin in Origin if any(claim.origin is origin for claim in report.claims)]
    verdicts = [verdict for verdict in Verdict if any(claim.effective_verdict is verdict for claim in report.claims)]
    return tag(
        "form",
        tag("label", "Filter ", tag("input", type="search", id="filter", autocomplete="off", aria_keyshortcuts="/")),
        tag("label", "Origin ", _select("origin", origins)),
        tag("label", "Verdict ", _select("verdict", verdicts)),
        tag("span", f"{len(report.claims)} of {len(report.claims)}", id="count", role="status"),
        tag("span", "Keys: / filters, Esc clears; the headings sort.", class_="hint"),
        class_="filters",
        role="search",
        aria_label="Filter the claims",
    )


def _select(name: str, choices: Sequence[str]) -> Html:
    options = [tag("option", "all", value=""), *(tag("option", str(choice), value=str(choice)) for choice in choices)]
    return tag("select", options, id=name)


def _claims(report: Report) -> Html:
    sortable = [("claim", "Claim"), ("origin", "Origin"), ("verdict", "Verdict")]
    heads = {
        key: tag(
            "th", tag("button", title, type="button", data_sort=key), scope="col", aria_sort="none", class_=_hidden(key)
        )
        for key, title in sortable
    }
    letters = [tag("th", tag("abbr", column.letter, title=str(kind)), scope="col") for kind, column in COLUMNS.items()]
    head = tag("tr", heads["claim"], heads["verdict"], heads["origin"], letters)
    rows = [_row(claim) for claim in report.claims]
    found = tag(
        "table",
        tag("caption", "All claims: what each witness says (", _letters(), ") and the verdict"),
        tag("thead", head),
        tag("tbody", rows),
        id="claims",
    )
    return tag("div", found, class_="scroll", tabindex="0", role="region", aria_label="Claims")


def _hidden(key: str) -> str | None:
    """The class of what a telephone leaves out, so that the witnesses have room."""
    return key if key == "origin" else None


def _letters() -> str:
    return ", ".join(f"{column.letter} {kind}" for kind, column in COLUMNS.items())


def _row(claim: ClaimReport) -> Html:
    tried, caught = claim.planted
    planted = tag("strong", f"{caught}/{tried}!") if caught < tried else f"{caught}/{tried}" if tried else "·"
    marks = [tag("td", mark(claim.witness(kind)), class_="center") for kind in LETTERS]
    own = tag("small", f" own: {claim.verdict}") if claim.verdict is not claim.effective_verdict else None
    documented = None if claim.as_documented else tag("small", f" documented: {claim.expected}")
    return tag(
        "tr",
        tag(
            "th",
            tag("a", prose(claim.title), href=f"#{claim.id}"),
            tag("br"),
            tag("small", f"{claim.id} · {claim.source}"),
            scope="row",
        ),
        tag("td", verdict_badge(claim.effective_verdict), own, documented),
        tag("td", str(claim.origin), class_="origin"),
        marks,
        tag("td", planted, class_="center"),
        data_claim=claim.id,
        data_origin=str(claim.origin),
        data_verdict=str(claim.effective_verdict),
    )


def _reading() -> Html:
    rows = [(f"{column.letter} {kind}", column.asks, column.blind) for kind, column in COLUMNS.items()]
    said = ", ".join(
        f"{mark_} {'not run' if outcome == 'not selected' else outcome}" for outcome, mark_ in MARKS.items()
    )
    looks = [joined(verdict_badge(verdict), f" {MEANING[verdict]}. ") for verdict in EVIDENCE]
    return joined(
        table("Kinds of evidence", ("witness", "the question it answers", "what it cannot see"), rows),
        tag(
            "p",
            f"{said}. {COLUMNS[WitnessKind.PLANTED].letter}: planted errors caught / tried; of a false statement, "
            "repaired versions not refuted / tried.",
        ),
        tag("p", looks),
    )


def _run(report: Report, *, whole: bool, extra: Sequence[str]) -> Html:
    rows = [("level", str(report.level)), ("seed", str(report.seed)), ("time", duration(report.seconds))]
    rows += [(name, value) for name, value in report.environment.items()]
    asked = [] if whole else [*(claim.id for claim in report.claims if claim.requested), *report.missing]
    options = ["--level", str(report.level), "--seed", str(report.seed), "--report", "DIR"]
    again = shlex.join(["ste-theory", "verify", *asked, *extra, *options])
    return joined(
        table("Versions and seed", ("what", "value"), rows),
        tag("p", "Again: ", tag("code", again)),
        tag(
            "p",
            tag("a", "Everything on one page", href="#all"),
            f", to search in it; tables of more than {LONG} rows are folded there too. On paper it has, for every "
            "claim, the verdict, the statement, the hypotheses, the symbols and what each witness says. The page of "
            "one claim is printed as a whole, but for folded tables.",
        ),
        tag(
            "p",
            "On paper: statements, verdicts and answers of all claims. Examples, plots, planted errors and derivations "
            "are printed from the page of a claim; all derivations as one article: ",
            tag("code", "ste-theory export --format latex --out article"),
            ".",
            class_="paper",
        ),
        tag("p", "The numbers behind this page stand in ", tag("code", "results.json"), " beside it."),
    )
