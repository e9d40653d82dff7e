"""The request quota of one developer account, shared by all threads that call for it."""

import random
from threading import Event, Lock
from time import monotonic

JITTER_SECONDS = 0.25  # so that waiting threads do not all call at the same instant


class Quota:
    """Open, paused while a rate window is full, or closed for the rest of the run.

    Threads call `wait` before each request.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._opens_at = 0.0
        self._closed = Event()
        self._reason: Exception | None = None

    @property
    def is_closed(self) -> bool:
        """Whether no more calls are allowed in this run."""
        return self._closed.is_set()

    def pause(self, seconds: float) -> None:
        """Hold all calls back for some seconds."""
        with self._lock:
            self._opens_at = max(self._opens_at, monotonic() + seconds)

    def close(self, reason: Exception) -> None:
        """Stop all calls for good; threads that wait or try raise the first `reason` given."""
        with self._lock:
            self._reason = self._reason or reason
        self._closed.set()

    def wait(self) -> None:
        """Return as soon as the quota is open; raise the reason if it is closed."""
        left = self._opens_at - monotonic()
        while left > 0:
            self.sleep(left + random.uniform(0, JITTER_SECONDS))
            left = self._opens_at - monotonic()
        self.sleep(0)

    def sleep(self, seconds: float) -> None:
        """Sleep; raise the reason as soon as the quota is closed."""
        if self._closed.wait(seconds) and self._reason:
            raise self._reason
