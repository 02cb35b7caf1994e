"""What the changelog and the citation say against the claims and the package themselves."""

import re
import tomllib

from ste_theory.claims import registry
from tests.documentation.pages import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_claim_stands_under_claims_changed() -> None:
    """Would have caught: a claim that no release note mentions, or only among what was added."""
    sections = re.findall(r"^### Claims changed\n(.*?)^##", CHANGELOG, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([^`\s]+)`", "\n".join(sections)))
    # After the first of a list only the end is written: `.relu`, `-descent`, "(`-corrected`)".
    ends = tuple(name for name in named if name[0] in ".-")
    assert [claim for claim in registry.claims() if claim not in named and not claim.endswith(ends)] == []


def test_the_changelog_has_each_heading_once_and_in_order() -> None:
    """Would have caught: two lists of changes in one release, of which a reader sees the first."""
    order = ["Claims changed", "Changed", "Added", "Fixed"]
    for release in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert found == [name for name in order if name in found]


def test_the_citation_has_the_version_of_the_package() -> None:
    """Would have caught: a release that is cited as the one before."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited == [project["version"]]
