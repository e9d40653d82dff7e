"""What a person did that cannot work, in one line."""


class UserError(Exception):
    """Ends the command with exit code 2; the text says what, where, and how to mend it."""


class StageError(Exception):
    """A stage failed; ends the command with exit code 1. The text names where to look."""
