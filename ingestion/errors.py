"""Errors that a person can mend; their text is the one line that is shown."""


class InputError(ValueError):
    """A file or value that somebody gave cannot be used: what, where, and how to mend it."""


class SourceError(RuntimeError):
    """A source cannot be read now; what was captured so far is kept."""
