"""Adds `dlt pipeline <name> run` to dlt's command line, and keeps its commands inside SONIC_HOME.

dlt imports this module wherever it starts, so that it must cost nothing: what is needed is
imported by the hook, for the commands on pipelines alone.
"""

import sys

from dlt.common.configuration import plugins

OURS = ("pipeline", "dashboard")


@plugins.hookimpl(specname="plug_cli")
def plug_cli_run(host: str) -> type[plugins.SupportsCliCommand] | None:
    """Return the command `run` to `dlt pipeline`; other commands of dlt stay as they are."""
    if host != "dlt" or _command() not in OURS:
        return None
    from sonic.cli.dlt_run import RunCommand, look_at_the_home

    look_at_the_home()
    return RunCommand


def _command() -> str | None:
    """Return the first word on the command line; before it only switches such as --debug stand."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), None)
