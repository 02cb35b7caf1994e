"""Derivations and proofs in a report: every step with its rule, both sides and the check that covered it."""

from ste_theory.claims.shown import ShownArgument, ShownPart, ShownProof, ShownRelation, ShownSentence, ShownStep
from ste_theory.notation.formula import Formula
from ste_theory.notation.prose import capitalized
from ste_theory.render.argument import SAME
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.mathematics import breakable, display, inline, prose, ranges, relation, tied_to
from ste_theory.render.report.wording import said


def links(names: tuple[str, ...], shown: frozenset[str]) -> Html:
    """The claims, linked where the report has them."""
    parts: list[Html | str] = []
    for name in names:
        parts += [tag("a", name, href=f"#{name}") if name in shown else tag("code", name), ", "]
    return joined(parts[:-1])


def derivation(parts: tuple[ShownPart, ...], shown: frozenset[str], heading: str = "h4") -> Html:
    """All parts; formulas are numbered through the whole. Each part has a heading, one below that of the derivation."""
    return joined([_part(part, number, shown, heading) for number, part in enumerate(parts, 1)])


def proof(argued: ShownProof, claim_id: str) -> Html:
    """The arguments in their order and the words that join them."""
    certified = any("certificate" in argument.method for argument in argued.arguments)
    command = tag("p", "The certificates: ", tag("code", f"ste-theory certify {claim_id}")) if certified else None
    return joined(
        [_argument(argument) for argument in argued.arguments],
        tag("p", prose(argued.conclusion)) if argued.conclusion else None,
        command,
    )


def sentence(stated: ShownSentence, *, title: str = "") -> Html:
    """Name, words, what it is about, its hypotheses and both sides."""
    about = _quantified(stated)
    hypotheses = [_relation(hypothesis) for hypothesis in stated.hypotheses]
    return tag(
        "div",
        tag("p", tag("strong", prose(capitalized(title + stated.name)), "."), " ", prose(capitalized(stated.words))),
        tag("p", about, " with" if hypotheses else ":") if about else None,
        hypotheses,
        tag("p", "the following holds:") if hypotheses else None,
        _relation(stated.relation),
        tag("p", f"({SAME})") if stated.same else None,
        class_="sentence",
    )


def counterexample(argument: ShownArgument) -> Html:
    """The values of a counterexample, and what happens there."""
    last = len(argument.lines) - 1
    values = [
        joined(
            tied_to("", inline(line.relation.left), " ="),
            " ",
            breakable(line.relation.right, "," * (number < last)),
            " " * (number < last),
        )
        for number, line in enumerate(argument.lines)
    ]
    because = joined(" ", prose(f"({argument.because})")) if argument.because else None
    return joined(values, because)


def _quantified(stated: ShownSentence) -> Html | None:
    existing = joined("there is ", _list(stated.constants), " such that ") if stated.constants else None
    ranges = joined("all ", _list(stated.ranges)) if stated.ranges else None
    if not (existing or stated.over or ranges):
        return None
    over = (
        joined("for ", stated.over, " and " if stated.over and ranges else "", ranges)
        if stated.over or ranges
        else None
    )
    found = joined(existing, over)
    return Html(found[:1].upper() + found[1:])


def _list(formulas: tuple[Formula, ...]) -> Html:
    return ranges(formulas)


def _relation(shown: ShownRelation) -> Html:
    return relation(shown.left, shown.sign, shown.right)


def _part(part: ShownPart, number: int, shown: frozenset[str], heading: str) -> Html:
    start = f"start {number}"
    origin = tag("p", "It starts from the result of ", links(part.origin, shown), ".") if part.origin else None
    before, steps = start, []
    for step in part.steps:
        steps.append(_step(step, before))
        before = str(step.number)
    end = None
    if part.comparison is not None:
        end = tag(
            "div",
            tag("p", tag("strong", "What is stated"), " against ", f"({before}):"),
            display(part.comparison.stated),
            _check(part.comparison.grade, part.comparison.argument),
            class_="step",
        )
    return tag(
        "section",
        tag(heading, inline(part.quantity), ": ", prose(part.meaning)),
        origin,
        display(part.start, left=part.quantity, number=f"({start})"),
        tag("ol", steps, class_="steps") if steps else None,
        end,
        class_="part",
    )


def _step(step: ShownStep, before: str) -> Html:
    return tag(
        "li",
        tag("p", tag("strong", prose(capitalized(step.rule))), f" ({before}) → ({step.number}). ", prose(step.reason)),
        tag("p", "Rule: ", prose(step.says), class_="rule"),
        display(step.result, left=None, number=f"({step.number})"),
        _check(step.grade, step.argument),
        class_="step",
        value=str(step.number),
    )


def _check(grade: str, argument: str) -> Html:
    style = "pass" if grade == "exact" else "fail" if grade == "wrong" else "open"
    return tag("p", tag("span", grade, class_=f"grade {style}"), " ", prose(argument), class_="check")


def _argument(argument: ShownArgument) -> Html:
    head = (
        sentence(argument.lemma, title="lemma, ")
        if argument.lemma is not None
        else tag("p", tag("strong", prose(capitalized(argument.name))))
    )
    because = joined(": ", prose(argument.because)) if argument.because else None
    lines = [
        joined(_relation(line.relation), tag("p", "(", prose(line.note), ")", class_="rule") if line.note else None)
        for line in argument.lines
    ]
    how = tag(
        "p",
        tag(
            "span",
            prose(capitalized(said(argument.method))),
            class_="grade " + ("fail" if argument.refutes else "pass"),
        ),
        because,
    )
    return tag("div", head, how, lines, class_="step")
