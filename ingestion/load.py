"""Load into Bronze by dlt: one resource a table, all columns declared, append."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import dlt
import pyarrow as pa
from dlt.common.destination import Destination
from dlt.common.destination.exceptions import DestinationUndefinedEntity
from dlt.common.libs.pyarrow import py_arrow_to_table_schema_columns
from dlt.common.schema.typing import TWriteDisposition
from dlt.extract import DltResource
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.destinations import BRONZE
from ingestion.errors import InputError, SourceError

logger = logging.getLogger(__name__)

Arrow: TypeAlias = pa.Table | pa.RecordBatch


@dataclass(frozen=True)
class Bronze:
    """Bronze at a destination, and the folder where dlt keeps its working files."""

    destination: Destination[Any, Any]
    pipelines_dir: Path

    def load(
        self,
        pipeline_name: str,
        schemas: Mapping[str, pa.Schema],
        data: Mapping[str, Iterable[Arrow] | Arrow],
        disposition: TWriteDisposition = "append",
    ) -> dict[str, int]:
        """Load Arrow data into the tables that `schemas` declares; return rows by table.

        A table without data is made all the same, so that whoever reads it finds it.
        """
        pipeline = self.pipeline(pipeline_name)
        resources = [
            _resource(name, schema, data[name], disposition) for name, schema in schemas.items()
        ]
        _run(pipeline, dlt.source(lambda: resources, name=pipeline_name)())
        trace = pipeline.last_trace
        assert trace is not None
        assert trace.last_normalize_info is not None
        counts = trace.last_normalize_info.row_counts
        return {name: counts.get(name, 0) for name in schemas}

    def declare(self, pipeline_name: str, schemas: Mapping[str, pa.Schema]) -> None:
        """Make the tables where they are not there yet, empty."""
        try:
            for table in schemas:
                self.query(pipeline_name, f"select 1 from {table} where 1 = 0")
        except DestinationUndefinedEntity:
            empty = {name: schema.empty_table() for name, schema in schemas.items()}
            self.load(pipeline_name, schemas, empty)

    def query(self, pipeline_name: str, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on Bronze."""
        with self.pipeline(pipeline_name).sql_client() as client:
            return [tuple(row) for row in client.execute_sql(sql) or ()]

    def pipeline(self, name: str) -> dlt.Pipeline:
        """Return the dlt pipeline of a source; what a killed run left pending is loaded first."""
        pipeline = dlt.pipeline(
            name,
            pipelines_dir=str(self.pipelines_dir),
            destination=self.destination,
            dataset_name=BRONZE,
        )
        if pipeline.has_pending_data:
            logger.warning("finishing what an interrupted run of %s left to load", name)
            _run(pipeline)
        return pipeline


def _resource(
    name: str,
    schema: pa.Schema,
    data: Iterable[Arrow] | Arrow,
    disposition: TWriteDisposition,
) -> DltResource:
    def rows() -> Iterator[Any]:
        yield dlt.mark.materialize_table_schema()
        yield from [data] if isinstance(data, pa.Table | pa.RecordBatch) else data

    return dlt.resource(
        rows(),
        name=name,
        columns=py_arrow_to_table_schema_columns(schema),
        write_disposition=disposition,
    )


def _run(pipeline: dlt.Pipeline, data: Any = None) -> None:
    """Run a pipeline; what a person can mend, or did, comes out of dlt's chain of wrappers."""
    try:
        pipeline.run(data)
    except PipelineStepFailed as failure:
        error: BaseException | None = failure
        while error is not None and not isinstance(error, InputError | KeyboardInterrupt):
            error = error.__cause__ or error.__context__
        reason = " ".join(str(failure.exception).split())[:300]
        raise error or SourceError(f"loading into Bronze failed: {reason}") from failure
