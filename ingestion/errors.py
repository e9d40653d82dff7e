"""Errors that a person can fix; their text is the one line that is shown."""


class InputError(ValueError):
    """A given file or value cannot be used; the text says what, where, and how to fix it."""


class SourceError(RuntimeError):
    """A source or Bronze cannot be reached now; everything captured so far is kept."""
