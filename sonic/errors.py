"""Errors that end a command with one line and an exit code."""


class UserError(Exception):
    """A user's mistake, exit code 2; the text says what is wrong, where, and how to fix it."""


class StageError(Exception):
    """A failed stage, exit code 1; the text says where to look."""
