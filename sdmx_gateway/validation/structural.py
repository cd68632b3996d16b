"""The checks every dataset undergoes, whatever its rules: whether it fits its data structure.

They correspond to STRUVAL, Eurostat's structural validation (ESS level 0), and are made before anything is sent there.
Each looks at columns: the distinct values of a column are judged, and rows are looked at only where a value is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import polars as pl

from sdmx_gateway.structures.model import Attachment, Attribute, Codelist, Text
from sdmx_gateway.validation import struval
from sdmx_gateway.validation.lines import MAX_LINES
from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.periods import time_period_form, time_period_frequency
from sdmx_gateway.validation.permitted import not_permitted
from sdmx_gateway.validation.values import (
    by_value,
    forbidden_character,
    lines_of,
    not_finite,
    text_too_long,
    text_type,
    too_many_values,
)

LEVEL: Final = 0
"""ESS validation level of the structural checks (from memory, to verify)."""
NEAR: Final = 0.6
"""How alike a code must be to be suggested, 0 to 1 (``difflib``)."""


def no_observations(subject: Subject) -> Outcome:
    """A dataset without observations."""
    empty = pl.DataFrame({"@count": [1]}) if subject.frame.is_empty() else pl.DataFrame()
    return Outcome.of(empty, checked=1, wording="no-observations")


def dimension_missing(subject: Subject) -> Outcome:
    """Dimensions without a value: null, or an empty text; one line for each dimension."""
    time = subject.time
    lines = [
        _where(
            subject,
            name,
            _absent(subject.frame, name),
            struval.MISSING_TIME if name == time else struval.MISSING_CONCEPT,
        )
        for name in subject.keys
    ]
    return Outcome.of(lines_of(lines), checked=subject.frame.height * len(lines), wording="dimension-missing")


def mandatory_attribute_missing(subject: Subject) -> Outcome:
    """Mandatory attributes without a value; one line for each attribute."""
    wanted = [attribute for attribute in subject.structure.attributes if attribute.mandatory]
    lines = [
        _where(subject, a.id, _absent(subject.frame, a.id), struval.MISSING_ATTRIBUTE[a.relationship.attachment])
        for a in wanted
    ]
    return Outcome.of(lines_of(lines), checked=subject.frame.height * len(lines), wording="mandatory-attribute-missing")


def mandatory_measure_missing(subject: Subject) -> Outcome:
    """Mandatory measures that are null; NaN, "intentionally missing" (SDMX 3.0), is a value here."""
    wanted = [measure.id for measure in subject.structure.measures if measure.mandatory]
    lines = [_where(subject, name, _absent(subject.frame, name), None) for name in wanted]
    return Outcome.of(lines_of(lines), checked=subject.frame.height * len(lines), wording="mandatory-measure-missing")


def _absent(frame: pl.DataFrame, name: str) -> pl.Expr:
    match frame.schema[name]:
        case pl.List():
            return pl.col(name).is_null() | (pl.col(name).list.len() == 0)
        case pl.String():
            return pl.col(name).is_null() | (pl.col(name) == "")
        case _:
            return pl.col(name).is_null()


def _where(subject: Subject, column: str, bad: pl.Expr, code: str | None) -> pl.DataFrame:
    """One line for all the rows where ``bad`` holds, placed at the first; none when it holds nowhere."""
    count = int(subject.frame.select(bad.sum()).item())
    if not count:
        return pl.DataFrame()
    first = subject.frame.filter(bad).head(1)
    return first.select(
        *subject.place(),
        pl.lit(column).alias("@column"),
        pl.lit(count).alias("@count"),
        pl.lit(code, dtype=pl.String).alias("@struval"),
    )


def unknown_code(subject: Subject) -> Outcome:
    """Values that are no code of their component's list; one line for each value, with the nearest code."""
    lines, lists = [], {}
    for component in subject.structure.components.values():
        codelist = subject.catalogue.codelist_of(component)
        if codelist is None:
            continue
        lists[component.id] = codelist
        unknown = by_value(subject, component.id, ~pl.col("@value").is_in(list(codelist.by_id)))
        lines.append(unknown.with_columns(pl.lit(codelist.urn.short).alias("@codelist")) if unknown.height else unknown)
    found = lines_of(lines)
    if found.height:
        found = _with_nearest(found.filter((pl.col("@value") != "") | ~pl.col("@column").is_in(subject.keys)), lists)
    return Outcome.of(found, checked=subject.frame.height * len(lists), wording="unknown-code")


def _with_nearest(lines: pl.DataFrame, lists: dict[str, Codelist]) -> pl.DataFrame:
    listed = lines.head(MAX_LINES).select("@value", "@column").iter_rows()
    near = [nearest(value, lists[column]) for value, column in listed]
    near += [None] * (lines.height - len(near))
    return lines.with_columns(
        pl.Series("@expected", near, dtype=pl.String),
        pl.lit(struval.NOT_IN_CODELIST).alias("@struval"),
        pl.Series("@wording", ["unknown-code-near" if code else "unknown-code" for code in near], dtype=pl.String),
    )


