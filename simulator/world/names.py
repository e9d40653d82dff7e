"""Generates names of artists, songs, albums, playlists and people from the patterns in `words`."""

import random
import re
from collections.abc import Callable, Sequence

from simulator.world.words import ALBUMS, ARTISTS, PLAYLISTS, TITLES, WORDS

_KEYS = ["C", "C-sharp", "D", "E-flat", "E", "F", "F-sharp", "G", "A-flat", "A", "B-flat", "B"]
_SLOT = re.compile("|".join(sorted([*WORDS, "KEY"], key=len, reverse=True)))
_ARTICLE = re.compile(r"\b([Aa]) (?=[AEIOU])")


class Namer:
    """Fills patterns from one random stream and avoids repetition.

    After some attempts it repeats a name, so that a catalogue may be larger than the word lists.
    """

    def __init__(self, random_stream: random.Random) -> None:
        self._random = random_stream
        self._seen: set[tuple[str, str]] = set()

    def artist(self, kinds: Sequence[str]) -> str:
        """Make up an artist of one of the kinds."""
        return self._fresh("artist", lambda: self._fill(ARTISTS[self._random.choice(kinds)]))

    def title(self, kind: str, key: int, mode: int) -> str:
        """Make up a song title; a classical one contains the musical key of the recording."""
        name = f"{_KEYS[key]} {'Major' if mode else 'Minor'}"
        return self._fresh("title", lambda: self._fill(TITLES[kind], key=name))

    def album(self) -> str:
        """Make up an album title."""
        return self._fresh("album", lambda: self._fill(ALBUMS))

    def playlist(self) -> str:
        """Make up a playlist's name."""
        return self._fresh("playlist", lambda: self._fill(PLAYLISTS))

    def person(self) -> str:
        """Make up a person's name."""
        return self._fresh("person", lambda: self._fill(["FIRST LAST"]))

    def _fresh(self, kind: str, generate: Callable[[], str]) -> str:
        for _ in range(12):
            name = generate()
            if (kind, name) not in self._seen:
                break
        self._seen.add((kind, name))
        return name

    def _fill(self, patterns: Sequence[str], key: str = "") -> str:
        used: set[str] = set()

        def word(slot: re.Match[str]) -> str:
            if slot[0] == "KEY":
                return key
            choice = self._random.choice(WORDS[slot[0]])
            while choice in used:  # "Rivers & Rivers"
                choice = self._random.choice(WORDS[slot[0]])
            used.add(choice)
            return choice.replace("_", " ")

        return _ARTICLE.sub(r"\1n ", _SLOT.sub(word, self._random.choice(patterns)))
