"""What goes wrong, by switch: refusals, outages, broken answers, odd and wrong items.

Chance is a hash. An item of a list is odd or wrong always or never; a call fails or not by who
makes it and how many they made, so a run whose callers make the same calls meets the same faults,
in whatever order they come.
"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict

from simulator.world import ids

OddKind = Literal["removed", "local", "episode"]


@dataclass
class Faults:
    """Switches; rates are shares (0–1) of the calls, or of the listed items.

    Of calls: `rate_429` (with `Retry-After: retry_after_s`, which may be 0), `rate_5xx`,
    `rate_401` (an access token is refused although it is young; never twice before an answer),
    `rate_time_outs` (answered with 504, only after `time_out_s`), `rate_truncated_json` (half of
    the body, as if it were all), `rate_disconnects` (the connection ends half-way in the body).
    Only calls whose path starts with one of `paths` meet them.

    Of items: null, local and episode are for entries of playlists, as Spotify has them nowhere
    else; `rate_wrong_items` is for the items of all of a listener's lists: a field that a reader
    needs is absent or has the wrong type.

    `quota_exceeded` refuses every call of the Web API; `quota_exceeded_calls` does from the call
    on that is one more than so many of a developer account, until the quota is renewed. `revoked`
    holds ids of listeners who took their consent back; authorising again removes them.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # a misspelt switch is refused over HTTP

    rate_429: float = 0.0
    rate_5xx: float = 0.0
    rate_401: float = 0.0
    rate_time_outs: float = 0.0
    rate_truncated_json: float = 0.0
    rate_disconnects: float = 0.0
    rate_null_items: float = 0.0
    rate_local_items: float = 0.0
    rate_episode_items: float = 0.0
    rate_wrong_items: float = 0.0
    quota_exceeded: bool = False
    quota_exceeded_calls: int | None = None
    revoked: set[str] = field(default_factory=set)
    retry_after_s: int = 1
    time_out_s: float = 60.0
    paths: tuple[str, ...] = ("/v1/", "/reccobeats/")

    def of_item(self, *key: object) -> OddKind | None:
        """Say what an entry of a playlist is replaced by; the same one always by the same."""
        chance = ids.fraction("item", *key)
        kinds: tuple[tuple[OddKind, float], ...] = (
            ("removed", self.rate_null_items),
            ("local", self.rate_local_items),
            ("episode", self.rate_episode_items),
        )
        for kind, rate in kinds:
            if chance < rate:
                return kind
            chance -= rate
        return None

    def is_wrong(self, *key: object) -> bool:
        """Say whether an item is told wrong; the same one always or never."""
        return self.rate_wrong_items > 0 and ids.fraction("wrong", *key) < self.rate_wrong_items
