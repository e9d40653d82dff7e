"""A missing part of Spark is one line that says how to install it."""

from pathlib import Path

import pytest

from sonic.engines import spark
from sonic.errors import UserError
from sonic.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("SONIC_BRONZE_URL", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return load_settings(home=tmp_path, target="spark")


def test_spark_builds_in_the_homes_lake(settings: Settings, tmp_path: Path) -> None:
    assert settings.destination == "filesystem"
    assert settings.bronze_url == settings.lake == str(tmp_path / "lake")
    assert settings.pipelines != load_settings(home=tmp_path).pipelines


def test_spark_needs_java(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="Java 17"):
        spark.check_installed(settings)


def test_spark_needs_the_jars_of_delta_lake(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "JARS", tmp_path)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UserError, match="make setup-spark"):
        spark.check_installed(load_settings(home=tmp_path, target="spark"))


def test_a_cluster_has_its_own_java_and_jars(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(spark, "JARS", tmp_path)
    spark.check_installed(settings.model_copy(update={"spark_remote": "sc://cluster:15002"}))
