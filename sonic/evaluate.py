"""`sonic evaluate`: how well recommendations do on playlists that no model has seen."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from ml.evaluation.metrics import Reliability
from ml.evaluation.plot import reliability_plot
from ml.evaluation.summary import Table
from ml.evaluation.trial import Trial
from sonic.errors import UserError
from sonic.evaluation_files import read_catalogue, read_playlists
from sonic.evaluation_report import show, to_dict
from sonic.home import opened
from sonic.settings import Settings
from sonic.steps import Report, Steps, counted


@dataclass
class Evaluation:
    """What is asked, by files in the layouts of Kaggle's catalogue and of playlists, and found."""

    catalogue: Path
    playlists: Path
    train_playlists: Path | None
    folds: int
    seed: int
    jobs: int = 1
    learned_from: int | None = None  # playlists of `train_playlists`
    seen: int | None = None  # and those that are not learned from, for they are judged
    trial: Trial = field(init=False)
    table: Table = field(init=False)
    reliability: Reliability = field(init=False)
    plot: Path = field(init=False)

    def read(self, _: Report) -> str:
        """Read the files and split the listeners; InputError or UserError names a bad file."""
        tracks, entries = read_catalogue(self.catalogue), read_playlists(self.playlists)
        others = read_playlists(self.train_playlists) if self.train_playlists else None
        try:
            self.trial = Trial.prepare(tracks, entries, others, self.folds, self.seed)
        except ValueError as error:
            raise UserError(f"{self.playlists}: {error}.") from None
        told = self.trial.playlists
        said = (
            f"{counted(len(tracks), 'track')}, {counted(len(told.listeners), 'listener')}; "
            f"left out: {counted(told.count_too_short, 'playlist')} (too short), "
            f"{counted(told.count_unknown_tracks, 'track')} (not in the catalogue)"
        )
        if others is not None:
            fold = self.trial.folds[0]
            self.learned_from = fold.learned_from["playlist_id"].nunique()
            self.seen = fold.count_seen
            said += (
                f"; learned from: {counted(self.learned_from, 'playlist')}, "
                f"without {self.seen} judged"
            )
        return said

    def judge(self, report: Report) -> str:
        """Train by each kind of inputs in each fold, and rank the catalogue for each listener."""
        self.table, self.reliability = self.trial.run(report, jobs=self.jobs)
        return f"{counted(len(self.trial.folds), 'fold')}, seed {self.seed}"

    def draw(self, folder: Path) -> str:
        """Write the reliability plot."""
        folder.mkdir(exist_ok=True)
        self.plot = folder / f"reliability-{_stem(self.catalogue)}-{_stem(self.playlists)}.svg"
        title = f"{self.catalogue.name}, {len(self.trial.playlists.listeners)} listeners"
        self.plot.write_text(reliability_plot(self.reliability, title))
        return str(self.plot)


def evaluate(settings: Settings, evaluation: Evaluation, as_json: bool) -> None:
    """Judge and print the tables or, with `as_json`, JSON alone; progress is then on stderr."""
    console = Console(stderr=as_json)
    steps = Steps(console)
    steps.run("Read the files", evaluation.read)
    with opened(settings.home):
        steps.run("Train and judge", evaluation.judge)
        folder = settings.home / "evaluation"
        steps.run("Draw the reliability", lambda _: evaluation.draw(folder))
    if as_json:
        sys.stdout.write(json.dumps(to_dict(evaluation), indent=2) + "\n")
    else:
        show(evaluation, console)


def _stem(path: Path) -> str:
    return path.name.split(".")[0]
