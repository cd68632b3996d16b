"""A database is asked read only, with a URL no module holds, and its answer is a table like any other."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from source_files import made_up_family

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.sources import ROW, RawTable, SourceFamily, read_source
from sdmx_gateway.sources.query import asking

POSTGRESQL = "SDMX_GATEWAY_TEST_POSTGRESQL"
VARIABLE = "MADE_UP_DATABASE"
ROWS = [("01", 2024, "5.50"), ("2A", 2024, None)]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with a table ``faits_<something>`` of two rows, whose name stands in the query of ``url``."""
    server = os.environ.get(POSTGRESQL) if request.param == "postgresql" else f"sqlite:///{tmp_path / 'faits.sqlite'}"
    if not server:
        pytest.skip(f"{POSTGRESQL} names no PostgreSQL database (a SQLAlchemy URL) to try this on")
    engine = sa.create_engine(server)
    made = sa.Table(
        f"faits_{secrets.token_hex(4)}",
        sa.MetaData(),
        sa.Column("dep", sa.String(3)),
        sa.Column("annee", sa.Integer),
        sa.Column("nombre", sa.Numeric(9, 2) if request.param == "postgresql" else sa.String),
    )
    made.create(engine)
    with engine.begin() as connection:
        connection.execute(made.insert(), [dict(zip(("dep", "annee", "nombre"), row, strict=True)) for row in ROWS])
    os.environ[TABLE] = made.name
    yield server
    del os.environ[TABLE]
    made.drop(engine)
    engine.dispose()


TABLE = "MADE_UP_TABLE"


def family(**form: object) -> SourceFamily:
    columns = {"area": ["dep"], "year": ["annee"], "count": ["nombre"]}
    return made_up_family(format={"kind": "query", "url_from": VARIABLE} | form, columns=columns)


def select() -> str:
    return f"SELECT dep, annee, nombre FROM {os.environ[TABLE]} ORDER BY dep -- ':nom' is no parameter\n;\n"


def asked(path: Path, declared: SourceFamily, url: str, folder: Path | None = None) -> RawTable:
    return read_source(path, declared, ask=asking(folder, {VARIABLE: url}))


def refused(path: Path, declared: SourceFamily, environment: dict[str, str]) -> Problem:
    with pytest.raises(SourceRejected) as caught:
        read_source(path, declared, ask=asking(environment=environment))
    (problem,) = caught.value.problems
    return problem


def test_the_answer_is_a_table_and_its_digest_changes_with_it(tmp_path: Path, url: str) -> None:
    path = tmp_path / "faits-2024.sql"
    path.write_text(select(), encoding="utf-8")
    table = asked(path, family(), url)
    assert table.frame.select(ROW, "area", "year", "count").rows() == [
        (1, "01", "2024", "5.50"),
        (2, "2A", "2024", None),
    ]
    assert (table.edition, table.problems) == ("2024", ())
    assert asked(path, family(), url).sha256 == table.sha256
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {os.environ[TABLE]} SET annee = 2023"))
    engine.dispose()
    assert asked(path, family(), url).sha256 != table.sha256


def test_the_query_may_stand_in_the_family_or_in_a_file_of_the_module(tmp_path: Path, url: str) -> None:
    named = tmp_path / "faits-2024"
    assert asked(named, family(query=select()), url).frame.height == 2
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "faits.sql").write_text(select(), encoding="utf-8")
    declared = family(query_file="queries/faits.sql")
    assert asked(Path("elsewhere/faits-2024"), declared, url, folder=tmp_path).frame.height == 2


@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "SELECT 1; DROP TABLE {}", "", "/* SELECT */ UPDATE {} SET annee = 1"]
)
def test_what_does_more_than_read_is_not_asked(tmp_path: Path, url: str, statement: str) -> None:
    problem = refused(tmp_path / "faits-2024", family(query=statement.format(os.environ[TABLE])), {VARIABLE: url})
    assert problem.code == "not-read-only"


def test_the_database_refuses_a_write_hidden_in_a_query(tmp_path: Path, url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite has no statement that writes and starts like one that reads")
    hidden = f"WITH gone AS (DELETE FROM {os.environ[TABLE]} RETURNING dep, annee, nombre) SELECT * FROM gone"
    problem = refused(tmp_path / "faits-2024", family(query=hidden), {VARIABLE: url})
    assert (problem.code, "read-only" in problem.what) == ("no-answer", True)
    assert asked(tmp_path / "faits-2024", family(query=select()), url).frame.height == 2


def test_a_query_that_fails_or_answers_nothing_is_told(tmp_path: Path, url: str) -> None:
    path = tmp_path / "faits-2024"
    assert refused(path, family(query="SELECT nothing FROM nowhere"), {VARIABLE: url}).code == "no-answer"
    empty = select().replace("ORDER", "WHERE dep = 'x' ORDER")
    assert refused(path, family(query=empty), {VARIABLE: url}).code == "no-rows"


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {VARIABLE: "sqlite:////nowhere/at/all.sqlite"},
        {VARIABLE: "no url, but secret"},
        {VARIABLE: "unknown://user:secret@host/name"},
        {VARIABLE: "mysql://user:secret@host/name"},
        {VARIABLE: "postgresql+psycopg://user:secret@127.0.0.1:1/name"},
    ],
    ids=["unset", "not-there", "no-url", "unknown", "no-driver", "nobody-answers"],
)
def test_a_database_that_cannot_be_asked_is_told_without_its_password(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    problem = refused(tmp_path / "faits-2024", family(query="SELECT 1"), environment)
    assert problem.code in {"no-database", "no-answer"}
    assert "secret" not in str(problem)
    assert VARIABLE in str(problem) or problem.code == "no-answer"
