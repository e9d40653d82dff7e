"""The demo: the simulator instead of Spotify and ReccoBeats, over real HTTP."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from pydantic import SecretStr

from ingestion.kaggle import files
from oauth.spotify import PkcePair, SpotifyAuth
from oauth.tokens import App, Connection
from simulator import Simulator, SimulatorConfig
from sonic.errors import UserError
from sonic.job.context import Job
from sonic.settings import KAGGLE, Settings, SpotifyApp

LISTENERS_PER_APP = 5
LONGEST_HISTORY = timedelta(days=5 * 365)
REDIRECT_URI = "http://127.0.0.1:8000/callback"


@contextmanager
def simulated(
    settings: Settings, as_of: datetime, listeners: int, playlists: Path | None
) -> Iterator[Simulator]:
    """Run the simulator during the block.

    Args:
        settings: Give the seed and the catalogue.
        as_of: The simulator's clock.
        listeners: The number of listeners.
        playlists: A CSV of playlists whose tastes the listeners get, or None.

    Raises:
        InputError: The catalogue cannot be used.
        UserError: The playlists cannot be used, or `as_of` is outside the demo's history.
    """
    config = SimulatorConfig(
        seed=settings.demo_seed,
        listeners=listeners,
        as_of=as_of,
        playlists_path=playlists,
    )
    first, last = config.history_start, config.history_start + LONGEST_HISTORY
    if not first <= as_of.date() <= last:
        raise UserError(
            f"--as-of {as_of:%Y-%m-%d}: the demo's history goes from {first} to {last}."
        )
    with tempfile.TemporaryDirectory() as folder:
        given = settings.catalogue if settings.catalogue != KAGGLE else None
        catalogue = files.as_csv(given, Path(folder)) if given else None
        try:
            simulator = Simulator(replace(config, catalogue_path=catalogue))
        except (ValueError, OSError) as error:
            # The catalogue was checked to its last row, so it is the playlists.
            text = str(error)
            named = text if str(playlists) in text else f"{playlists}: {text}"
            raise UserError(named.splitlines()[0]) from None
    with simulator:
        yield simulator


def pointed_at(settings: Settings, simulator: Simulator) -> Settings:
    """Return the settings with the simulator's addresses, apps and catalogue.

    Args:
        settings: The demo's settings; without a catalogue, one is written under their home.
        simulator: The running simulator.
    """
    catalogue = settings.catalogue
    if catalogue is None:
        catalogue = settings.home / "demo" / "demo_tracks.csv"
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        simulator.catalogue.write_csv(catalogue)
    apps = [
        SpotifyApp(
            client_id=app.client_id, client_secret=SecretStr(app.client_secret), account=app.account
        )
        for app in simulator.apps
    ]
    return settings.model_copy(
        update={
            "spotify_apps": apps,
            "spotify_api_url": f"{simulator.url}/v1",
            "spotify_accounts_url": simulator.url,
            "spotify_redirect_uri": REDIRECT_URI,
            "reccobeats_url": f"{simulator.url}/reccobeats",
            "catalogue": catalogue,
        }
    )


def sign_in_all(job: Job, simulator: Simulator) -> str:
    """Sign in each simulated listener by the requests that a person's browser would make."""
    usable = {each.user_id for each in job.connections() if each.is_usable(job.as_of)}
    new = [each for each in simulator.listeners if each.user_id not in usable]
    apps = list(job.apps.values())
    for listener in new:
        seat = simulator.listeners.index(listener) // LISTENERS_PER_APP
        _sign_in(job, apps[seat], listener.user_id, listener.time_zone)
    return f"{len(new)} signed in now, {len(simulator.listeners) - len(new)} before"


def _sign_in(job: Job, app: App, user_id: str, time_zone: str) -> None:
    settings = job.settings
    auth = SpotifyAuth(settings.spotify_accounts_url, app, settings.spotify_redirect_uri)
    pkce = PkcePair.make()
    consent = requests.get(
        auth.authorize_url(state=user_id, challenge=pkce.challenge),
        params={"listener": user_id},  # the simulator's parameter: who clicks "Agree"
        allow_redirects=False,
        timeout=10,
    )
    answer = parse_qs(urlsplit(consent.headers["Location"]).query)
    grant = auth.exchange(answer["code"][0], pkce.verifier)
    profile = requests.get(
        f"{settings.spotify_api_url}/me",
        headers={"Authorization": f"Bearer {grant.access_token}"},
        timeout=10,
    ).json()
    assert grant.refresh_token is not None
    job.store.save(
        Connection(
            user_id=profile["id"],
            display_name=profile["display_name"],
            time_zone=time_zone,
            client_id=app.client_id,
            connected_at=job.as_of,
            refresh_token=grant.refresh_token,
        )
    )
