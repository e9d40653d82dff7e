"""Load into Bronze by dlt: one resource a table, all columns declared, append."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
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

LEDGERS = frozenset({"capture_runs", "kaggle_files"})  # they say what is loaded, so they come last

Arrow: TypeAlias = pa.Table | pa.RecordBatch
LOADED_AT = pa.field("loaded_at", pa.timestamp("us", tz="UTC"), nullable=False)


@dataclass(frozen=True)
class Bronze:
    """Bronze at a destination, and the folder where dlt keeps its working files.

    `set_aside` names the packages, `<pipeline>/<load id>`, that this object had to set aside.
    """

    destination: Destination[Any, Any] = field(repr=False)  # it shows its credentials
    pipelines_dir: Path
    set_aside: list[str] = field(default_factory=list, compare=False)

    def load(
        self,
        pipeline_name: str,
        schemas: Mapping[str, pa.Schema],
        data: Mapping[str, Iterable[Arrow] | Arrow],
        disposition: TWriteDisposition = "append",
    ) -> dict[str, int]:
        """Load Arrow data into the tables that `schemas` declares; return rows by table.

        Each row says when it was loaded (`loaded_at`, one instant a load), so that whoever reads
        Bronze can tell what is new. A table without data is made all the same. What says that data
        is loaded is loaded in a package of its own, after all the rest has come in.
        """
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
        """Return what `load` gives to dlt; each source becomes a package, in this order."""
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
        """Make the tables where they are not there yet, empty."""
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
        """Return the rows of a query on Bronze; SourceError while it cannot be reached."""
        with self._found(pipeline_name, sql) as found:
            return [tuple(row) for row in found.fetchall()]

    def read(self, pipeline_name: str, sql: str) -> pa.Table:
        """Return the rows of a query on Bronze as an Arrow table; else as `query`."""
        with self._found(pipeline_name, sql) as found:
            return found.arrow()

    def pipeline(self, name: str) -> dlt.Pipeline:
        """Return the dlt pipeline of a source, with nothing left pending.

        What a killed run left is loaded first; if that cannot be done, it is set aside. SourceError
        while Bronze cannot be written, with the package kept.
        """
        pipeline = dlt.pipeline(
            name,
            pipelines_dir=str(self.pipelines_dir),
            destination=self.destination,
            dataset_name=BRONZE,
        )
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
        def rows() -> Iterator[Any]:
            yield dlt.mark.materialize_table_schema()
            for part in [data] if isinstance(data, pa.Table | pa.RecordBatch) else data:
                yield part.append_column(LOADED_AT, pa.repeat(loaded_at, len(part)))

        hints: dict[str, Any] = {"table_format": "delta"} if is_delta(self.destination) else {}
        resource: DltResource = dlt.resource(
            rows(),
            name=name,
            columns=py_arrow_to_table_schema_columns(schema.append(LOADED_AT)),
            write_disposition=disposition,
            **hints,
        )
        return resource


def _source(name: str, resources: list[DltResource]) -> DltSource:
    return dlt.source(lambda: resources, name=name)()
