"""What a clone carries must hold on any machine: no registry's host, no path of the machine it was written on."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Joined here, so that this file does not hold them.
HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("golang", "org"),
        ("download", "pytorch", "org"),
    ]
]
FORBIDDEN = re.compile(
    "|".join(re.escape(host) for host in HOSTS)
    # A folder of somebody's machine at the beginning of a path.
    + r"|(?<![\w.~/-])/(?:work|root|home|Users|tmp/dev|opt/pypi|opt/wheels)(?:/|\b)",
    re.IGNORECASE,
)


def tracked_texts() -> list[Path]:
    """The tracked files that are text and still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()]


def test_no_tracked_text_names_a_registry_or_a_machine_path() -> None:
    """Would have caught: a lock file with an index address in it, a path pasted from a terminal."""
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for file in tracked_texts()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert not found, "\n".join(found)


def test_the_search_finds_what_it_looks_for() -> None:
    """Would have caught: a pattern that matches nothing, or a list of files that is empty."""
    for host in HOSTS:
        assert FORBIDDEN.search(f"--index-url https://{host}/simple")
    for folder in ("work", "root", "home", "tmp/dev"):
        assert FORBIDDEN.search(f"see /{folder}/main/notes.txt")
        assert FORBIDDEN.search(f'open("/{folder}/x")')
    assert not FORBIDDEN.search("make verify works in ./work/main, docs/root/index and tests/home/x")
    assert {"pyproject.toml", "requirements.lock"} <= {str(file.relative_to(ROOT)) for file in tracked_texts()}
