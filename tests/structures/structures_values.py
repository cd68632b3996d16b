"""Strategies for what artefacts are made of: texts that are awkward, ids, addresses, dates, names of other artefacts.

Each is for a form: what it draws, that form can say, and nothing it draws may be refused there.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from sdmx_gateway.structures.codec.form import OF_3, OF_3_1, Form
from sdmx_gateway.structures.model import Annotation, AnnotationUrl, Link, Text
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_text import forbidden_character

LETTERS = "ABCXYZabcxyz"
AWKWARD = (
    "l'été « à 5\u00a0% »", 'dit "on"', "<&>", "]]>", " deux  blancs ", "\t", "a\nb", "a\r\nb", "a\rb", "𝄞", "e\u0301",
    "&amp;", "<!-- -->", "\\", "{}", "%", "null", "true", "-", "…",
)  # fmt: skip


def is_kept(text: str) -> bool:
    """Whether XML carries a text, and it neither begins nor ends with a line break, as one that is laid out does."""
    return forbidden_character(text) is None and text[:1] not in ("\r", "\n") and text[-1:] not in ("\r", "\n")


plain = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=6)
words = st.one_of(st.sampled_from(AWKWARD), st.tuples(plain, st.sampled_from(AWKWARD)).map("".join), plain).filter(
    is_kept
)
maybe_words = st.none() | words
names = st.text(f"{LETTERS}019_-", max_size=3).flatmap(
    lambda tail: st.sampled_from(LETTERS).map(lambda head: head + tail)
)
ids = st.text(f"{LETTERS}019_-@$", min_size=1, max_size=4)
nested_ids = st.lists(ids, min_size=1, max_size=3).map(".".join)
agencies = st.lists(names, min_size=1, max_size=2).map(".".join)
languages = st.sampled_from(["fr", "en", "de", "pt-BR", "zh-Hant-TW"])
texts = st.dictionaries(languages, words, min_size=1, max_size=2).map(lambda pairs: Text(tuple(pairs.items())))
maybe_texts = st.just(Text()) | texts
whole = st.integers(1, 99)
decimals = st.decimals(-999, 999, places=2)
whole_decimals = st.integers(-99, 99).map(Decimal)
days = st.sampled_from(["2020-02-29", "1999-12-31"])
durations = st.sampled_from(["P1Y", "P3M", "P1DT12H", "PT30S"])
ABSOLUTE = ("https://example.org:80/a?b=c&d#e", "urn:x:y", "mailto:a@b.c", "http://h/%20")
RELATIVE = ("a/b", "//host/%20", "#x", "é/:", "https://example.org/été")


def addresses(form: Form) -> st.SearchStrategy[str]:
    return st.sampled_from((*ABSOLUTE, *RELATIVE) if form.is_xml else ABSOLUTE)


def versions(form: Form) -> st.SearchStrategy[str]:
    return st.sampled_from(
        ("1.0", "2", "1.10.3", "4.0.0.1") if form not in OF_3 else ("1.0", "2", "1.10.3", "2.0.0-draft.1")
    )


def referred_versions(form: Form) -> st.SearchStrategy[str]:
    return versions(form) | st.sampled_from(("1.2+.0", "1+.0.0", "1.0.2+")) if form in OF_3 else versions(form)


zones = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(hours=14))])
moments = st.builds(
    lambda moment, zone: moment.replace(tzinfo=zone),
    st.datetimes(),
    zones,
)
maybe_moments = st.none() | moments
PERIODS = ("2020", "2020-02", "2020-02-29", "2020-A1", "2020-Q4", "2020-M12", "2020-W53", "2020-D366")
standard_periods = st.sampled_from((*PERIODS, "2020-02-29T23:59:59Z", "2020-02-29T23:59:59.5+01:00"))
periods = standard_periods | st.sampled_from(("2020-01-01/P1Y", "2020-01-01/P1DT2H", "2020-01-01T00:00:00/PT1H"))
written_moments = st.sampled_from(("2020-02-29T23:59:59Z", "2020-02-29T23:59:59.5+01:00"))


def annotations(form: Form) -> st.SearchStrategy[tuple[Annotation, ...]]:
    more = st.builds(AnnotationUrl, addresses(form), st.none() | languages)
    note = st.builds(
        Annotation,
        id=maybe_words,
        type=maybe_words,
        title=maybe_words,
        url=st.none() | addresses(form),
        text=maybe_texts,
        value=maybe_words if form in OF_3 else st.none(),
        more_urls=st.just(()) if form is Form.ML_2_1 else st.lists(more, max_size=2).map(tuple),
    )
    return st.lists(note.filter(_begins_plainly), max_size=2).map(tuple)


def _begins_plainly(note: Annotation) -> bool:
    """The first address is ``url`` unless it has a language."""
    return note.url is not None or not note.more_urls or note.more_urls[0].language is not None


def links(form: Form) -> st.SearchStrategy[tuple[Link, ...]]:
    if form is Form.ML_2_1:
        return st.just(())
    own = st.sampled_from(("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL(1.0)",))
    link = st.builds(
        Link,
        rel=st.sampled_from(("alternate", "related", "é")),
        url=addresses(form) if form.is_xml else st.just("https://example.org/x"),
        urn=st.none() | own,
        type=maybe_words,
        titles=st.just(Text()) if form.is_xml else maybe_texts,
        language=st.none() if form.is_xml else st.none() | languages,
        uri=st.none() if form.is_xml else st.none() | addresses(form),
    )
    return st.lists(link, max_size=2).map(tuple)


ODD = (
    "", " ", "\n", "\t", "x\n", "\rx", "\0", "\ud800", "\ufffe", "é", "²", "0", "1", "true", "null", "%", "*", "+", ".", "A.", "a.b",
    "-", "A@", "2020-13", "http://a b/", "urn:x", "x" * 300, "<b>", "{", "TIME_PERIOD", "OBS_VALUE",
)  # fmt: skip
odd_texts = st.sampled_from(ODD) | st.text(max_size=4)
odd_wholes = st.sampled_from((0, -1, 1, 2**31, 2**63, 10**30)) | st.integers()
odd_decimals = (
    st.sampled_from(
        tuple(map(Decimal, ("NaN", "Infinity", "-0", "1.50", "1E+3", "1E-9", "1E+39", "1E+400", "1E+5000", "1E-5000")))
    )
    | st.decimals()
)
odd_moments = st.datetimes(
    timezones=st.sampled_from(
        (None, UTC, timezone(timedelta(hours=1, minutes=2, seconds=3)), timezone(timedelta(hours=20)))
    )
)
odd_languages = st.sampled_from(("en", "fr", "EN", "en-GB", "i-klingon", "", "x y", "é", "a" * 9))
odd_translations = st.lists(st.tuples(odd_languages, odd_texts), max_size=3).map(lambda pairs: Text(tuple(pairs)))


@st.composite
def odd_urns(draw: st.DrawFn) -> Urn:
    """A reference to anything, in any version, to an item of any class."""
    kind = draw(st.sampled_from(Kind))
    item = draw(st.none() | st.sampled_from(("A", "1", "a-b", "A.B", "A@B", "é", "", " A", "A\n", "TIME_PERIOD")))
    item_class = draw(st.none() | st.sampled_from((*kind.item_classes, "Dimension", "DataAttribute", "Nonsense")))
    agency = draw(st.sampled_from(("A", "A.B", "*", "1", "A-1.B")))
    version = draw(st.sampled_from(("1.0", "1", "1.0.0", "*", "+", "2+.0.0", "1.0.0-draft", "~", "latest", "1.2.3.4")))
    return Urn(kind, agency, draw(st.sampled_from(("X", "*", "1X", "a@"))), version, item, item_class)


FIXED = {
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}


def urns(form: Form, *kinds: Kind, item: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Urn]:
    """References to artefacts of these kinds, or to items of them."""

    def named(kind: Kind) -> st.SearchStrategy[Urn]:
        fixed = FIXED.get(kind)
        own_id, version = (names, referred_versions(form)) if fixed is None else (st.just(fixed), st.just("1.0"))
        return st.builds(Urn, st.just(kind), agencies, own_id, version, st.none() if item is None else item)

    return st.one_of(*map(named, kinds))


REFERABLE = (
    Kind.CODELIST, Kind.CONCEPT_SCHEME, Kind.CATEGORY_SCHEME, Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE,
    Kind.DATAFLOW, Kind.METADATAFLOW, Kind.PROVISION_AGREEMENT, Kind.PROCESS, Kind.CATEGORISATION, Kind.AGENCY_SCHEME,
)  # fmt: skip


def things(form: Form) -> st.SearchStrategy[Urn]:
    """References to artefacts of any kind, or to an item."""
    return urns(form, *REFERABLE) | urns(form, Kind.CODELIST, Kind.DATAFLOW) | urns(form, Kind.CODELIST, item=ids)


def several(
    of: st.SearchStrategy[Any], *, least: int = 0, most: int = 2, by: Any = None
) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few, none twice."""
    return st.lists(of, min_size=least, max_size=most, unique_by=by or (lambda each: each)).map(tuple)


def optional(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | of


def is_3_1(form: Form) -> bool:
    return form in OF_3_1
