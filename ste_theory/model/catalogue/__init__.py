"""The surrogates that people train with: one file per family, each entry a formula with its source."""
