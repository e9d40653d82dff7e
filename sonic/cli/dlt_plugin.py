"""Adds `dlt pipeline <name> run` to dlt's command line, and keeps its commands inside SONIC_HOME.

dlt imports this module at every start, so it must cost nothing: the hook imports what it needs,
and only for commands on pipelines.
"""

import sys

from dlt.common.configuration import plugins

OURS = ("pipeline", "dashboard")


@plugins.hookimpl(specname="plug_cli")
def plug_cli_run(host: str) -> type[plugins.SupportsCliCommand] | None:
    """Add the command `run` to `dlt pipeline`; other commands of dlt stay as they are."""
    if host != "dlt" or _command() not in OURS:
        return None
    from sonic.cli.dlt_run import RunCommand, use_home

    use_home()
    return RunCommand


def _command() -> str | None:
    """Return the first word on the command line, after switches such as --debug."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), None)
