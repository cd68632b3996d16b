"""A store in a folder of its own, on SQLite and, where one is offered, on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from sdmx_gateway.database import open_database
from sdmx_gateway.releases import ReleaseStore

POSTGRESQL = "SDMX_GATEWAY_TEST_POSTGRESQL"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gateway.sqlite'}"
        return
    url = os.environ.get(POSTGRESQL)
    if not url:
        pytest.skip(f"{POSTGRESQL} names no PostgreSQL database (a SQLAlchemy URL) to try this on")
    schema = f"test_{secrets.token_hex(8)}"
    server = sa.create_engine(url)
    with server.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    yield (
        sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    )
    with server.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
    server.dispose()


@pytest.fixture
def open_store(tmp_path: Path, database: str) -> Iterator[Callable[[], ReleaseStore]]:
    """Opens the test's store as another process would: an engine of its own on the same database and folder."""
    engines: list[sa.Engine] = []

    def open_() -> ReleaseStore:
        engines.append(open_database(database))
        return ReleaseStore(tmp_path / "releases", engines[-1])

    yield open_
    for engine in engines:
        engine.dispose()


@pytest.fixture
def shared_store(open_store: Callable[[], ReleaseStore]) -> ReleaseStore:
    """A store on either database."""
    return open_store()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine on a SQLite file."""
    engine = open_database(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path, engine: sa.Engine) -> ReleaseStore:
    """A store on SQLite."""
    return ReleaseStore(tmp_path / "releases", engine)
