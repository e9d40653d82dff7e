"""Runs the simulator alone: `python -m simulator`."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from simulator.api.server import Simulator
from simulator.api.shapes import Age
from simulator.api.state import SimulatorConfig


def main(arguments: list[str] | None = None) -> None:
    """Print the address, the apps and the listeners, and serve until interrupted."""
    config = SimulatorConfig(**_parse(arguments))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Simulator(config) as simulator:
            sys.stdout.write(_welcome(simulator))
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    except ValueError as error:
        raise SystemExit(str(error)) from error


def _welcome(simulator: Simulator) -> str:
    lines = [
        f"Simulated Spotify and ReccoBeats at {simulator.url}",
        f"{len(simulator.catalogue):,} tracks, as of {simulator.clock:%Y-%m-%d %H:%M} UTC",
    ]
    lines += [f"app       {app.client_id}  secret {app.client_secret}" for app in simulator.apps]
    for listener in simulator.listeners:
        name = listener.display_name or "(no name)"
        lines.append(f"listener  {listener.user_id}  {name}, {listener.time_zone}")
    return "\n".join([*lines, "Control it under /_simulator, stop it with Ctrl-C.", ""])


def _parse(arguments: list[str] | None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A local stand-in for Spotify's and ReccoBeats' web APIs.",
        argument_default=argparse.SUPPRESS,
    )
    option = parser.add_argument
    option("--seed", type=int, help="random seed (default 7)")
    option("--listeners", type=int, help="how many listeners (default 5)")
    option("--apps", type=int, help="how many apps are registered (default: one per 5 listeners)")
    option("--as-of", type=_instant, help="simulated time, e.g. 2026-11-22T20:00Z")
    option("--catalogue", dest="catalogue_path", type=Path, help="tracks, in the Kaggle layout")
    option("--catalogue-size", type=int, help="how many tracks to generate (default 20000)")
    option("--playlists", dest="playlists_path", type=Path, help="playlists to use as tastes")
    option("--shapes", choices=get_args(Age), help="the API of new apps, of older apps, or both")
    option("--reccobeats-shape", choices=("content", "array"), help="an object or a bare array")
    option("--redirect-uri", dest="redirect_uris", action="append", help="may be repeated")
    option("--latency-ms", type=float, help="delay of every answer")
    option("--rate-limit", type=int, help="calls per 30 seconds and developer account")
    option("--port", type=int, help="loopback port (default: a free one)")
    return vars(parser.parse_args(arguments))


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
