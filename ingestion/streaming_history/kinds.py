"""The kinds of history files, told apart by what stands in them and by their names."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a history file is: the full history, its older form, or that of the account data."""

    EXTENDED_AUDIO = "extended_audio"
    EXTENDED_VIDEO = "extended_video"
    ENDSONG = "endsong"
    ACCOUNT_MUSIC = "account_music"
    ACCOUNT_PODCAST = "account_podcast"
    ACCOUNT_AUDIOBOOK = "account_audiobook"

    @property
    def family(self) -> str:
        """Return `extended` or `account`: within one, a play is written in one way."""
        return "account" if self.startswith("account") else "extended"


HEAD_BYTES = 16_384
_NAMES = {
    Kind.EXTENDED_AUDIO: r"streaming_history_audio",
    Kind.EXTENDED_VIDEO: r"streaming_history_video",
    Kind.ENDSONG: r"endsong",
    Kind.ACCOUNT_PODCAST: r"streaminghistory_podcast",
    Kind.ACCOUNT_AUDIOBOOK: r"streaminghistory_audiobook",
    Kind.ACCOUNT_MUSIC: r"streaminghistory(_music)?",
}
_PATTERNS = [
    (kind, re.compile(rf"{name}[_ \d-].*\.json|{name}\.json")) for kind, name in _NAMES.items()
]
_EXTENDED = (b'"ts"', b'"ms_played"')
_ACCOUNT = (b'"endTime"', b'"msPlayed"')
_ACCOUNT_KEYS = {
    b'"podcastName"': Kind.ACCOUNT_PODCAST,
    b'"audiobookName"': Kind.ACCOUNT_AUDIOBOOK,
}


def kind_of(name: str, head: bytes) -> Kind | None:
    """Tell the kind of a file from its name and its first bytes; None for anything else.

    What stands in the file outweighs its name. A file that is empty or damaged is what its name
    says, so that it can be reported.
    """
    named = next((kind for kind, each in _PATTERNS if each.fullmatch(name.lower())), None)
    if all(key in head for key in _EXTENDED):
        return named if named and named.family == "extended" else Kind.EXTENDED_AUDIO
    if all(key in head for key in _ACCOUNT):
        return next(
            (kind for key, kind in _ACCOUNT_KEYS.items() if key in head), Kind.ACCOUNT_MUSIC
        )
    return named
