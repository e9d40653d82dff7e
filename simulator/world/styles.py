"""The styles of music in a generated catalogue."""

from collections.abc import Sequence
from typing import NamedTuple


class Style(NamedTuple):
    """The average sound of a style; shares and features are in 0–1."""

    share: float
    titles: str
    artists: Sequence[str]
    danceability: float
    energy: float
    speechiness: float
    acousticness: float
    instrumentalness: float
    valence: float
    tempo: float
    minutes: float
    year: int
    years: float
    explicit: float


STYLES = {
    "indie folk": Style(
        0.09, "song", ("solo", "band", "duo"),
        0.49, 0.34, 0.01, 0.76, 0.010, 0.36, 112, 3.8, 2015, 6, 0.03,
    ),
    "indie rock": Style(
        0.10, "song", ("band",),
        0.50, 0.76, 0.03, 0.07, 0.008, 0.50, 128, 3.7, 2011, 9, 0.08,
    ),
    "dream pop": Style(
        0.06, "song", ("band", "duo"),
        0.45, 0.56, 0.01, 0.22, 0.350, 0.27, 116, 4.3, 2014, 6, 0.02,
    ),
    "pop": Style(
        0.13, "song", ("solo",),
        0.68, 0.67, 0.03, 0.15, 0.0003, 0.55, 117, 3.3, 2018, 5, 0.18,
    ),
    "soul": Style(
        0.08, "song", ("solo", "band"),
        0.67, 0.50, 0.05, 0.32, 0.001, 0.60, 98, 3.8, 2009, 14, 0.12,
    ),
    "hip hop": Style(
        0.11, "rap", ("rapper",),
        0.77, 0.63, 0.24, 0.14, 0.0002, 0.48, 118, 3.2, 2018, 5, 0.78,
    ),
    "house": Style(
        0.07, "club", ("alias", "duo"),
        0.79, 0.78, 0.03, 0.03, 0.620, 0.55, 124, 5.6, 2017, 6, 0.03,
    ),
    "techno": Style(
        0.05, "club", ("alias",),
        0.69, 0.84, 0.02, 0.02, 0.860, 0.18, 133, 6.2, 2018, 5, 0.01,
    ),
    "ambient": Style(
        0.05, "club", ("alias", "solo"),
        0.24, 0.13, 0.01, 0.83, 0.900, 0.09, 92, 5.4, 2014, 8, 0.00,
    ),
    "piano": Style(
        0.05, "piano", ("ensemble",),
        0.32, 0.11, 0.02, 0.98, 0.900, 0.19, 95, 3.9, 2008, 14, 0.00,
    ),
    "jazz": Style(
        0.06, "jazz", ("ensemble", "solo"),
        0.53, 0.28, 0.02, 0.85, 0.380, 0.50, 112, 5.1, 1984, 20, 0.00,
    ),
    "metal": Style(
        0.05, "metal", ("band",),
        0.37, 0.94, 0.07, 0.002, 0.180, 0.24, 126, 4.9, 2009, 10, 0.15,
    ),
    "punk": Style(
        0.04, "song", ("band",),
        0.44, 0.93, 0.06, 0.01, 0.004, 0.60, 158, 2.5, 2003, 12, 0.25,
    ),
    "latin": Style(
        0.06, "latin", ("conjunto",),
        0.73, 0.70, 0.05, 0.24, 0.001, 0.76, 107, 3.6, 2013, 10, 0.07,
    ),
}  # fmt: skip
