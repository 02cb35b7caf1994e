"""Theorems at work in numbers: what one command computes, simulates and says, as data for ``render``."""
