"""Statements of this project, for any staircase quantizer and any surrogate derivative unless they say otherwise."""
