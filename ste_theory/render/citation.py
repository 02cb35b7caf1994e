"""The answer of ``cite``: BibTeX entries, as in ``CITATION.cff``."""

from collections.abc import Mapping

from ste_theory.render.page import wrapped

TITLE = "ste_theory: what is true about straight-through estimators, settled with evidence"
AUTHORS = "{The ste\\_theory authors}"

# First words of a claim's source → the entry of the paper.
PAPERS: Mapping[str, str] = {
    "Yin et al. 2019": """@inproceedings{yin2019understanding,
  title     = {Understanding Straight-Through Estimator in Training Activation Quantized Neural Nets},
  author    = {Yin, Penghang and Lyu, Jiancheng and Zhang, Shuai and Osher, Stanley and Qi, Yingyong and Xin, Jack},
  booktitle = {International Conference on Learning Representations (ICLR)},
  year      = {2019}
}
""",
    "Long": """@article{long2021learning,
  title  = {Learning Quantized Neural Nets by Coarse Gradient Method for Non-linear Classification},
  author = {Long, Ziang and Yin, Penghang and Xin, Jack},
  year   = {2021}
}
""",
}


def render(environment: Mapping[str, str], about: tuple[str, str, str] | None = None) -> str:
    """The entry of the software in its version, and for a claim (id, source, remark) that of its paper."""
    version = environment["ste-theory"]
    commit = f"  note    = {{commit {environment['commit']}}},\n" if "commit" in environment else ""
    title = TITLE.replace("_", "\\_")
    own = f"@software{{ste_theory,\n  title   = {{{title}}},\n  author  = {AUTHORS},\n  version = {{{version}}},\n"
    entries = [own + commit + "  license = {MIT}\n}\n"]
    if about is None:
        return "\n".join([*entries, *PAPERS.values()])
    claim_id, source, remark = about
    entries += [entry for words, entry in PAPERS.items() if words in f"{source} {remark}"]
    said = wrapped(f"% {claim_id}: {source}" + (f" ({remark})" if remark else ""), 0)
    return "\n".join(["\n% ".join(said), *entries])
