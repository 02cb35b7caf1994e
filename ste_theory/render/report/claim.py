"""The page of one claim: what is stated, whether it holds, one point in numbers, the evidence, the derivation."""

import operator
import sys
from collections.abc import Callable, Mapping, Sequence

from ste_theory.claims.origin import OURS, Origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.shown import Page, ShownClaim, ShownExample, ShownNumber
from ste_theory.claims.verdict import Verdict
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.number import with_error
from ste_theory.render.report.argumentation import counterexample, derivation, links, proof, sentence
from ste_theory.render.report.evidence import evidence
from ste_theory.render.report.mathematics import display, inline, prose
from ste_theory.render.report.network import verdict_badge
from ste_theory.render.report.tables import table
from ste_theory.render.report.troubles import troubles
from ste_theory.render.report.wording import number

ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.PUBLISHED: "as published",
    Origin.CORRECTED: "corrected form",
    Origin.GENERAL: "result of this project",
    Origin.RECONSTRUCTED: "reconstructed: the text was not at hand",
}

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "≤": operator.le,
    ">": operator.gt,
    "≥": operator.ge,
    "=": operator.eq,
    "≠": operator.ne,
}


def section(claim: ClaimReport, report: Report, users: Mapping[str, tuple[str, ...]], beside: tuple[str, str]) -> Html:
    """The page. ``users`` are the claims that rest on each claim; ``beside`` the claims before and after it."""
    page, shown = report.pages[claim.id], frozenset(report.pages)
    document = page.document
    about = document.claim
    argued = [derivation(document.parts, shown)] if document.parts else []
    if document.proof is not None:
        argued.append(proof(document.proof, claim.id))
    title = (
        "Refutation" if claim.expected is Verdict.REFUTED else "Proof" if document.proof is not None else "Derivation"
    )
    heading = f"{claim.id}-title"
    return tag(
        "section",
        _way(beside),
        tag("h2", prose(about.title), id=heading, tabindex="-1"),
        tag(
            "p",
            tag("code", claim.id),
            f" · {claim.kind} · {ORIGIN_WORDS[claim.origin]}",
            None if claim.source == OURS else f" · {claim.source}",
            class_="about",
        ),
        tag("p", prose(about.remark), class_="about") if about.remark else None,
        _verdict(claim, page, report, shown),
        _part("Statement", _statement(about)),
        _part("Hypotheses", _domain(about)),
        _part("Symbols", _symbols(about)) if about.symbols else None,
        _part("Symbols → numbers → result", _example(page.example), long=True) if page.example is not None else None,
        _part("Evidence", evidence(claim, report)),
        _part(title, joined(argued), long=True) if argued else None,
        _part("Rests on", _foundations(claim, about, users, shown)),
        _way(beside),
        id=claim.id,
        class_="claim",
        aria_labelledby=heading,
    )


def _part(title: str, inside: Html, *, long: bool = False) -> Html:
    """A part of the page. A long one is left out where all claims are printed at once (style.css)."""
    heading = tag("h3", title, class_="part-title")
    return tag("section", heading, inside, class_="block long" if long else "block")


def _way(beside: tuple[str, str]) -> Html:
    before, after = beside
    return tag(
        "nav",
        tag("a", "All claims", href="#front"),
        tag("a", "← ", before, href=f"#{before}") if before else None,
        tag("a", after, " →", href=f"#{after}") if after else None,
        class_="way",
        aria_label="Pages",
    )


def _verdict(claim: ClaimReport, page: Page, report: Report, shown: frozenset[str]) -> Html:
    lines: list[Html] = []
    head = [verdict_badge(claim.effective_verdict)]
    if claim.verdict is not claim.effective_verdict:
        weakest = claim.weakest_foundation
        own = f" in effect; by its own witnesses {claim.verdict}"
        lines.append(
            tag("p", *head, own, joined(", the weakest below is ", links((weakest,), shown)) if weakest else None)
        )
    else:
        lines.append(tag("p", *head, " as documented" if claim.as_documented else None))
    if not claim.as_documented:
        lines.append(tag("div", troubles(claim, report)))
    for argument in page.document.proof.arguments if page.document.proof is not None else ():
        if argument.refutes and claim.verdict is Verdict.REFUTED:
            lines.append(tag("p", tag("strong", prose(argument.name)), " fails at ", counterexample(argument)))
    if page.document.claim.corrected_by:
        lines.append(tag("p", "What is true instead: ", links(page.document.claim.corrected_by, shown)))
    if claim.corrects:
        lines.append(tag("p", "It corrects ", links((claim.corrects,), shown)))
    return tag("div", lines, class_="verdict")


