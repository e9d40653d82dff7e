"""The page on which a person chooses a listener to sign in as."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from simulator.world import ids
from simulator.world.listeners import Listener

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · simulated Spotify</title>
<style>
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; color: #f4f4f5;
    font: 16px/1.5 system-ui, sans-serif;
    background: radial-gradient(circle at 30% 10%, #24343a, #101114 60%) }}
  main {{ width: min(26rem, 90vw); padding: 2rem; border-radius: 1.25rem; background: #18191ddd;
    box-shadow: 0 1rem 4rem #0008 }}
  h1 {{ margin: 0; font-size: 1.35rem }}
  p {{ margin: .25rem 0 1.25rem; color: #a1a1aa; font-size: .9rem }}
  a {{ display: flex; gap: .9rem; align-items: center; padding: .6rem .75rem; color: inherit;
    border-radius: .75rem; text-decoration: none }}
  a:hover, a:focus-visible {{ background: #2a2c32; outline: none }}
  a small {{ display: block; color: #a1a1aa }}
  i {{ flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid;
    place-items: center; color: #101114; font: 600 1rem system-ui }}
  .cancel {{ justify-content: center; margin-top: 1rem; color: #a1a1aa; font-size: .9rem }}
</style>
<main>
  <h1>Who is listening?</h1>
  <p>An app requests <b>{scope}</b>. This is a simulation: choose a listener to sign in as.</p>
  {people}
  <a class="cancel" href="{cancel}">Cancel</a>
</main>
</html>
"""
_PERSON = """<a href="{link}"><i style="background: hsl({hue} 60% 65%)">{initial}</i>
  <span>{name}<small>{zone} · {taste}</small></span></a>"""


def consent_page(listeners: Iterable[Listener], query: Mapping[str, str]) -> str:
    """Render the page as HTML; each choice repeats the request with an answer added."""
    people = [
        _PERSON.format(
            link=_link(query, listener=listener.user_id),
            hue=int(360 * ids.fraction("hue", listener.user_id)),
            initial=escape((listener.display_name or "?")[0]),
            name=escape(listener.display_name or listener.user_id),
            zone=escape(listener.time_zone.replace("_", " ")),
            taste=escape(listener.taste.name),
        )
        for listener in listeners
    ]
    scope = escape(", ".join(query.get("scope", "").split()) or "your public profile")
    cancel = _link(query, decision="deny")
    return _PAGE.format(scope=scope, people="\n  ".join(people), cancel=cancel)


def _link(query: Mapping[str, str], **answer: str) -> str:
    return escape(f"/authorize?{urlencode({**query, **answer})}")
