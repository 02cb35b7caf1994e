"""Errors as one line: what was wrong, where, what to do."""

import click

USAGE, DEFECT, INTERRUPTED, PIPE = 2, 70, 130, 141


def explain(error: Exception) -> str:
    """The line for an error that the user can repair."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        said = error.format_message().rstrip()
        stop = "" if said.endswith((".", "?", "!")) else "."
        return _line(f"{said}{stop} See `{error.ctx.command_path} --help`.")
    if isinstance(error, click.ClickException):
        return _line(error.format_message())
    if isinstance(error, OSError) and error.filename is not None:
        return _line(f"{error.filename}: {error.strerror}")
    return _line(str(error))


def explain_defect(error: Exception, variable: str) -> str:
    """The line for an error that only we can repair."""
    return _line(
        f"{type(error).__name__}: {error}: this is a defect of ste-theory; rerun with {variable}=1 and report it"
    )


def _line(text: str) -> str:
    return "ste-theory: " + " ".join(text.split())