def _statement(about: ShownClaim) -> Html:
    equations = [
        joined(
            display(equation.right, left=equation.left),
            tag("p", "where ", inline(equation.left), " is ", prose(equation.meaning), class_="rule")
            if equation.meaning
            else None,
        )
        for equation in about.equations
    ]
    components = [display(equation.right, left=equation.left) for equation in about.components]
    return joined(
        tag("p", prose(about.words)),
        equations,
        tag("p", "with the components") if components else None,
        components,
        [sentence(one) for one in about.sentences],
    )


def _domain(about: ShownClaim) -> Html:
    instances = ", ".join(about.problems)
    return joined(
        tag("p", prose(about.domain)),
        tag("p", tag("strong", "Degenerate cases. "), prose(about.degenerate)) if about.degenerate else None,
        tag("p", tag("strong", "Instances checked. "), instances) if instances else None,
    )


def _symbols(about: ShownClaim) -> Html:
    rows = [(prose(letters), prose(meaning)) for letters, meaning in about.symbols]
    return table("Symbols", ("symbol", "meaning"), rows, titled=True)


def _example(example: ShownExample) -> Html:
    values = [(inline(entry.letter), inline(entry.value)) for entry in example.values]
    lines: list[Html] = []
    for line in example.lines:
        sign = line.sign.text.strip()
        lines.append(display(line.right, left=line.left, sign=sign))
        if line.left_numbers is not None and (line.left_numbers, line.numbers) != (line.left, line.right):
            lines.append(display(line.numbers, left=line.left_numbers, sign=sign))
        elif line.numbers != line.right:
            lines.append(display(line.numbers, left=line.left, sign="→"))
        result = _number(line.result, line.error)
        if line.expected is None:
            said = joined("= ", tag("strong", result))
        else:
            left = tag("strong", _number(line.expected, line.error))
            said = joined("left side ", left, ", right side ", tag("strong", result), _held(line))
        lines.append(tag("p", said, class_="result"))
    sentence = any(line.expected is not None for line in example.lines)
    where = (
        joined("“", prose(example.where), "” at one point:") if sentence else joined("At ", prose(example.where), ":")
    )
    return joined(
        tag("p", where),
        table("Values", ("symbol", "number"), values, titled=True) if values else None,
        lines,
    )


def _held(line: ShownNumber) -> str:
    """Whether the relation holds between the two numbers, or that their errors leave it open."""
    left, right, sign = line.expected, line.result, line.sign.text.strip()
    if left is None or sign not in _COMPARED:
        return ""
    # Two balls, and the rounding of their centres to floats.
    slack = 2 * line.error + (0.0 if left == right else 2 * sys.float_info.epsilon * max(abs(left), abs(right)))
    if abs(left - right) > slack:
        return f": it {'holds' if _COMPARED[sign](left, right) else 'fails'} there"
    if slack == 0:
        return f": both are the same, so it {'holds' if _COMPARED[sign](left, right) else 'fails'} there"
    if sign == "=":
        return f": it holds there to within {number(f'{slack:.1g}')}"
    return f": both are the same to within {number(f'{slack:.1g}')}, which leaves it open there"


def _number(value: float, error: float) -> str:
    """Digits that a float holds; its error only where it is larger than they show."""
    return number(f"{value:.12g}" if error <= 1e-12 * max(abs(value), 1.0) else with_error(value, error))


def _foundations(
    claim: ClaimReport, about: ShownClaim, users: Mapping[str, tuple[str, ...]], shown: frozenset[str]
) -> Html:
    rows: Sequence[tuple[str, tuple[str, ...]]] = (
        ("The proof rests on ", about.proof_uses),
        ("The statement uses ", about.statement_uses),
        ("Proofs that rest on it: ", users.get(claim.id, ())),
    )
    found = [tag("p", words, links(names, shown)) for words, names in rows if names]
    return joined(found) if found else tag("p", "Nothing, and nothing rests on it.")
