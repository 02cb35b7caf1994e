"""What the witnesses of one claim found: answers, plots with their tables, planted errors, and how to repeat it."""

import math
import re
import shlex
from collections.abc import Sequence

from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import RANDOMIZED, Outcome, WitnessKind
from ste_theory.claims.witness import Figure, WitnessResult
from ste_theory.render.figures import component, problem
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.number import duration, percent, pull, with_error
from ste_theory.render.report.mathematics import prose
from ste_theory.render.report.plots import agreement, digits, named, proved_digits, pulls
from ste_theory.render.report.tables import table
from ste_theory.render.report.wording import cut, typeset
from ste_theory.render.report.wording import number as printed
from ste_theory.render.witnesses import COLUMNS, LETTERS, MARKS, NOTICED, REPAIRED

_CONES = 4
_NUMBER = r"[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
_DIFFER = re.compile(rf"\bis (?P<value>{_NUMBER}), stated (?P<stated>{_NUMBER})(?![\w.]*\w)")
# The probability is POWER of montecarlo.decide (a test holds them together), the scale that of checks.sampling.
_SEES = (
    "“sees” is the smallest error that would have been noticed with a probability of 99 %, relative not to the "
    "number of the row but to a scale: the length of the whole vector for its components, the value itself for a "
    "scalar, the root mean square of one sample where the sampled length cannot be told from zero."
)


def evidence(claim: ClaimReport, report: Report) -> Html:
    """Everything about the claim that was found in this run: the answers, then in how much detail they are known."""
    blocks: list[Html | None] = []
    if (sampled := claim.witness(WitnessKind.SAMPLING)) is not None and sampled.figures:
        blocks += [_pulls(sampled.figures), _agreement(sampled.figures)]
    if (enclosed := claim.witness(WitnessKind.ENCLOSURE)) is not None and enclosed.figures:
        blocks.append(_digits(enclosed.figures))
    if (planted := claim.witness(WitnessKind.PLANTED)) is not None and planted.catches:
        blocks.append(_planted(planted))
    blocks.append(_again(claim, report))
    return joined(_answers(claim), tag("div", blocks, class_="long"))


def mark(result: WitnessResult | None) -> Html:
    """The mark of an outcome, with its word for those who do not see it."""
    outcome = Outcome.NOT_SELECTED if result is None else result.outcome
    said = {Outcome.NOT_SELECTED: "not run"}.get(outcome, str(outcome))
    style = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.INCONCLUSIVE: "open"}.get(outcome, "none")
    return joined(
        tag("span", MARKS[outcome], class_=f"mark {style}", aria_hidden="true"), tag("span", said, class_="spoken")
    )


def _answers(claim: ClaimReport) -> Html:
    rows = [
        (
            f"{COLUMNS[result.kind].letter} {result.kind}",
            mark(result),
            detail(result),
            f"{result.assertions:,}".replace(",", " "),
            duration(result.seconds),
        )
        for result in claim.witnesses
        if result.outcome is not Outcome.NOT_SELECTED
    ]
    header = ("witness", "says", "found", "assertions", "time")
    return joined(tag("h4", "Witnesses"), table("What each witness says", header, rows, numeric=(3, 4)))


def detail(result: WitnessResult) -> Html:
    """What a witness found, and its counterexample."""
    certified = " (certified)" if result.certified else ""
    more = result.counterexample and result.counterexample not in result.detail
    return joined(
        _found(result.detail),
        certified,
        joined(tag("br"), "counterexample: ", _found(result.counterexample or "")) if more else None,
    )


def _found(text: str) -> Html:
    """A detail; of two numbers that should be one also the difference."""
    words, code = cut(text)
    return joined(typeset(_DIFFER.sub(_with_difference, words)), tag("code", code) if code else None)


def _with_difference(found: "re.Match[str]") -> str:
    value, stated = (float(found[name].replace("−", "-")) for name in ("value", "stated"))
    relative = f", relative {abs(value - stated) / abs(stated):.2g}" if stated else ""
    return f"{found[0]} (difference {value - stated:.2g}{relative})"


def _figure(title: str, explained: str, *inside: Html) -> Html:
    return tag("figure", tag("h4", title), tag("figcaption", explained), tag("div", inside, class_="beside"))


def _pulls(figures: Sequence[Figure]) -> Html | None:
    shown = [figure for figure in figures if figure.pull is not None]
    if not shown:
        return None
    rows = [
        (
            str(n),
            typeset(component(f)),
            _sampled(f),
            _compared(f),
            pull(f.pull),
            percent(f.detectable),
        )
        for n, f in enumerate(shown, 1)
    ]
    others = [figure for figure in shown if figure.against]
    header = ("", "component", "sampled", "compared with" if others else "stated", "pull", "sees")
    what, title, own = "Sampled minus stated value", "Sampled against stated values", ""
    if others:
        names = ", ".join(dict.fromkeys(figure.against for figure in others))
        title = f"Sampled against stated values and {names}"
        stated = len(shown) - len(others)
        what = (
            f"{stated} sampled values minus the stated ones, {len(others)} of a sampler minus {names} (itself "
            "sampled; the statement does not enter),"
        )
        own = " Brackets hold the standard error: of the sampled value, in rows of a sampler that of the difference."
    return _figure(
        "Sampling: pulls",
        f"{what} in standard errors; the bands are ±1 and ±2.{own} {_SEES}",
        pulls(shown),
        table(title, header, rows, numeric=(2, 3, 4, 5), groups=_places(shown)),
    )


