"""Adds `dlt pipeline <name> run` to dlt's command line, and keeps its commands inside SONIC_HOME.

dlt imports this module wherever it starts, so that it must cost nothing: what is needed is
imported by the hook, for the commands on pipelines alone.
"""

import sys

from dlt.common.configuration import plugins

OURS = frozenset({"pipeline", "dashboard"})


@plugins.hookimpl(specname="plug_cli")
def plug_cli_run(host: str) -> type[plugins.SupportsCliCommand] | None:
    """Return the command `run` to `dlt pipeline`; other commands of dlt stay as they are."""
    if host != "dlt" or not OURS.intersection(sys.argv[1:]):
        return None
    from sonic.dlt_run import RunCommand, look_at_the_home

    look_at_the_home()
    return RunCommand
