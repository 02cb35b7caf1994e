"""The formats of ``export``: for each, which files it makes of which claims."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ste_theory import __version__
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.report import Report
    from ste_theory.claims.shown import ShownDocument
    from ste_theory.exchange.functions import Function

Progress = Callable[[str], None]
# The modules that hold all functions.
MODULE = "ste_formulas"


@dataclass(frozen=True)
class Exported:
    """Files by name, the one to open first, what was left out, one line each, and how many claims it has nothing of."""

    files: Mapping[str, str]
    main: str
    left_out: tuple[str, ...] = ()
    without: int = 0


def export(
    form: str,
    chosen: "Sequence[Claim]",
    available: "Mapping[str, Claim]",
    progress: Progress,
    *,
    report: "Report | None" = None,
) -> Exported:
    """The files of a format, in LaTeX with the numbers of a run's ``report``.

    Raises ``InvalidInput`` where nothing of the claims can be written in it, and for a report of other claims.
    """
    if report is not None:
        check_results(form, chosen, available, report)
        return _latex(chosen, available, progress, report)
    return FORMATS[form](chosen, available, progress)


def _documents(
    chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress
) -> "list[ShownDocument]":
    from ste_theory.claims.presentation import shown_document

    return [shown_document(claim, progress=progress, available=available) for claim in chosen]


def check_results(form: str, chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", report: "Report") -> None:
    """Raise ``InvalidInput`` unless the format is LaTeX and the report has every chosen claim as it is stated here."""
    from ste_theory.claims.stored import check_claims

    if form != "latex":
        raise InvalidInput(f"--results adds macros to --format latex; {form} has none")
    check_claims(report, available, "results")
    known = {claim.id for claim in report.claims}
    lacking = [claim.id for claim in chosen if claim.id not in known]
    if lacking:
        raise InvalidInput(f"results: nothing about {lacking[0]}; it has {len(known)} of the claims")


def _latex(
    chosen: "Sequence[Claim]",
    available: "Mapping[str, Claim]",
    progress: Progress,
    report: "Report | None" = None,
) -> Exported:
    from ste_theory.claims.example import example
    from ste_theory.claims.legend import whole_legend
    from ste_theory.render.latex import article, fragment
    from ste_theory.render.latex_results import legend, results

    documents = _documents(chosen, available, progress)
    files = {}
    for claim, document in zip(chosen, documents, strict=True):
        run = report.claim(claim.id) if report is not None else None
        found = results(report, run) if report is not None and run is not None else None
        about = legend(run) if run is not None else ()
        files[f"{claim.id}.tex"] = fragment(document, example(claim), found=found, about=about)
    return Exported({**files, "article.tex": article(documents, whole_legend())}, "article.tex")


def _markdown(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.render.markdown import index, page

    documents = _documents(chosen, available, progress)
    exported = [document.claim.id for document in documents]
    files = {f"{document.claim.id}.md": page(document, exported) for document in documents}
    return Exported({**files, "index.md": index(documents)}, "index.md")


def _html(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.render.web_page import index, page

    documents = _documents(chosen, available, progress)
    exported = [document.claim.id for document in documents]
    files = {f"{document.claim.id}.html": page(document, exported) for document in documents}
    return Exported({**files, "index.html": index(documents)}, "index.html")


def _json(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.exchange.exact import exact, to_json
    from ste_theory.render.json_text import dumps

    claims = []
    for claim in chosen:
        progress(f"{claim.id}: exact formulas")
        claims.append(exact(claim))
    left_out = tuple(f"{claim.id}: {line}" for claim in claims for line in claim.left_out)
    return Exported({"claims.json": dumps(to_json(tuple(claims), version=__version__))}, "claims.json", left_out)


def _notebook(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.exchange.argued import argued
    from ste_theory.exchange.exact import exact

    try:
        import nbformat  # noqa: F401 - asked for before the work
    except ImportError:
        raise InvalidInput("notebooks need nbformat: pip install 'ste-theory[report]'") from None
    from ste_theory.render.derivation_notebook import notebook

    files, left_out = {}, list[str]()
    for claim, document in zip(chosen, _documents(chosen, available, progress), strict=True):
        stated = exact(claim)
        left_out += [f"{claim.id}: {line}" for line in stated.left_out]
        sentences = argued(claim, progress=progress)
        files[f"{claim.id}.ipynb"] = notebook(document, stated, sentences, version=__version__)
    return Exported(files, next(iter(files)), tuple(left_out))


def _lean(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.exchange.exact import exact
    from ste_theory.render.lean import source

    claims = []
    for claim in chosen:
        progress(f"{claim.id}: exact formulas")
        claims.append(exact(claim, derivation=False))
    text, left_out = source(claims, version=__version__)
    return Exported({"SteTheory.lean": text}, "SteTheory.lean", left_out)


def _functions(chosen: "Sequence[Claim]", progress: Progress) -> "tuple[list[Function], tuple[str, ...], int]":
    """The functions of the claims, what is left out of them, and how many claims have none."""
    from ste_theory.exchange.functions import functions

    found: list[Function] = []
    left_out: list[str] = []
    none = 0
    for claim in chosen:
        made, without = functions(claim, progress=progress)
        found += made
        left_out += without
        none += not made
    if not found:
        more = f", and {len(chosen) - 1} more" if len(chosen) > 1 else ""
        raise InvalidInput(f"no formula of these claims is explicit ({left_out[0]}{more})")
    return found, tuple(left_out), none


def _python(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.render.python_module import module

    found, left_out, none = _functions(chosen, progress)
    text = module(found, left_out, version=__version__, name=MODULE)
    return Exported({f"{MODULE}.py": text}, f"{MODULE}.py", left_out, none)


def _c(chosen: "Sequence[Claim]", available: "Mapping[str, Claim]", progress: Progress) -> Exported:
    from ste_theory.render.c_module import files

    found, left_out, none = _functions(chosen, progress)
    return Exported(files(found, left_out, version=__version__, name=MODULE), f"{MODULE}.h", left_out, none)


FORMATS: Mapping[str, "Callable[[Sequence[Claim], Mapping[str, Claim], Progress], Exported]"] = {
    "latex": _latex,
    "markdown": _markdown,
    "html": _html,
    "notebook": _notebook,
    "python": _python,
    "c": _c,
    "lean": _lean,
    "json": _json,
}
