"""Put the table of a real run into README.md: run by ``make readme``, so that nobody types a verdict."""

import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
START, END = "<!-- table: made by `make readme` -->", "<!-- end of table -->"


def main() -> None:
    """Run the main job with a fixed seed and replace what stands between the two marks."""
    command = [sys.executable, "-P", "-m", "ste_theory", "verify", "--level", "standard", "--seed", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"not every verdict is the documented one (exit {run.returncode}):\n{run.stdout}{run.stderr}")
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START)
    _, after = rest.split(END)
    README.write_text(f"{before}{START}\n```text\n{run.stdout.rstrip()}\n```\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
