"""Samplers: ways to draw whose expectation is that of the program, each by a claim it names."""
