from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from transmission_world import World

POSTGRESQL = os.environ.get("SDMX_GATEWAY_TEST_POSTGRESQL")
"""SQLAlchemy URL of a database schemas may be made in; without it, only SQLite is tested."""
# Killing a process does not lose what it wrote, forced to disk or not: memory will do, and is faster.
SHARED_MEMORY = Path("/dev/shm")
BACKENDS = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]


@pytest.fixture
def swift_path(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, in memory where the machine has one."""
    if not SHARED_MEMORY.is_dir() or not os.access(SHARED_MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(params=BACKENDS)
def new_world(request: pytest.FixtureRequest, swift_path: Path) -> Iterator[Callable[[], World]]:
    """Makes worlds, each with an empty database and folder of its own."""
    numbers, worlds, schemas = count(), [], []
    admin = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT") if request.param == "postgresql" else None

    def make() -> World:
        folder = swift_path / f"world{next(numbers)}"
        folder.mkdir()
        if admin is None:
            url = f"sqlite:///{folder / 'gateway.sqlite'}"
        else:
            schemas.append(f"t{uuid.uuid4().hex}")
            with admin.connect() as connection:
                connection.execute(sa.schema.CreateSchema(schemas[-1]))
            target = admin.url.update_query_dict({"options": f"-csearch_path={schemas[-1]}"})
            url = target.render_as_string(hide_password=False)
        worlds.append(World(folder, url))
        return worlds[-1]

    yield make
    for world in worlds:
        world.engine.dispose()
    if admin is not None:
        with admin.connect() as connection:
            for schema in schemas:
                connection.execute(sa.schema.DropSchema(schema, cascade=True))
        admin.dispose()


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()