def nearest(value: str, codelist: Codelist) -> str | None:
    """The code somebody who wrote ``value`` most likely meant: by its case, its name, or its likeness."""
    folded = value.casefold()
    for code in codelist.items:
        if folded == code.id.casefold() or any(folded == name.casefold() for _, name in code.names):
            return code.id
    return next(iter(get_close_matches(value, codelist.by_id, 1, cutoff=NEAR)), None)


def duplicate_key(subject: Subject) -> Outcome:
    """Keys that more than one observation has; ``@count`` is how many have it."""
    twice = subject.frame.select(subject.keys).group_by(subject.keys).len("@count").filter(pl.col("@count") > 1)
    failures = twice.sort(["@count", *subject.keys], descending=[True, *(False for _ in subject.keys)]).select(
        *subject.place(), "@count", pl.lit(struval.DUPLICATE).alias("@struval")
    )
    return Outcome.of(failures, checked=subject.frame.height, wording="duplicate-key")


def attribute_varies(subject: Subject) -> Outcome:
    """Attributes of the dataset, a group or some dimensions with several values where there is room for one."""
    lines, checked = [], 0
    for attribute in subject.structure.attributes:
        within = _attached_to(subject, attribute)
        if within is None:
            continue
        checked += subject.frame.height
        lines.append(_varying(subject, attribute.id, within))
    return Outcome.of(lines_of(lines), checked=checked, wording="attribute-varies")


def _attached_to(subject: Subject, attribute: Attribute) -> list[str] | None:
    relationship = attribute.relationship
    match relationship.attachment:
        case Attachment.OBSERVATION:
            return None
        case Attachment.DATASET:
            return []
        case Attachment.GROUP:
            groups = {group.id: group.dimensions for group in subject.structure.groups}
            return list(groups[relationship.group or ""])
        case Attachment.DIMENSIONS:
            return list(relationship.dimensions)


def _varying(subject: Subject, name: str, within: list[str]) -> pl.DataFrame:
    frame = subject.frame.select(*within, name)
    if frame[name].n_unique() < 2:
        return pl.DataFrame()
    shape = [pl.col(name).n_unique().alias("@variants"), pl.len().alias("@count")]
    counts = frame.group_by(within).agg(shape) if within else frame.select(shape)
    return (
        counts.filter(pl.col("@variants") > 1)
        .sort(["@count", *within], descending=[True, *(False for _ in within)])
        .select(*subject.place(within), pl.lit(name).alias("@column"), "@variants", "@count")
    )


@dataclass(frozen=True)
class StructuralCheck:
    """One check: its id in reports, its name, what must hold, and the function that makes it."""

    id: str
    name: Text
    formula: str
    check: Callable[[Subject], Outcome]


def _checks(rows: Iterable[tuple[str, str, str, str, Callable[[Subject], Outcome]]]) -> tuple[StructuralCheck, ...]:
    return tuple(StructuralCheck(id_, Text.of(fr=fr, en=en), formula, check) for id_, fr, en, formula, check in rows)


STRUCTURAL: Final = _checks(
    [
        ("NO_OBSERVATIONS", "Il y a des observations", "There are observations", "count >= 1", no_observations),
        (
            "DIMENSION_MISSING",
            "Dimensions renseignées",
            "Dimensions filled in",
            "no dimension is null",
            dimension_missing,
        ),
        ("UNKNOWN_CODE", "Codes connus", "Known codes", "coded value in code list", unknown_code),
        (
            "NOT_PERMITTED",
            "Contenu permis par les contraintes",
            "Content the constraints permit",
            "observation within the data constraints of flow and structure",
            not_permitted,
        ),
        (
            "MANDATORY_ATTRIBUTE_MISSING",
            "Attributs obligatoires",
            "Mandatory attributes",
            "no mandatory attribute is null",
            mandatory_attribute_missing,
        ),
        (
            "MANDATORY_MEASURE_MISSING",
            "Mesures obligatoires",
            "Mandatory measures",
            "no mandatory measure is null",
            mandatory_measure_missing,
        ),
        ("DUPLICATE_KEY", "Clés uniques", "Unique keys", "each key once", duplicate_key),
        ("TIME_PERIOD_FORM", "Forme des périodes", "Form of periods", "SDMX time period", time_period_form),
        (
            "TIME_PERIOD_FREQUENCY",
            "Périodes et fréquence",
            "Periods and frequency",
            "time period of its FREQ",
            time_period_frequency,
        ),
        ("NOT_FINITE", "Nombres finis", "Finite numbers", "no infinity; no NaN in an attribute", not_finite),
        ("TEXT_TOO_LONG", "Longueur des textes", "Length of texts", "length <= max_length", text_too_long),
        ("TEXT_TYPE", "Type des textes", "Type of texts", "text of its data type", text_type),
        ("TOO_MANY_VALUES", "Nombre de valeurs", "Number of values", "values <= max_occurs", too_many_values),
        (
            "FORBIDDEN_CHARACTER",
            "Caractères permis",
            "Permitted characters",
            "no control character in text",
            forbidden_character,
        ),
        (
            "ATTRIBUTE_VARIES",
            "Attributs constants où ils le doivent",
            "Attributes constant where they must be",
            "one value per dataset, group or set of dimensions",
            attribute_varies,
        ),
    ]
)
"""Every structural check, in the order they are made; all of severity error."""
