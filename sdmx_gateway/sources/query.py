"""The answer of a database to a query: asked read only, in one transaction that is always undone.

The URL comes from the environment, so that no module holds a password, and is never told in an error. Only the rim of the program
imports this module: whoever reads sources is given the way to ask (:func:`asking`) as an argument.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl
import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Ask, Block, Found
from sdmx_gateway.sources.form import Query
from sdmx_gateway.sources.opening import Opened
from sdmx_gateway.sources.raw_table import ROW

MAX_ROWS: Final = 20_000_000
"""Most rows taken from an answer."""
BATCH: Final = 100_000
_MAX_QUERY: Final = 1 << 20
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS: Final = re.compile(r"\s*(?:select|with|values|table)\b", re.IGNORECASE)
_READ_ONLY: Final = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
"""What makes a connection refuse to write, by the kind of database; another kind is not asked."""


def asking(folder: Path | None = None, environment: Mapping[str, str] = os.environ) -> Ask:
    """The way to ask the databases of a module, for :func:`sdmx_gateway.sources.read_source`.

    Args:
        folder: the module's folder, from which ``query_file`` is reckoned.
        environment: where the URLs are taken from.

    """
    return lambda opened, form: ask(opened, form, folder, environment)


def ask(opened: Opened, form: Query, folder: Path | None, environment: Mapping[str, str]) -> tuple[Found, str]:
    """The answer as a table, whose row 1 is the first; and the sha256 over the query and all that was answered.

    Args:
        opened: the file of the family: it holds the query, or only its name matters.
        form: the query or where it is, and which variable holds the URL.
        folder: the module's folder, from which ``query_file`` is reckoned.
        environment: where the URL is taken from.

    Raises:
        SourceRejected: there is no query, no URL, no answer, or the query does more than read.

    """
    query = _query(opened, form, folder)
    url = environment.get(form.url_from)
    if not url:
        remedy = f"set {form.url_from} to the SQLAlchemy URL of the database"
        raise _refused(opened, "no-database", f"the variable {form.url_from} is not set", remedy)
    with _connection(opened, form, url) as connection:
        frames = [pl.DataFrame()]
        digest = hashlib.sha256(query.encode())
        for batch in _batches(query, connection):
            frames.append(batch.select(pl.all().cast(pl.String)))
            digest.update(frames[-1].write_csv().encode())
            if sum(frame.height for frame in frames) > MAX_ROWS:
                raise _refused(opened, "too-large", f"the answer has more than {MAX_ROWS:,} rows", "ask in parts")
    answer = pl.concat(frames, how="diagonal")
    if answer.is_empty():
        raise _refused(opened, "no-rows", "the answer has no row", "see that the query is for the right period")
    headings = {str(i): heading for i, heading in enumerate(answer.columns)}
    frame = answer.rename({heading: column for column, heading in headings.items()})
    return Found((Block(frame.with_row_index(ROW, offset=1), headings),)), digest.hexdigest()


def _batches(query: str, connection: sqlalchemy.Connection) -> Iterator[pl.DataFrame]:
    """The answer, some rows at a time; a colon in the query is no parameter."""
    statement = sqlalchemy.text(re.sub(r"(?<!:):(?=\w)", r"\\:", query))
    yield from pl.read_database(statement, connection, iter_batches=True, batch_size=BATCH, infer_schema_length=None)


def _query(opened: Opened, form: Query, folder: Path | None) -> str:
    if form.query is not None:
        text = form.query
    else:
        at = opened if form.query_file is None else Opened((folder or opened.path.parent) / form.query_file)
        text = at.whole(_MAX_QUERY).decode("utf-8-sig", errors="replace")
    bare = _COMMENT.sub(" ", text).strip().rstrip(";")
    if not _READS.match(bare) or ";" in re.sub(r"'[^']*'", "", bare):
        raise _refused(opened, "not-read-only", "the query is not one statement that reads", "write one SELECT or WITH")
    return text.strip().rstrip(";")


@contextmanager
def _connection(opened: Opened, form: Query, url: str) -> Iterator[sqlalchemy.Connection]:
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        _must_be_there(engine.url)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        what = f"the URL in {form.url_from} cannot be used: {type(error).__name__}"
        remedy = "write it as SQLAlchemy does, dialect://user:password@host/name, and install the driver it names"
        raise _refused(opened, "no-database", what, remedy) from None
    if engine.dialect.name not in _READ_ONLY:
        what = f"{engine.dialect.name} cannot be asked read only"
        raise _refused(opened, "no-database", what, f"one of {', '.join(_READ_ONLY)}")
    try:
        with engine.connect() as connection:
            try:
                connection.execute(sqlalchemy.text(_READ_ONLY[engine.dialect.name]))
                yield connection
            finally:
                connection.rollback()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().split("\n")[0]
        raise _refused(opened, "no-answer", f"the database did not answer: {reason}", "mend the query") from error
    finally:
        engine.dispose()


def _must_be_there(url: sqlalchemy.URL) -> None:
    """SQLite makes a database that is not there."""
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise ValueError(url.database)


def _refused(opened: Opened, code: str, what: str, remedy: str) -> SourceRejected:
    return SourceRejected(
        f"{opened.name} cannot be read", [Problem(code, what, Where(file=opened.name), remedy=remedy)]
    )