def _compared(figure: Figure) -> str:
    """The number a sampled one is compared with, and what it is unless it is the stated value."""
    number = f"{figure.claimed:.9g}"
    if not figure.against:
        return number
    return f"{number} ({figure.against}), difference {with_error(figure.value - figure.claimed, figure.error)}"


def _sampled(figure: Figure) -> str:
    """The mean with its error; of a sampler only the error of the difference is known."""
    return f"{figure.value:.9g}" if figure.against else with_error(figure.value, figure.error)


def _agreement(figures: Sequence[Figure]) -> Html | None:
    running = [
        figure
        for figure in figures
        if len(figure.running) > 1 and all(map(_finite, figure.running)) and figure.error > 0
    ]
    if not running:
        return None
    chosen = sorted(running, key=lambda figure: -abs(figure.pull or 0.0))[:_CONES]
    parts = [tag("div", agreement(figure), _running(figure), class_="beside") for figure in chosen]
    which = (
        f"The {len(chosen)} components with the largest pulls of {len(running)}"
        if len(chosen) < len(running)
        else "All components"
    )
    compared = " that are compared with stated values" if any(figure.against for figure in figures) else ""
    explained = (
        f"{which}{compared}: means of the first samples, doubled each time, around the stated value (line) with ±σ/√n "
        "and ±2σ/√n."
    )
    return tag("figure", tag("h4", "Sampling: agreement against sample size"), tag("figcaption", explained), parts)


def _finite(entry: tuple[int, float, float]) -> bool:
    return math.isfinite(entry[1]) and math.isfinite(entry[2])


def _running(figure: Figure) -> Html:
    rows = [
        (
            f"{samples:,}".replace(",", " "),
            with_error(value, error),
            pull((value - figure.claimed) / error if error else None),
        )
        for samples, value, error in figure.running
    ]
    stated = f", stated {printed(f'{figure.claimed:.9g}')}"
    where = joined(" at ", prose(figure.place)) if figure.place else None
    caption = joined(typeset(component(figure)), f" of {problem(figure)}" if problem(figure) else None, where, stated)
    header = ("samples", "mean", "pull")
    return table(caption, header, rows, numeric=(0, 1, 2), name=f"{named(figure)}{stated}")


def _digits(figures: Sequence[Figure]) -> Html:
    rows = [
        (
            str(number),
            typeset(component(figure)),
            joined(*(tag("div", tag("code", printed(text))) for text in (figure.digits or ()))),
            "exact" if math.isinf(proved_digits(figure)) else f"{proved_digits(figure):.0f}",
        )
        for number, figure in enumerate(figures, 1)
    ]
    header = ("", "component", "defining integral; stated formula", "digits")
    return _figure(
        "Enclosure: digits",
        "Digits to which the balls of formula and defining integral agree; all digits printed but the last are proved. "
        "At most 30 are printed, however many are proved: the column “digits” counts those.",
        digits(figures),
        table("Enclosed values", header, rows, numeric=(3,), groups=_places(figures)),
    )


def _places(figures: Sequence[Figure]) -> list[Html]:
    """Problem and point of each figure."""
    return [joined(problem(f), ": " if problem(f) and f.place else "", prose(f.place)) for f in figures]


def _planted(result: WitnessResult) -> Html:
    repaired = any(catch.repaired for catch in result.catches)
    rows = []
    for catch in result.catches:
        outcomes, marks = dict(catch.outcomes), REPAIRED if catch.repaired else NOTICED
        cells = [marks[outcomes[kind]] if kind in outcomes else "·" for kind in LETTERS]
        rows.append(
            (
                typeset(catch.name),
                LETTERS.get(catch.expected, "?"),
                *cells,
                "yes" if catch.caught else tag("strong", "NO"),
            )
        )
    must, done = ("must not refute", "not refuted") if repaired else ("must notice", "noticed")
    explained = (
        "Repaired versions of the false statement: - not refuted, ✗ refuted, ? undecided, · did not look."
        if repaired
        else "Wrong versions of the statement: ✓ noticed, - looked and saw nothing, ? undecided, · did not look."
    )
    title = "Repaired versions × witnesses" if repaired else "Planted errors × witnesses"
    return joined(tag("h4", title), tag("p", explained), table(title, ("version", must, *LETTERS.values(), done), rows))


def _again(claim: ClaimReport, report: Report) -> Html:
    options = ["--seed", str(report.seed), "--level", str(report.level)]
    commands = []
    if any(claim.witness(kind) is not None for kind in RANDOMIZED):
        commands.append(shlex.join(["ste-theory", "replay", claim.id, *options]))
    commands.append(shlex.join(["ste-theory", "verify", claim.id, *options]))
    return joined(tag("h4", "Again"), tag("pre", tag("code", "\n".join(commands)), tabindex="0"))
