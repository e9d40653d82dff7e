"""`sonic evaluate`: how well recommendations do on playlists that no model has seen."""

import json
import sys

from rich.console import Console

from sonic.evaluation.evaluation import EvaluationRun
from sonic.evaluation.report import show, to_dict
from sonic.home import opened
from sonic.settings import Settings
from sonic.steps import Steps


def evaluate(settings: Settings, run: EvaluationRun, as_json: bool) -> None:
    """Judge and print the tables or, with `as_json`, JSON alone; progress is then on stderr."""
    console = Console(stderr=as_json)
    steps = Steps(console)
    steps.run("Read the files", run.read)
    with opened(settings.home):
        steps.run("Train and judge", run.judge)
        folder = settings.home / "evaluation"
        steps.run("Draw the reliability", lambda _: run.draw(folder))
    if as_json:
        sys.stdout.write(json.dumps(to_dict(run), indent=2) + "\n")
    else:
        show(run, console)
