"""Lets dbt-spark use Sonic's Spark session, and run Python models in it.

At its start, dbt imports each module whose name begins with `dbt_` and reads its `plugins`. Without
this module, dbt-spark makes its own session, and can send Python models to Databricks only.
"""

from importlib.util import find_spec
from typing import Any

plugins: list[type] = []  # dbt only has to import this module


def _extend() -> None:
    from dbt.adapters.base import PythonJobHelper
    from dbt.adapters.spark import SparkAdapter, SparkConnectionManager

    from sonic.engines.spark import session

    class SessionHelper(PythonJobHelper):
        """Runs a compiled Python model in this process."""

        def __init__(self, parsed_model: dict[str, Any], credential: Any) -> None:
            self._name = parsed_model["alias"]
            self._session = session(credential.server_side_parameters["spark.sonic.home"])

        def submit(self, compiled_code: str) -> None:
            """Run the code, which writes its own table; `spark` is the session."""
            # dbt-spark's macro leaves blanks before the first line.
            code = compile(compiled_code.lstrip(), f"<{self._name}>", "exec")
            exec(code, {"__name__": self._name, "spark": self._session})  # noqa: S102

    open_connection = SparkConnectionManager.open.__func__

    def open_in_session(cls: type[SparkConnectionManager], connection: Any) -> Any:
        credentials = connection.credentials
        if credentials.method == "session":
            session(credentials.server_side_parameters["spark.sonic.home"])
        return open_connection(cls, connection)

    SparkConnectionManager.open = classmethod(open_in_session)
    SparkAdapter.default_python_submission_method = "session"
    SparkAdapter.python_submission_helpers = {"session": SessionHelper}


if find_spec("dbt.adapters") and find_spec("dbt.adapters.spark") and find_spec("pyspark"):
    _extend()
