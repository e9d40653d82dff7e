"""`sonic evaluate`: how good the recommendations are, on playlists that no model has seen."""

import json
import sys

from rich.console import Console

from sonic.evaluation.evaluation import EvaluationRun
from sonic.evaluation.report import show, to_dict
from sonic.home import opened
from sonic.settings import Settings
from sonic.steps import Steps


def evaluate(settings: Settings, run: EvaluationRun, as_json: bool) -> None:
    """Evaluate the recommendations and print the result.

    Args:
        settings: Their home keeps the reliability plot; nothing is written for bad files.
        run: The files and options.
        as_json: Print JSON instead of tables, with the progress on stderr.

    Raises:
        InputError: The catalogue cannot be used.
        UserError: A file of playlists cannot be used, or has too few listeners.
    """
    console = Console(stderr=as_json)
    steps = Steps(console)
    folder = settings.home / "evaluation"
    steps.run("Read the files", lambda _: run.read(folder))
    with opened(settings.home):
        steps.run("Train and evaluate", run.evaluate)
        steps.run("Draw the reliability", lambda _: run.draw(folder))
    if as_json:
        sys.stdout.write(json.dumps(to_dict(run), indent=2) + "\n")
    else:
        show(run, console)
