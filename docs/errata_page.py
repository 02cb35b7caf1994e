"""Write docs/explanation/errata.md: what is false as printed, its counterexample, and what is true instead."""

from pathlib import Path

from ste_theory.claims import registry
from ste_theory.claims.presentation import shown_document
from ste_theory.claims.verdict import Verdict
from ste_theory.notation.unicode import text

TARGET = Path(__file__).with_name("explanation") / "errata.md"
HEAD = """# Errata of the papers

Made by `python docs/errata_page.py` from the claims themselves: the words are those of the statements that the
witnesses decide. The wording of Yin et al. is that of the conference submission; the published wording was not at hand.
Every counterexample is certified (exact arithmetic or balls): `ste-theory verify CLAIM` checks it again.
"""


def render() -> str:
    """The page."""
    available = registry.claims()
    blocks = [HEAD.rstrip()]
    for claim in available.values():
        if claim.expected is not Verdict.REFUTED:
            continue
        document = shown_document(claim, available=available)
        blocks += [
            f"## {claim.source}: {_plain(claim.title)}",
            f"`{claim.id}`. As printed: {_plain(claim.statement.words)}",
        ]
        if claim.domain.words:
            blocks.append(f"Where: {_plain(claim.domain.words)}")
        for argument in document.proof.arguments if document.proof is not None else ():
            if not argument.refutes:
                continue
            relations = (line.relation for line in argument.lines)
            place = ", ".join(f"{text(one.left)} {one.sign.text.strip()} {text(one.right)}" for one in relations)
            said = _plain(argument.because).rstrip(".")
            blocks.append(f"**False:** *{_plain(argument.name)}*. Counterexample: {_plain(place)} ({said}).")
        for other in document.claim.corrected_by:
            corrected = available[other]
            blocks.append(
                f"**True instead** (`{other}`, {_plain(corrected.title)}): {_plain(corrected.statement.words)}"
            )
            if corrected.domain.words:
                blocks.append(f"Where: {_plain(corrected.domain.words)}")
    return "\n\n".join(blocks) + "\n"


def _plain(words: str) -> str:
    """Text in which Markdown sees no marks."""
    return "".join("\\" + letter if letter in "\\*_`[]<>|#" else letter for letter in " ".join(words.split()))


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
