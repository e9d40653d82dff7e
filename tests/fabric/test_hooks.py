"""What a build does on Fabric before and after its models, without a warehouse to ask."""

from pathlib import Path

import pytest

from tests.dbt.conftest import Warehouse
from tests.fabric.conftest import COMPILE

pytestmark = pytest.mark.whole

AFTER_NOTHING = """
    {% if is_complete_build([]) %}{{ drop_renamed_models() }}{% else %}nothing to drop{% endif %}
"""


def test_the_hooks_compile_and_an_incomplete_build_drops_nothing(tmp_path: Path) -> None:
    assert "nothing to drop" in Warehouse(tmp_path).dbt(*COMPILE, "--inline", AFTER_NOTHING)
