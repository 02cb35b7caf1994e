"""The kinds of evidence, one file each, run over every claim that has the face they need."""
