"""Hypothetical claims and witnesses that say what a test tells them to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import Claim, Domain, Equation, PlantedError, Source, Statement
from ste_theory.claims.verdict import Kind, Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import V

PASS, FAIL, INCONCLUSIVE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE


def claim(
    claim_id: str,
    *,
    kind: Kind = Kind.IDENTITY,
    rests_on: Sequence[str] = (),
    statement_uses: Sequence[str] = (),
    expected: Verdict = Verdict.CONFIRMED,
    derivation: Callable[[], Derivation] | None = None,
) -> Claim:
    """A claim that states f = V/8."""
    return Claim(
        id=claim_id,
        title=f"Hypothetical {claim_id}",
        kind=kind,
        statement=Statement((Equation(Quantity.LOSS, V / 8),), "The loss is an eighth of V."),
        domain=Domain("everywhere", "none"),
        source=Source("Nobody 1900", "Lemma 1"),
        problems=(),
        derivation=derivation,
        planted=(PlantedError("doubled", lambda s: s.replacing(Quantity.LOSS, lambda f: 2 * f), WitnessKind.SAMPLING),),
        statement_uses=tuple(statement_uses),
        proof_uses=tuple(rests_on),
        expected=expected,
    )


def by_id(*claims: Claim) -> dict[str, Claim]:
    """The claims as the registry gives them."""
    return {found.id: found for found in claims}


def result(kind: WitnessKind, outcome: Outcome = PASS, detail: str = "looked", **more: object) -> WitnessResult:
    """A result that made one assertion."""
    return WitnessResult(kind, outcome, detail, **{"assertions": 1, **more})  # type: ignore[arg-type]


Answer = WitnessResult | BaseException | Callable[[Claim, Context], WitnessResult]


@dataclass
class FakeWitness:
    """Answers per claim id; an exception is raised, a function is called, and all other claims pass."""

    kind: WitnessKind
    answers: Mapping[str, Answer] = field(default_factory=dict)
    count: int = 0
    blind_to: tuple[str, ...] = ()
    examined: list[str] = field(default_factory=list)

    def applies(self, claim: Claim) -> bool:
        return claim.id not in self.blind_to

    def comparisons(self, claim: Claim, level: Level) -> int:
        return self.count

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        self.examined.append(claim.id)
        answer = self.answers.get(claim.id, result(self.kind))
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, WitnessResult) else answer(claim, context)


def all_witnesses(**answers: Mapping[str, Answer]) -> tuple[FakeWitness, ...]:
    """One witness of every kind, in order; ``sampling={"a.b": result(...)}`` sets answers."""
    return tuple(FakeWitness(kind, answers.get(kind, {})) for kind in WitnessKind)
