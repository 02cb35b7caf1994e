"""Files that are whole or not there."""

import os
import secrets
import shutil
from pathlib import Path

from ste_theory.model.errors import InvalidInput


def check_writable(path: Path) -> None:
    """Raise the ``OSError`` now that writing ``path`` would raise after the work is done. Leaves nothing behind."""
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(21, "is a folder, name a file in it", str(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(2, f"there is no folder {path.parent}; make it first", str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "is write-protected, name another file", str(path))
    if target.exists() and not target.is_file():
        return  # a pipe or a device
    probe = _beside(target)
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    probe.unlink()


def check_new(path: Path, resumed: Path | None = None) -> None:
    """Raise ``InvalidInput`` for a file that is there, which saving would destroy, unless it is the one ``resumed``."""
    if path.exists() and (resumed is None or path.resolve() != resumed.resolve()):
        raise InvalidInput(f"{path} exists; name another file, or go on with --resume {path}")


def make_folder(path: Path) -> None:
    """Make the folder and those above it. Raises ``OSError`` if no file can be written in it."""
    if path.exists() and not path.is_dir():
        raise NotADirectoryError(20, "is a file, name a folder", str(path))
    path.mkdir(parents=True, exist_ok=True)
    try:
        check_writable(path / secrets.token_hex(8))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_text(path: Path, text: str) -> None:
    """Write ``text`` so that a reader sees the old file or the whole new one; a pipe or device is written as it is."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8")
        return
    draft = _beside(target)
    try:
        with draft.open("x", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
