"""The command line: one file per command, the experiments in a folder. Heavy imports stand inside the commands:
``--help`` answers at once.
"""
