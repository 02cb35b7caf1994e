"""The machine and the libraries that a figure belongs to."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "torch", "jax", "qmcpy", "vegas")


def machine() -> dict[str, str]:
    """Processor, caches, memory and load, as the system says them; what it does not say is left out."""
    found = {"processor": _processor(), "cores": str(os.cpu_count()), "system": platform.system()}
    for level in ("L1d", "L2", "L3"):
        if size := _cache(level):
            found[f"{level} cache"] = size
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found["memory"] = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    found["Python"] = platform.python_version()
    if hasattr(os, "getloadavg"):
        found["load at the start"] = f"{os.getloadavg()[0]:.1f}"
    return found


def libraries() -> dict[str, str]:
    """Versions of what is installed here."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def differences(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    """What is not the same, load apart: ratios move with the machine and the versions."""
    names = [name for name in {**then, **now} if not name.startswith("load")]
    return [
        f"{name}: {now.get(name, 'none')}, was {then.get(name, 'none')}"
        for name in names
        if now.get(name) != then.get(name)
    ]


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        fields = [line.split(":", 1) for line in cpuinfo.read_text().splitlines() if ":" in line]
        known = {key.strip(): value.strip() for key, value in reversed(fields)}
        if "model name" in known:
            parts = [f"{key} {known[key]}" for key in ("cpu family", "model") if key in known]
            return f"{known['model name']} ({', '.join(parts)})"
    return platform.processor() or platform.machine()


def _cache(level: str) -> str | None:
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind = (index / "type").read_text().strip()
        if f"L{(index / 'level').read_text().strip()}{'d' if kind == 'Data' else ''}" == level:
            return (index / "size").read_text().strip()
    return None
