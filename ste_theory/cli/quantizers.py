"""``ste-theory quantizers``."""

import shutil
import sys
import textwrap

import click


@click.command()
@click.argument("specification", required=False)
def quantizers(specification: str | None) -> None:
    """List the families of quantizers and how they are specified, or show one SPECIFICATION.

    Numbers are decimals or fractions: ternary(1/2), uniform_relu(2, rounding=round), staircase([0, 1.5], [1, 1]).
    """
    from ste_theory.model.specification import FAMILIES, parse_quantizer

    width = max(shutil.get_terminal_size().columns, 40)
    if specification is None:
        for family in FAMILIES:
            sys.stdout.write(family.syntax + "\n")
            sys.stdout.write(
                textwrap.fill(family.meaning, width, initial_indent="    ", subsequent_indent="    ") + "\n"
            )
        return
    quantizer = parse_quantizer(specification)
    level = quantizer.offset
    rows = [f"{level} below {quantizer.thresholds[0]}"]
    for threshold, height in zip(quantizer.thresholds, quantizer.heights, strict=True):
        level += height
        rows.append(f"{level} above {threshold}")
    sys.stdout.write("\n".join(rows) + "\n")
