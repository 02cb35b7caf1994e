"""Sampling: the program people train, run on random inputs in full dimension; knows no formula it could agree with."""
