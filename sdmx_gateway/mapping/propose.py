"""The start of a module for an unknown delimited file: what can be seen is written down, what cannot is left for a person.

Columns are matched with the dimensions of the target by their values: a column most of whose texts are codes or labels of a
dimension's list (blind to case) is proposed for it. Code tables are written with every text of the column; where no code is sure
the target is empty, and an empty target is a mistake the module is refused for: nothing is mapped by guesswork.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import MappingError, SourceRejected, Where
from sdmx_gateway.mapping.code_table import fold
from sdmx_gateway.mapping.module import FILE
from sdmx_gateway.mapping.values import number, period
from sdmx_gateway.sources import Delimited
from sdmx_gateway.sources.delimited import read_delimited
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Codelist, Dataflow, DataStructure

_SEPARATORS: Final = ";,\t|"
_SURE: Final = 0.6
"""Part of a column's distinct texts that must be found in a code list for the column to be proposed for it."""
_MOST_TEXTS: Final = 2000


@dataclass(frozen=True)
class _Match:
    column: str
    dimension: str
    codes: dict[str, str]

    @property
    def table(self) -> str:
        """Path of its code table in the module."""
        return f"codes/{self.dimension.lower()}.csv"

    @property
    def rule(self) -> str:
        """The rule proposed."""
        return f'{{ from = "{_logical(self.column)}", codes = "{self.table}", ignore_case = true }}'


def propose_module(folder: Path, file: Path, dataflow: Dataflow, catalogue: Catalogue) -> list[Path]:
    """Write ``mapping.toml`` and code tables for a file, and say which files were written.

    Raises:
        MappingError: the folder has a module already, or the file cannot be read as delimited text.
    """
    if (folder / FILE).exists():
        raise MappingError(f"{folder} is a module already", where=Where(file=str(folder / FILE)))
    form, frame = _read(file)
    structure = catalogue.structure_of(dataflow)
    matches = list(_matches(frame, structure, catalogue))
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    written = []
    for match in matches:
        path = folder / match.table
        path.write_text(_code_table(frame, match), encoding="utf-8")
        written.append(path)
    spec = folder / FILE
    draft = _Draft(folder.name, file.name, form, frame, dataflow, structure, matches)
    spec.write_text(draft.text(), encoding="utf-8")
    return [*written, spec]


def _read(file: Path) -> tuple[Delimited, pl.DataFrame]:
    data = file.read_bytes()
    head = data[:10_000].decode("utf-8-sig", errors="replace").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    form = Delimited(kind="delimited", separator=separator, encodings=("utf-8-sig", "cp1252"))
    try:
        return form, read_delimited(data, form, file.name).drop(ROW)
    except SourceRejected as error:
        raise MappingError(f"{file.name} is not a delimited file that can be read", why=str(error)) from error


def _matches(frame: pl.DataFrame, structure: DataStructure, catalogue: Catalogue) -> Iterator[_Match]:
    taken: set[str] = set()
    for dimension in structure.key_dimensions:
        codelist = catalogue.codelist_of(structure.components[dimension])
        if codelist is None:
            continue
        labels = _labels(codelist)
        scored = []
        for column in frame.columns:
            texts = [text for text in frame[column].unique().drop_nulls() if text]
            if column in taken or not texts or len(texts) > _MOST_TEXTS:
                continue
            codes = {text: labels[fold(text)] for text in texts if fold(text) in labels}
            scored.append((len(codes) / len(texts), column, codes))
        best = max(scored, default=(0.0, "", {}), key=lambda entry: entry[0])
        if best[0] >= _SURE:
            taken.add(best[1])
            yield _Match(best[1], dimension, best[2])


def _labels(codelist: Codelist) -> dict[str, str]:
    labels = {fold(text): code.id for code in codelist.items for _, text in code.names}
    return labels | {fold(code.id): code.id for code in codelist.items}


def _code_table(frame: pl.DataFrame, match: _Match) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("source", "target", "relation", "note"))
    for text in frame[match.column].unique().sort():
        writer.writerow((text, match.codes.get(text, ""), "exact", ""))
    return stream.getvalue()


@dataclass(frozen=True)
class _Draft:
    """What is known of a module to be."""

    name: str
    file: str
    form: Delimited
    frame: pl.DataFrame
    dataflow: Dataflow
    structure: DataStructure
    matches: list[_Match]

    @property
    def needed(self) -> list[str]:
        """The components that must be given."""
        structure = self.structure
        mandatory = [a.id for a in structure.attributes if a.mandatory]
        return [*(d.id for d in structure.dimensions), *(m.id for m in structure.measures), *mandatory]

    def rules(self) -> tuple[dict[str, str], set[str]]:
        """The rules that can be proposed, by component, and the columns they take."""
        rules = {m.dimension: m.rule for m in self.matches}
        used = {match.column for match in self.matches}
        grammars: dict[str, tuple[str, Callable[[pl.Expr], pl.Expr]]] = {
            "TIME_PERIOD": ('period = "any"', lambda text: period(text, "any")),
            "OBS_VALUE": ('type = "integer"', lambda text: number(text, decimal=self.form.decimal, integer=True)),
        }
        for component, (words, reads) in grammars.items():
            fits = (
                c
                for c in self.frame.columns
                if c not in used and self.frame.select(reads(pl.col(c)).is_not_null().all()).item()
            )
            column = next(fits, None)
            if component not in rules and column is not None:
                rules[component] = f'{{ from = "{_logical(column)}", {words} }}'
                used.add(column)
        return rules, used

    def text(self) -> str:
        """The draft as ``mapping.toml``; ``to finish`` marks what a person must see to."""
        rules, used = self.rules()
        columns = [c for c in self.frame.columns if c in used]
        unused = [f'"{c}"' for c in self.frame.columns if c not in used]
        lines = [
            "[module]",
            f'id = "{self.name.upper()}"',
            f'name = {{ fr = "{self.name}", en = "{self.name}" }} # to finish',
            f'target = "{self.dataflow.urn.short}"',
            "",
            "[[source]]",
            f'family = "{self.name.replace("_", "-")}"',
            f'files = ["{self.file}"] # to finish: a pattern for every edition',
            f'known_editions = {{ "{self.file}" = {{ edition = "1" }} }} # to finish',
            f'format = {{ kind = "delimited", separator = "{self.form.separator}", decimal = ",", encodings = ["utf-8-sig", "cp1252"] }}',
            "columns = { " + ", ".join(f'{_logical(c)} = ["{c}"]' for c in columns) + " }",
            f'unused = [{{ columns = [{", ".join(unused)}], because = "to finish" }}]' if unused else "",
            "",
            "[components]",
            *(f"{c} = {rules[c]}" if c in rules else f"# {c} = to finish" for c in self.needed),
        ]
        return "\n".join(lines) + "\n"


def _logical(column: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in column).strip("_").lower() or "column"
