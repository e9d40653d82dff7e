"""Load into Bronze with dlt: one resource per table, every column declared.

Sources and resources are made here and nowhere else, from the schemas in `tables.py`.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import dlt
import pyarrow as pa
from dlt.common.destination import Destination
from dlt.common.destination.exceptions import (
    DestinationException,
    DestinationUndefinedEntity,
)
from dlt.common.libs.pyarrow import py_arrow_to_table_schema_columns
from dlt.common.schema.typing import TWriteDisposition
from dlt.extract import DltResource, DltSource

from ingestion import destinations, pending
from ingestion.destinations import BRONZE, is_delta
from ingestion.errors import SourceError

logger = logging.getLogger(__name__)

LEDGERS = frozenset({"capture_runs", "kaggle_files"})  # they list what is loaded: loaded last

Arrow: TypeAlias = pa.Table | pa.RecordBatch
LOADED_AT = pa.field("loaded_at", pa.timestamp("us", tz="UTC"), nullable=False)


@dataclass(frozen=True)
class Bronze:
    """Bronze at a destination.

    Args:
        destination: A dlt destination of `ingestion.destinations`.
        pipelines_dir: The folder of dlt's working files; its parent holds `set_aside/`.
        set_aside: Filled by this object: load packages that could not be loaded and were moved
            away, as `<pipeline>/<load id>`.
    """

    destination: Destination[Any, Any] = field(repr=False)  # it shows its credentials
    pipelines_dir: Path
    set_aside: list[str] = field(default_factory=list, compare=False)
    _opened: dict[str, dlt.Pipeline] = field(default_factory=dict, repr=False, compare=False)

    def load(
        self,
        pipeline_name: str,
        schemas: Mapping[str, pa.Schema],
        data: Mapping[str, Iterable[Arrow] | Arrow],
        disposition: TWriteDisposition = "append",
    ) -> dict[str, int]:
        """Load Arrow data into Bronze tables.

        Every row gets `loaded_at`, one instant per load, so that readers of Bronze find new rows.
        The ledgers are a separate package, loaded after all other tables.

        Args:
            pipeline_name: The dlt pipeline, such as `spotify`.
            schemas: The columns of each table, without `loaded_at`.
            data: For each table of `schemas`, an Arrow table or an iterable of tables or batches.
                A table without rows is created, too.
            disposition: `append`, or `replace` for all rows of these tables.

        Returns:
            The number of loaded rows by table.

        Raises:
            SourceError: Bronze cannot be written.
            InputError: The data raised it while it was read; nothing of the load is kept.
        """
        with self.kept_open():
            pipeline = self.pipeline(pipeline_name)
            pending.run(pipeline, self.sources(pipeline_name, schemas, data, disposition))
        trace = pipeline.last_trace
        assert trace is not None
        assert trace.last_normalize_info is not None
        counts = trace.last_normalize_info.row_counts
        return {name: counts.get(name, 0) for name in schemas}

    def sources(
        self,
        pipeline_name: str,
        schemas: Mapping[str, pa.Schema],
        data: Mapping[str, Iterable[Arrow] | Arrow],
        disposition: TWriteDisposition = "append",
    ) -> list[DltSource]:
        """Return the dlt sources of `load`; each becomes one package, in this order."""
        now = pa.scalar(datetime.now(UTC), LOADED_AT.type)
        resources = [
            self._resource(name, schema, data[name], disposition, now)
            for name, schema in schemas.items()
        ]
        groups = {
            pipeline_name: [each for each in resources if each.name not in LEDGERS],
            f"{pipeline_name}_ledger": [each for each in resources if each.name in LEDGERS],
        }
        return [_source(name, group) for name, group in groups.items() if group]

    def declare(self, pipeline_name: str, schemas: Mapping[str, pa.Schema]) -> None:
        """Create the tables that do not exist yet, without rows.

        Args:
            pipeline_name: The dlt pipeline, such as `spotify`.
            schemas: The columns of each table, without `loaded_at`.

        Raises:
            SourceError: Bronze cannot be read or written.
        """
        try:
            self.query(
                pipeline_name,
                " union all ".join(
                    f"select 1 as one from {table} where 1 = 0" for table in schemas
                ),
            )
        except DestinationUndefinedEntity:
            empty = {name: schema.empty_table() for name, schema in schemas.items()}
            self.load(pipeline_name, schemas, empty)

    def query(self, pipeline_name: str, sql: str) -> list[tuple[Any, ...]]:
        """Run a query on Bronze.

        Args:
            pipeline_name: The dlt pipeline, such as `spotify`; it may read tables of others.
            sql: A query in DuckDB's dialect, with table names only.

        Returns:
            The rows as tuples.

        Raises:
            SourceError: Bronze cannot be read now.
            DestinationUndefinedEntity: A table does not exist.
        """
        with self._found(pipeline_name, sql) as found:
            return [tuple(row) for row in found.fetchall()]

    def read(self, pipeline_name: str, sql: str) -> pa.Table:
        """Run a query on Bronze and return an Arrow table; arguments and errors as of `query`."""
        with self._found(pipeline_name, sql) as found:
            return found.arrow()

    def kept_open(self) -> AbstractContextManager[None]:
        """Return a context in which several loads and queries in a row are faster."""
        return destinations.kept_open(self.destination)

    def pipeline(self, name: str) -> dlt.Pipeline:
        """Open a dlt pipeline, with nothing left pending.

        Packages that a killed run left are loaded first. One that cannot be loaded is set aside.

        Args:
            name: The name of the pipeline, such as `spotify`.

        Returns:
            The pipeline, ready to run.

        Raises:
            SourceError: Packages are pending and Bronze cannot be written; they are kept.
        """
        if name not in self._opened:
            self._opened[name] = dlt.pipeline(
                name,
                pipelines_dir=str(self.pipelines_dir),
                destination=self.destination,
                dataset_name=BRONZE,
            )
        pipeline = self._opened[name]
        self.set_aside.extend(pending.finish(pipeline, self.pipelines_dir.parent / "set_aside"))
        return pipeline

    @contextmanager
    def _found(self, pipeline_name: str, sql: str) -> Iterator[destinations.Found]:
        pipeline = self.pipeline(pipeline_name)
        try:
            with destinations.query(pipeline, sql) as found:
                yield found
        except DestinationUndefinedEntity:
            raise
        except DestinationException as failure:
            reason = pending.one_line(failure)
            raise SourceError(f"Bronze cannot be read now: {reason}") from failure

    def _resource(
        self,
        name: str,
        schema: pa.Schema,
        data: Iterable[Arrow] | Arrow,
        disposition: TWriteDisposition,
        loaded_at: pa.Scalar,
    ) -> DltResource:
        hints: dict[str, Any] = {"table_format": "delta"} if is_delta(self.destination) else {}

        @dlt.resource(
            name=name,
            columns=py_arrow_to_table_schema_columns(schema.append(LOADED_AT)),
            write_disposition=disposition,
            **hints,
        )
        def table() -> Iterator[Any]:
            yield dlt.mark.materialize_table_schema()
            for part in [data] if isinstance(data, pa.Table | pa.RecordBatch) else data:
                yield part.append_column(LOADED_AT, pa.repeat(loaded_at, len(part)))

        return table


def _source(name: str, resources: list[DltResource]) -> DltSource:
    @dlt.source(name=name)
    def tables() -> list[DltResource]:
        return resources

    return tables()
