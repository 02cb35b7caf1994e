"""What all benchmarks share: timing in turns, rows of figures, machine, stored baseline, tables and pictures."""
