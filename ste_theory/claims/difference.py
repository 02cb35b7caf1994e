"""What changed from one run to another: verdicts, statements, outcomes, figures, versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.claims.witness import Figure


@dataclass(frozen=True)
class Change:
    """One thing and what it was before and after; "" where it was not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """From the first run to the second, by kind, each in the order of the claims.

    ``figures`` are compared where both runs drew the same numbers (``comparable``: same seed and level); elsewhere only
    what is claimed of them. ``alone`` are the claims that one run did not examine.
    """

    alone: tuple[Change, ...]
    verdicts: tuple[Change, ...]
    statements: tuple[Change, ...]
    witnesses: tuple[Change, ...]
    figures: tuple[Change, ...]
    versions: tuple[Change, ...]
    comparable: bool
    claims: int

    @property
    def exit_code(self) -> int:
        """1 if a claim, a verdict, a statement, an outcome or a figure changed; versions alone change nothing."""
        return 1 if self.alone or self.verdicts or self.statements or self.witnesses or self.figures else 0


def difference(first: Report, second: Report) -> Difference:
    """What is different in the second run."""
    one, two = ({claim.id: claim for claim in report.claims} for report in (first, second))
    both = [(one[name], two[name]) for name in one if name in two]
    comparable = (first.seed, first.level) == (second.seed, second.level)
    verdicts = [Change(name, _verdict(one.get(name)), _verdict(two.get(name))) for name in {**one, **two}]
    alone = [change for change in verdicts if not (change.before and change.after)]
    statements = [Change(a.id, a.statement, b.statement) for a, b in both]
    witnesses = [change for a, b in both for change in _witnesses(a, b, same_level=first.level == second.level)]
    figures = [change for a, b in both for change in _figures(a, b, comparable=comparable)]
    return Difference(
        tuple(alone),
        _changed([change for change in verdicts if change not in alone]),
        _changed(statements),
        _changed(witnesses),
        _changed(figures),
        _versions(first, second),
        comparable,
        len(both),
    )


def _changed(found: list[Change]) -> tuple[Change, ...]:
    return tuple(change for change in found if change.before != change.after)


def _verdict(claim: ClaimReport | None) -> str:
    if claim is None:
        return ""
    own = "" if claim.verdict is claim.effective_verdict else f" (own {claim.verdict})"
    documented = "" if claim.as_documented else f" (documented {claim.expected})"
    return f"{claim.effective_verdict}{own}{documented}"


def _witnesses(one: ClaimReport, two: ClaimReport, *, same_level: bool) -> list[Change]:
    found = []
    for kind in WitnessKind:
        before, after = one.witness(kind), two.witness(kind)
        names = [str(result.outcome if result is not None else Outcome.NOT_SELECTED) for result in (before, after)]
        found.append(Change(f"{one.id} {kind}", *names))
    # Another level plants other errors: how many of them is no change, one that was missed is.
    caught = (
        f"{done}/{tried}" if same_level else "all" if done == tried else f"all but {tried - done}"
        for tried, done in (one.planted, two.planted)
    )
    return [*found, Change(f"{one.id} planted errors caught", *caught)]


def _figures(one: ClaimReport, two: ClaimReport, *, comparable: bool) -> list[Change]:
    before, after = _named(one), _named(two)
    if not comparable:  # other numbers were drawn, perhaps at other places: what is there in both is compared
        shared = [(key, before[key].claimed, after[key].claimed) for key in before if key in after]
        return [Change(f"{one.id} {key} claimed", _number(old), _number(new)) for key, old, new in shared]
    return [
        Change(f"{one.id} {key}", _written(before.get(key)), _written(after.get(key))) for key in {**before, **after}
    ]


def _named(claim: ClaimReport) -> Mapping[str, Figure]:
    """The figures by kind, label and place; numbered where these are the same."""
    found: dict[str, Figure] = {}
    for result in claim.witnesses:
        for figure in result.figures:
            name = f"{result.kind} {figure.label}" + (f" at {figure.place}" if figure.place else "")
            number = sum(key == name or key.startswith(f"{name} #") for key in found)
            found[name if number == 0 else f"{name} #{number + 1}"] = figure
    return found


def _written(figure: Figure | None) -> str:
    return "" if figure is None else f"{_number(figure.value)} against {_number(figure.claimed)}"


def _number(value: float) -> str:
    return "not a number" if isnan(value) else repr(value)


def _versions(first: Report, second: Report) -> tuple[Change, ...]:
    names = {**first.environment, **second.environment}
    found = [Change(name, first.environment.get(name, ""), second.environment.get(name, "")) for name in names]
    found += [Change("level", str(first.level), str(second.level)), Change("seed", str(first.seed), str(second.seed))]
    return _changed(found)
