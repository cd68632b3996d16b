"""What values a concept or a component takes, as it is authored: codes of a list, or text of a type with every facet."""

from __future__ import annotations

from typing import Any, Final

from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.model import DataType, Kind, Representation, SentinelValue

_LISTS: Final = {"codelist": Kind.CODELIST, "valuelist": Kind.VALUE_LIST}
_WHOLE: Final = ("min_length", "max_length", "decimals")
_NUMBERS: Final = ("min_value", "max_value", "start_value", "end_value", "interval")
_TEXTS: Final = ("pattern", "time_interval", "start_time", "end_time")
_FLAGS: Final = {"sequence": "is_sequence", "multilingual": "is_multilingual"}
FACETS: Final = (*_WHOLE, *_NUMBERS, *_TEXTS, *_FLAGS, "sentinels")
OCCURRENCES: Final = ("multiple", "min_occurs", "max_occurs")
REPRESENTATION_WORDS: Final = (*_LISTS, "type", *FACETS, *OCCURRENCES)
SENTINEL_WORDS: Final = ("value", "name", "description")


def representation(table: Table, *, occurs: bool = True) -> Representation | None:
    """The values a table writes with ``codelist``, ``valuelist`` or ``type``; ``None`` when it writes none of them.

    ``occurs``: whether how many values there may be is said of the values, not of what has them.
    """
    lists = {key: table.reference(key, kind) for key, kind in _LISTS.items()}
    data_type = table.word("type", [t.value for t in DataType])
    given = [key for key in (*_LISTS, "type") if key in table.values]
    if len(given) > 1:
        what = f"{' and '.join(given)} cannot both be given"
        table.notes.add("wrong-value", what, table.where(given[-1]), remedy="keep one of them")
    further = {**_facets(table), **(occurrences(table) if occurs else {})}
    if not given:
        for key in (*FACETS, *(OCCURRENCES if occurs else ())):
            if key in table.values:
                what = f"{key} says something of values that are not described"
                table.notes.add("missing-word", what, table.where(key), near=("type", "codelist", "valuelist"))
        return None
    codelist = next((urn for urn in lists.values() if urn is not None), None)
    if codelist is None and data_type is None:
        return None
    return Representation(codelist=codelist, data_type=DataType(data_type or DataType.STRING), **further)


def _facets(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {key: table.number(key, least=0 if key == "decimals" else 1) for key in _WHOLE}
    found |= {key: table.decimal(key) for key in _NUMBERS}
    found |= {key: table.text(key) for key in _TEXTS}
    found |= {field: table.flag(key) if key in table.values else None for key, field in _FLAGS.items()}
    found["sentinels"] = tuple(_sentinel(entry) for entry in table.inner_tables("sentinels", SENTINEL_WORDS))
    return found


def _sentinel(entry: Table) -> SentinelValue:
    value = entry.text("value", required=True)
    return SentinelValue(value=value or "", names=entry.texts("name"), descriptions=entry.texts("description"))


def occurrences(table: Table) -> dict[str, Any]:
    """How many values there may be: one, ``multiple`` for any number, or as ``min_occurs`` and ``max_occurs`` say."""
    least, most = table.number("min_occurs", least=0), table.number("max_occurs")
    if table.flag("multiple"):
        if "max_occurs" in table.values:
            what = "multiple and max_occurs cannot both be given"
            table.notes.add("wrong-value", what, table.where("max_occurs"), remedy="keep one of them")
        most = None
    elif most is None:
        most = 1
    return {"min_occurs": 1 if least is None else least, "max_occurs": most}
