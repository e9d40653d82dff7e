"""Switches for faults: refused calls, outages, broken answers, odd and invalid items.

Chance is a hash, so faults are repeatable. An item is odd or invalid always or never. Whether a
call fails depends on its caller and the caller's number of calls, not on the calls of others.
"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict

from simulator.world import ids

OddKind = Literal["removed", "local", "episode"]


@dataclass
class Faults:
    """Switches; rates are shares (0–1) of the calls, or of the listed items.

    Args:
        rate_429: Calls answered with 429 and `Retry-After: retry_after_s`.
        rate_5xx: Calls answered with 500, 502 or 503.
        rate_401: Calls whose valid access token is refused; never twice before an answer.
        rate_time_outs: Calls answered with 504, after `time_out_s`.
        rate_truncated_json: Calls that return half of the body, as if it were complete.
        rate_disconnects: Calls whose connection ends in the middle of the body.
        rate_null_items: Playlist entries that are null.
        rate_local_items: Playlist entries that are local files.
        rate_episode_items: Playlist entries that are episodes.
        rate_wrong_items: Items of all of a listener's lists with an invalid field: it is absent or
            has the wrong type.
        quota_exceeded: Whether every call of the Web API is refused.
        quota_exceeded_calls: The number of calls after which a developer account is refused,
            until the quota is renewed; None for no limit.
        revoked: Ids of listeners who revoked their consent; a new consent removes them.
        retry_after_s: In seconds; may be 0.
        time_out_s: In seconds.
        paths: Only calls whose path starts with one of these can fail.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # over HTTP a misspelt switch is an error

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
        """Return what a playlist entry is replaced by; the same one always by the same."""
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
        """Whether the API returns an item with an invalid field; the same one always or never."""
        return self.rate_wrong_items > 0 and ids.fraction("wrong", *key) < self.rate_wrong_items
