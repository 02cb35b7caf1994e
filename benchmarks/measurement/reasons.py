"""Why a contestant takes less time, by benchmark: words for the page, printed only where one does."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "accuracy": (
        "Scrambled nets take longer than QMCPy's rules on the integrand of one row: they draw new scrambles at every "
        "look and keep half of the error rate for events that no point has seen, about which those rules promise "
        "nothing. They are for surrogates without a known bound; strata, the default, are compared with everybody."
    ),
    "closed_forms": (
        "The peer is given one integral over the plane; the calculus derives the whole statement from the model, all "
        "components, in steps that are re-checked. Where SymPy solves the integral for all parameters at once, that "
        "takes less."
    ),
    "enclosures": (
        "SciPy gives some sixteen digits and proves none; the rest is the price of fifty proved ones. For swish, a "
        "formula with poles near the real line, a ball integral bounds the integrand on complex disks, in Python at "
        "every node, where mpmath evaluates it at points."
    ),
}
