"""The request quota of one developer account, shared by all threads that ask in its name."""

import random
from threading import Event, Lock
from time import monotonic

JITTER_SECONDS = 0.25  # so that the threads that waited do not all ask at once


class Quota:
    """Open, paused while a rate window is full, or closed for the rest of the run."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._opens_at = 0.0
        self._closed = Event()
        self._reason: Exception | None = None

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more may be asked in this run."""
        return self._closed.is_set()

    def pause(self, seconds: float) -> None:
        """Let nobody ask for some seconds."""
        with self._lock:
            self._opens_at = max(self._opens_at, monotonic() + seconds)

    def close(self, reason: Exception) -> None:
        """Let nobody ask again; whoever waits or tries raises `reason`, the first one given."""
        with self._lock:
            self._reason = self._reason or reason
        self._closed.set()

    def wait(self) -> None:
        """Return once it is open; raise the reason if it is closed."""
        left = self._opens_at - monotonic()
        while left > 0:
            self.sleep(left + random.uniform(0, JITTER_SECONDS))
            left = self._opens_at - monotonic()
        self.sleep(0)

    def sleep(self, seconds: float) -> None:
        """Sleep; raise the reason as soon as it is closed."""
        if self._closed.wait(seconds) and self._reason:
            raise self._reason
