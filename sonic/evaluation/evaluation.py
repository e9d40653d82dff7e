"""One run of `sonic evaluate`: its files and options, and its results."""

from dataclasses import dataclass, field
from pathlib import Path

from ingestion.kaggle import files
from ml.evaluation.evaluation import Evaluation
from ml.evaluation.plot import reliability_plot
from ml.evaluation.summary import Table
from ml.metrics import Reliability
from sonic.errors import UserError
from sonic.evaluation.files import read_catalogue, read_playlists
from sonic.steps import Report, counted


@dataclass
class EvaluationRun:
    """The options of one evaluation; `read`, `evaluate` and `draw`, in this order, add results."""

    catalogue: Path
    playlists: Path
    train_playlists: Path | None
    folds: int
    seed: int
    jobs: int = 1
    learned_from: int | None = None  # the number of training playlists
    seen: int | None = None  # training playlists left out, because they are evaluated
    evaluation: Evaluation = field(init=False)
    table: Table = field(init=False)
    reliability: Reliability = field(init=False)
    plot: Path = field(init=False)

    def read(self, cache: Path) -> str:
        """Read the files and split the listeners.

        Args:
            cache: The folder that keeps compiled SQL; see `read_catalogue`.

        Returns:
            One line with the number of tracks, listeners and skipped playlists.

        Raises:
            InputError: The catalogue cannot be used.
            UserError: A file of playlists cannot be used, or has too few listeners.
        """
        files.check(self.catalogue)
        entries = read_playlists(self.playlists)
        others = read_playlists(self.train_playlists) if self.train_playlists else None
        tracks = read_catalogue(self.catalogue, cache)  # last, since it takes longest
        try:
            self.evaluation = Evaluation.prepare(tracks, entries, others, self.folds, self.seed)
        except ValueError as error:
            raise UserError(f"{self.playlists}: {error}.") from None
        chosen = self.evaluation.playlists
        line = (
            f"{counted(len(tracks), 'track')}, {counted(len(chosen.listeners), 'listener')}; "
            f"left out: {counted(chosen.count_too_short, 'playlist')} (too short), "
            f"{counted(chosen.count_unknown_tracks, 'track')} (not in the catalogue)"
        )
        if others is not None:
            fold = self.evaluation.folds[0]
            self.learned_from = fold.learned_from["playlist_id"].nunique()
            self.seen = fold.count_excluded
            line += (
                f"; learned from: {counted(self.learned_from, 'playlist')}, "
                f"without {self.seen} evaluated"
            )
        return line

    def evaluate(self, report: Report) -> str:
        """Train a ranker per kind of inputs and fold, and rank the catalogue for each listener."""
        self.table, self.reliability = self.evaluation.run(report, jobs=self.jobs)
        return f"{counted(len(self.evaluation.folds), 'fold')}, seed {self.seed}"

    def draw(self, folder: Path) -> str:
        """Write the reliability plot into a folder; return its path."""
        folder.mkdir(exist_ok=True)
        self.plot = folder / f"reliability-{_stem(self.catalogue)}-{_stem(self.playlists)}.svg"
        title = f"{self.catalogue.name}, {len(self.evaluation.playlists.listeners)} listeners"
        self.plot.write_text(reliability_plot(self.reliability, title))
        return str(self.plot)


def _stem(path: Path) -> str:
    return path.name.split(".")[0]
