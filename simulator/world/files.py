"""Reads given CSV files, and reports clearly what is wrong with them."""

import ast
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv


def read_columns(
    path: str | Path, columns: Sequence[str], required: Sequence[str], text: Sequence[str]
) -> pd.DataFrame:
    """Read columns of a CSV file (plain or `.gz`): those of `text` as text, others as floats.

    Empty values are null, and so are absent columns that are not required.

    Raises:
        ValueError: The file is not a CSV, lacks a required column or has no rows.
    """
    types = {name: pa.string() if name in text else pa.float64() for name in columns}
    try:
        table = pyarrow.csv.read_csv(
            path,
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path}: not a readable CSV file ({error})") from error
    for name in required:
        if name not in table.column_names:
            raise ValueError(f"{path}: column '{name}' is missing")
    if not table.num_rows:
        raise ValueError(f"{path}: it has no rows")
    frame: pd.DataFrame = table.to_pandas()
    return frame.reindex(columns=list(columns))


def parse_list(text: str | None) -> list[str]:
    """Parse a Python list of strings in a text; other text is its only member."""
    if not isinstance(text, str):
        return []
    if text.startswith("['") and text.endswith("']") and '"' not in text and "\\" not in text:
        return text[2:-2].split("', '")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes such as "\ "
            return [str(member) for member in ast.literal_eval(text)]
    except (SyntaxError, ValueError):
        return [text]
