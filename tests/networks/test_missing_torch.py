"""Without the extra: one line that says what to install."""

import sys

import pytest

import ste_theory as st
from ste_theory.cli.main import main


def test_reading_without_torch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a ModuleNotFoundError that reaches the user, or one that names no remedy."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(st.SteTheoryError) as caught:
        st.surrogates.from_torch(abs)
    assert str(caught.value) == 'reading a backward pass needs PyTorch: pip install "ste-theory[torch]"'


def test_a_command_without_torch_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Would have caught a missing extra reported as a defect of this program (exit code 70)."""
    from ste_theory.cli import env
    from ste_theory.networks import extra

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(env.env, "callback", lambda *_, **__: extra.torch())
    assert main(["env"]) == 2
    error = capsys.readouterr().err
    assert error == 'ste-theory: reading a backward pass needs PyTorch: pip install "ste-theory[torch]"\n'
