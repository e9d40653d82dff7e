"""One evaluation: the files it is asked by, and what was found."""

from dataclasses import dataclass, field
from pathlib import Path

from ml.evaluation.evaluation import Evaluation
from ml.evaluation.plot import reliability_plot
from ml.evaluation.summary import Table
from ml.metrics import Reliability
from sonic.errors import UserError
from sonic.evaluation.files import read_catalogue, read_playlists
from sonic.steps import Report, counted


@dataclass
class EvaluationRun:
    """What is asked, by files in the layouts of Kaggle's catalogue and of playlists, and found."""

    catalogue: Path
    playlists: Path
    train_playlists: Path | None
    folds: int
    seed: int
    jobs: int = 1
    learned_from: int | None = None  # playlists of `train_playlists`
    seen: int | None = None  # and those that are not learned from, for they are judged
    evaluation: Evaluation = field(init=False)
    table: Table = field(init=False)
    reliability: Reliability = field(init=False)
    plot: Path = field(init=False)

    def read(self, _: Report) -> str:
        """Read the files and split the listeners; InputError or UserError names a bad file."""
        tracks, entries = read_catalogue(self.catalogue), read_playlists(self.playlists)
        others = read_playlists(self.train_playlists) if self.train_playlists else None
        try:
            self.evaluation = Evaluation.prepare(tracks, entries, others, self.folds, self.seed)
        except ValueError as error:
            raise UserError(f"{self.playlists}: {error}.") from None
        told = self.evaluation.playlists
        said = (
            f"{counted(len(tracks), 'track')}, {counted(len(told.listeners), 'listener')}; "
            f"left out: {counted(told.count_too_short, 'playlist')} (too short), "
            f"{counted(told.count_unknown_tracks, 'track')} (not in the catalogue)"
        )
        if others is not None:
            fold = self.evaluation.folds[0]
            self.learned_from = fold.learned_from["playlist_id"].nunique()
            self.seen = fold.count_excluded
            said += (
                f"; learned from: {counted(self.learned_from, 'playlist')}, "
                f"without {self.seen} judged"
            )
        return said

    def judge(self, report: Report) -> str:
        """Train by each kind of inputs in each fold, and rank the catalogue for each listener."""
        self.table, self.reliability = self.evaluation.run(report, jobs=self.jobs)
        return f"{counted(len(self.evaluation.folds), 'fold')}, seed {self.seed}"

    def draw(self, folder: Path) -> str:
        """Write the reliability plot."""
        folder.mkdir(exist_ok=True)
        self.plot = folder / f"reliability-{_stem(self.catalogue)}-{_stem(self.playlists)}.svg"
        title = f"{self.catalogue.name}, {len(self.evaluation.playlists.listeners)} listeners"
        self.plot.write_text(reliability_plot(self.reliability, title))
        return str(self.plot)


def _stem(path: Path) -> str:
    return path.name.split(".")[0]
