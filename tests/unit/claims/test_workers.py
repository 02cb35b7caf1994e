"""Who of several workers is given which claim."""

from multiprocessing import Pipe

from ste_theory.claims.workers import _assign

SHARES = {
    "a.one": frozenset({"p"}),
    "a.two": frozenset({"q"}),
    "a.three": frozenset({"q", "p"}),
    "a.four": frozenset({"r"}),
}


def assigned(waiting: list[str], own: set[str], others: set[str]) -> str:
    """The claim that a worker is sent; it must be the one that is returned."""
    ours, theirs = Pipe()
    claim_id = _assign(ours, waiting, SHARES, {*own}, {*others})
    assert theirs.recv() == claim_id
    assert claim_id not in waiting
    return claim_id


def test_a_worker_goes_on_with_what_it_has_begun() -> None:
    """Would have caught: the same simulation in two processes although one of them had it already."""
    assert assigned(list(SHARES), set(), set()) == "a.one"
    assert assigned(["a.two", "a.three", "a.four"], {"p"}, {"r"}) == "a.three"
    assert assigned(["a.one", "a.two", "a.four"], {"r"}, {"p", "q"}) == "a.four"


def test_what_another_worker_has_begun_comes_last_but_comes() -> None:
    """Would have caught: a claim that nobody takes because all its work is somebody else's."""
    assert assigned(["a.one", "a.four"], set(), {"p"}) == "a.four"
    assert assigned(["a.one"], set(), {"p"}) == "a.one"
