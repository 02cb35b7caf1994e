"""The planted-error witness: would the other witnesses have noticed a wrong statement?

Every planted error is applied to the statement and shown to the witness that must catch it (and to every other
witness that is run); systematic mutants of the expression trees are added. A mutant that equals the original is
equivalent: listed with the exact proof. A planted error written by hand that changes nothing is a defect and fails.

Of a statement that is documented as false the planted versions are repaired ones: a witness that refutes them too would
refute anything.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import sympy as sp

from ste_theory.calculus.equality import exactly_equal
from ste_theory.checks import derivation, enclosure, proof, properties, sampling
from ste_theory.claims.claim import Claim, PlantedError, Statement
from ste_theory.claims.instance import value_at
from ste_theory.claims.planted import systematic
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Context, Witness, WitnessResult

OTHERS: Sequence[Witness] = (
    derivation.WITNESS,
    enclosure.WITNESS,
    sampling.WITNESS,
    properties.PropertiesWitness(public=False),
    proof.WITNESS,
)

# Examples for an error that those of the level did not show.
SECOND_LOOK = 300


class PlantedWitness:
    """Applies to every claim: a claim without planted errors cannot be made."""

    kind = WitnessKind.PLANTED

    def applies(self, claim: Claim) -> bool:
        """Always."""
        return True

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None that could raise a false alarm: catching a wrong statement is the purpose."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every error that changes the statement is caught by the witness named for it."""
        catches: list[Catch] = []
        equivalent: list[str] = []
        refuting = claim.expected is Verdict.REFUTED
        generated = () if refuting else systematic(claim.statement, context.level)
        for error in (*claim.planted, *generated):
            mutated = error.mutate(claim.statement)
            if _unchanged(claim, mutated):
                if not error.systematic:
                    return WitnessResult(self.kind, Outcome.FAIL, f"{error.name!r} does not change the statement", 1)
                equivalent.append(error.name)
                continue
            context.progress(f"planting: {error.name}")
            catches.append(self._show(replace(claim, statement=mutated), error, context))
        missed = [catch for catch in catches if not catch.caught]
        if missed:
            undecided = dict(missed[0].outcomes).get(missed[0].expected) is Outcome.INCONCLUSIVE
            silent = "could not decide" if undecided else "did not notice"
            failure = "refutes a true statement too" if refuting else silent
            detail = f"{missed[0].expected} {failure}: {missed[0].name}"
            return WitnessResult(self.kind, Outcome.FAIL, detail, len(catches), catches=tuple(catches))
        detail = f"{len(catches)} {'repaired versions not refuted' if refuting else 'caught'}" + (
            f"; equivalent by exact proof: {', '.join(equivalent)}" if equivalent else ""
        )
        return WitnessResult(self.kind, Outcome.PASS, detail, len(catches), catches=tuple(catches))

    def _show(self, wrong: Claim, error: PlantedError, context: Context) -> Catch:
        """The witness named for the error must look; at levels above quick all witnesses look at hand-written
        errors."""
        # Nobody reads the counterexamples to a planted error.
        context = replace(context, shrink=False)
        everyone = context.level is not Level.QUICK and not error.systematic
        refuting = wrong.expected is Verdict.REFUTED
        outcomes: list[tuple[WitnessKind, Outcome]] = []
        for witness in OTHERS:
            if (everyone or witness.kind is error.caught_by) and witness.applies(wrong):
                # A formula that breaks a property breaks it almost everywhere: the witness that is named for an error
                # gets its full budget, a mere onlooker a few examples.
                onlooker = witness.kind is WitnessKind.PROPERTIES and witness.kind is not error.caught_by
                budget = replace(context, examples=3) if onlooker else context
                outcome = witness.examine(wrong, budget).outcome
                if outcome is Outcome.PASS and not refuting and _draws(witness, error):
                    # Whether a witness can see an error must not hang on the few places of one seed.
                    outcome = witness.examine(wrong, replace(context, examples=SECOND_LOOK)).outcome
                outcomes.append((witness.kind, outcome))
        return Catch(error.name, error.caught_by, tuple(outcomes), repaired=refuting)


def _draws(witness: Witness, error: PlantedError) -> bool:
    """Whether the witness named for the error looks at drawn examples."""
    return witness.kind is WitnessKind.PROPERTIES and witness.kind is error.caught_by


def _unchanged(claim: Claim, mutated: Statement) -> bool:
    """Whether every formula is exactly equal to the original: a proof that the mutant is equivalent.

    A number that differs settles the other answer sooner.
    """
    pairs = [
        (one.formula, two.formula)
        for one, two in zip(claim.statement.equations, mutated.equations, strict=True)
        if one.formula != two.formula
    ]
    if claim.statement.sentences != mutated.sentences:
        return False  # what a sentence says is its form; the proof witness decides what it is worth
    return not any(_differ(claim, *pair) for pair in pairs) and all(exactly_equal(*pair) is True for pair in pairs)


def _differ(claim: Claim, one: sp.Expr, two: sp.Expr) -> bool:
    point = claim.domain.point(np.random.default_rng(20190106))
    first, second = (value_at(formula, claim.instances(20190106)[-1], point) for formula in (one, two))
    return not first.agrees(second)


WITNESS = PlantedWitness()
