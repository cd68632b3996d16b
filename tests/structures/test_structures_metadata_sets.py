"""Reference metadata: what is written in SDMX 3 is valid and comes back as it went, what SDMX 2.1 says is understood."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from metadata_samples import (
    AGREEMENT,
    FLOW,
    FORMS,
    MARKUP,
    QUALITY,
    TARGET,
    errors_of,
    markups,
    metadata_sets,
    reported,
    urns,
    words,
)
from structures_samples import DATA, HEADER

from sdmx_gateway.errors import GatewayError, MessageRejected, StructureError
from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.codec import markup
from sdmx_gateway.structures.codec.artefacts.reported import MAX_NESTING
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.markup import MAX_DEPTH, XHTML
from sdmx_gateway.structures.metadata_sets import read_metadata, read_metadata_reporting, write_metadata
from sdmx_gateway.structures.model import Link, MetadataSet, ReportedAttribute, Text

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
forms = pytest.mark.parametrize("form", FORMS)
in_xml = pytest.mark.parametrize("form", [form for form in FORMS if form.is_xml])
in_json = pytest.mark.parametrize("form", [form for form in FORMS if not form.is_xml])


def reasons(form: Form, *sets: MetadataSet, structures: tuple[Urn, ...] = ()) -> str:
    with pytest.raises(StructureError) as refused:
        write_metadata(sets, form, HEADER, structures=structures)
    return refused.value.why


# What is written


@forms
def test_everything_a_set_can_say_is_valid_and_comes_back(form: Form) -> None:
    message = write_metadata([QUALITY], form, HEADER)
    assert errors_of(message, form) == []
    assert read_metadata_reporting(message) == ((QUALITY,), ())


@forms
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_whatever_is_written_is_valid_and_comes_back_as_it_went(form: Form, data: st.DataObject) -> None:
    held = data.draw(metadata_sets(form))
    message = write_metadata([held], form, HEADER, structures=[FLOW])
    assert errors_of(message, form) == []
    assert read_metadata_reporting(message) == ((held,), ())


@st.composite
def any_set(draw: st.DrawFn) -> MetadataSet:
    """A set with one thing changed to what some form cannot say."""
    held = draw(metadata_sets(draw(st.sampled_from(FORMS))))
    anything = st.text(max_size=6)
    changes = {
        "version": st.sampled_from(["2", "1.2", "01.0.0", "1.0.0.0", "latest"]),
        "action": anything,
        "flow": st.one_of(st.none(), *urns.values()),
        "targets": st.lists(st.one_of(*urns.values()) | st.just(Urn(Kind.DATAFLOW, "*", "*", "*")), max_size=2).map(
            tuple
        ),
        "names": st.just(Text()) | st.just(Text((("not a language", "x"),))),
        "attributes": st.lists(any_attribute, max_size=2).map(tuple),
        "set_id": st.just("S"),
        "is_final": st.just(True),
        "reporting_begin": anything | st.just("2024-Q1"),
        "publication_period": anything,
        "publication_year": anything | st.just("12024"),
        "links": st.just((Link(rel="about", urn=str(Urn(Kind.VALUE_LIST, "A", "B"))),)),
        "agency": st.sampled_from(["1A", "A.B", "a b"]),
        "id": anything,
    }
    name = draw(st.sampled_from(sorted(changes)))
    return replace(held, **{name: draw(changes[name])})


any_text = st.builds(
    lambda *pairs: Text(pairs), st.tuples(st.sampled_from(["en", "EN", "", "fr-FR"]), st.text(max_size=5) | markups)
)
any_attribute = st.builds(
    ReportedAttribute,
    id=st.text(max_size=3) | st.just("A"),
    values=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    text=st.just(Text()) | any_text,
    structured=st.just(Text()) | any_text,
    attributes=st.lists(reported(Form.ML_3_0, 0), max_size=1).map(tuple),
)


def _has_edges(held: MetadataSet) -> bool:
    """Whether a text begins or ends with a line break, which reading takes for a pretty printer's."""

    def of(attribute: ReportedAttribute) -> bool:
        said = (*attribute.values, *(text for _, text in attribute.text))
        return any(text[:1] in "\r\n" or text[-1:] in "\r\n" for text in said if text) or any(
            map(of, attribute.attributes)
        )

    return any(map(of, held.attributes))


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(held=any_set(), form=st.sampled_from(FORMS))
def test_a_set_is_either_refused_or_valid_and_the_same_when_it_is_read(held: MetadataSet, form: Form) -> None:
    try:
        message = write_metadata([held], form, HEADER, structures=[FLOW])
    except StructureError:
        return
    assert errors_of(message, form) == []
    if not _has_edges(held):
        assert read_metadata(message) == (held,)


def test_every_reason_is_given_at_once() -> None:
    wrong = replace(QUALITY, names=Text(), targets=(), publication_year="24", set_id="X")
    why = reasons(Form.ML_3_1, wrong)
    for said in ("wants a name", "what it is about", "publication_year '24'", "cannot say set_id"):
        assert said in why


def test_several_values_of_an_attribute_are_said_in_sdmx_ml_3_0_only() -> None:
    several = replace(QUALITY, attributes=(ReportedAttribute(id="MAIL", values=("a", "b")),))
    assert read_metadata(write_metadata([several], "3.0", HEADER)) == (several,)
    for form in FORMS[1:]:
        assert "report the attribute 2 times" in reasons(form, several)


@forms
def test_an_attribute_has_values_or_text_or_markup(form: Form) -> None:
    both = ReportedAttribute(id="X", values=("a",), text=Text.of(en="a"))
    assert "values, or text, or text with markup" in reasons(form, replace(QUALITY, attributes=(both,)))


@in_xml
def test_targets_may_be_whole_classes_in_sdmx_ml(form: Form) -> None:
    every = replace(QUALITY, targets=(Urn(Kind.DATAFLOW, "MADE_UP", "*", "*"),))
    message = write_metadata([every], form, HEADER)
    assert errors_of(message, form) == []
    assert read_metadata(message) == (every,)
    assert "cannot refer to" in reasons(Form.JSON_2_1, every)


@in_json
def test_a_version_of_two_numbers_is_said_in_json_only_where_it_is_the_default(form: Form) -> None:
    (written,) = json.loads(write_metadata([replace(QUALITY, version="1.0")], form, HEADER))["data"]["metadataSets"]
    assert "version" not in written
    assert "version '1.1'" in reasons(form, replace(QUALITY, version="1.1"))


@in_xml
def test_the_header_names_each_flow_once(form: Form) -> None:
    other = replace(QUALITY, id="OTHER", flow=replace(FLOW, id="OTHER"))
    message = write_metadata([QUALITY, replace(QUALITY, id="SECOND"), other], form, HEADER).decode()
    assert re.findall(r"<com:StructureUsage>.*=(.*)</", message) == [FLOW.short, "MADE_UP:OTHER(1.0)"]


@in_xml
def test_a_set_of_an_agreement_needs_a_flow_or_a_structure_for_the_header(form: Form) -> None:
    of_agreement = replace(QUALITY, flow=AGREEMENT)
    assert "no set is of a metadata flow" in reasons(form, of_agreement)
    assert "it is no metadata flow or structure" in reasons(form, of_agreement, structures=(TARGET,))
    structure = Urn(Kind.METADATA_STRUCTURE, "MADE_UP", "QUALITY", "1.0")
    message = write_metadata([of_agreement], form, HEADER, structures=[structure])
    assert errors_of(message, form) == []
    assert read_metadata(message) == (of_agreement,)


@in_xml
def test_a_set_that_is_elsewhere_may_say_nothing_but_where(form: Form) -> None:
    stub = MetadataSet(
        agency="A", id="B", names=Text.of(en="b"), is_external_reference=True, structure_url="https://example.org/b"
    )
    message = write_metadata([stub], form, HEADER, structures=[FLOW])
    assert errors_of(message, form) == []
    assert read_metadata(message) == (stub,)


def test_two_sets_of_one_name_are_refused() -> None:
    assert "two sets are called" in reasons(Form.JSON_2_0, QUALITY, replace(QUALITY, action=None))


@pytest.mark.parametrize("form", [Form.ML_2_1, Form.JSON_1_0])
def test_metadata_of_sdmx_2_1_is_read_and_not_written(form: Form) -> None:
    with pytest.raises(StructureError, match="read, and not written"):
        write_metadata([QUALITY], form, HEADER)


def nested(depth: int) -> tuple[ReportedAttribute, ...]:
    inside: tuple[ReportedAttribute, ...] = ()
    for _ in range(depth):
        inside = (ReportedAttribute(id="A", text=Text.of(en="x"), attributes=inside),)
    return inside


@forms
def test_attributes_are_nested_as_deep_as_the_limit_says_and_no_deeper(form: Form) -> None:
    deepest = replace(QUALITY, attributes=nested(MAX_NESTING))
    assert read_metadata(write_metadata([deepest], form, HEADER)) == (deepest,)
    assert "nested 25 deep" in reasons(form, replace(QUALITY, attributes=nested(MAX_NESTING + 1)))
    assert "nested 900 deep" in reasons(form, replace(QUALITY, attributes=nested(900)))


# Markup


@forms
def test_markup_is_kept_to_the_blank(form: Form) -> None:
    text = f'before <p xmlns="{XHTML}"> two  blanks,\n\n   a line <em>\t</em></p>   <p xmlns="{XHTML}"><br/></p>after'
    held = replace(QUALITY, attributes=(ReportedAttribute(id="M", structured=Text.of(en=text)),))
    message = write_metadata([held], form, HEADER)
    assert errors_of(message, form) == []
    assert read_metadata(message) == (held,)


@pytest.mark.parametrize(
    ("spelt", "canonical"),
    [
        (f"<x:p xmlns:x='{XHTML}'>a</x:p>", f'<p xmlns="{XHTML}">a</p>'),
        (
            f'<p xmlns="{XHTML}" z="1" a="&#60;"><em></em><br></br></p>',
            f'<p xmlns="{XHTML}" a="&lt;" z="1"><em></em><br/></p>',
        ),
        (f'\n   <p xmlns="{XHTML}"><![CDATA[a < b]]></p>\n ', f'<p xmlns="{XHTML}">a &lt; b</p>'),
        ("&#233; &amp; <!-- no -->x", "é &amp; x"),
        (' <p xmlns=""/> ', " <p></p> "),
        (
            f'<p xmlns="{XHTML}" xml:lang="fr" b:c="d" xmlns:b="urn:b"/>',
            f'<p xmlns="{XHTML}" xml:lang="fr" xmlns:n1="urn:b" n1:c="d"></p>',
        ),
    ],
)
def test_markup_has_one_spelling(spelt: str, canonical: str) -> None:
    assert markup.canonical(spelt) == canonical
    assert markup.canonical(canonical) == canonical


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=30) | markups | words)
def test_the_canonical_spelling_of_markup_is_canonical(text: str) -> None:
    canonical = markup.canonical(text)
    if canonical is not None:
        assert markup.canonical(canonical) == canonical


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("<p>", "not well-formed"),
        ("<p>no namespace</p>", "p is no element of XHTML"),
        (f'<p xmlns="{XHTML}"><svg xmlns="urn:svg"/></p>', "svg is no element of XHTML"),
        (f'<p xmlns="{XHTML}" xmlns:b="urn:b" b:c="d"/>', "an attribute of another namespace"),
        ("</x><x>", "not well-formed"),
        ("&nbsp;", "not well-formed"),
        ("<!-- why -->", "a comment or a processing instruction"),
        ("<?php ?>", "a comment or a processing instruction"),
        ("\x0b", "U+000B LINE TABULATION"),
        (f'<p xmlns="{XHTML}">{"<p>" * MAX_DEPTH}{"</p>" * MAX_DEPTH}</p>', f"nested deeper than {MAX_DEPTH}"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>', "not well-formed"),
    ],
)
@forms
def test_what_is_no_markup_is_refused_with_the_reason(form: Form, wrong: str, reason: str) -> None:
    held = replace(QUALITY, attributes=(ReportedAttribute(id="M", structured=Text.of(en=wrong)),))
    assert reason in reasons(form, held)


@in_json
def test_a_text_that_looks_like_markup_stays_text(form: Form) -> None:
    held = replace(QUALITY, attributes=(ReportedAttribute(id="M", text=Text.of(en=MARKUP)),))
    message = write_metadata([held], form, HEADER)
    assert json.loads(message)["data"]["metadataSets"][0]["attributes"][0]["format"] == {"dataType": "String"}
    assert read_metadata_reporting(message) == ((held,), ())


def of_json(**attribute: object) -> tuple[ReportedAttribute, list[str]]:
    """What an attribute of SDMX-JSON says, and what is told of it."""
    message = json.loads(write_metadata([QUALITY], Form.JSON_2_1, HEADER))
    message["data"]["metadataSets"][0]["attributes"] = [{"id": "A", **attribute}]
    message["meta"]["contentLanguages"] = ["fr"]
    (held,), notes = read_metadata_reporting(json.dumps(message).encode())
    return held.attributes[0], [note.what for note in notes]


def test_values_of_json_are_read_as_texts() -> None:
    for value, text in ((2721, "2721"), (1.5, "1.5"), (True, "true"), (1e22, "10000000000000000000000"), ("x", "x")):
        assert of_json(value=value) == (ReportedAttribute(id="A", values=(text,)), [])
    assert of_json(value=["a", 1]) == (ReportedAttribute(id="A", values=("a", "1")), [])
    assert of_json(value=None) == (ReportedAttribute(id="A"), [])


def test_markup_of_json_is_told_from_text() -> None:
    guessed = of_json(value={"en": MARKUP})
    assert guessed == (
        ReportedAttribute(id="A", structured=Text.of(en=MARKUP)),
        ["a text that looks like XHTML is read as markup"],
    )
    one = of_json(format={"dataType": "XHTML"}, value="<br>")
    assert one == (
        ReportedAttribute(id="A", structured=Text.of(fr="<br>")),
        ["markup that is not well-formed is kept as it is"],
    )
    assert of_json(value={"en": "<b>"}) == (ReportedAttribute(id="A", text=Text.of(en="<b>")), [])


# What others write


def test_a_report_of_sdmx_ml_2_1_is_read_as_a_metadata_set() -> None:
    (esms,), notes = read_metadata_reporting((DATA / "ESTAT_esms.xml").read_bytes())
    assert esms.urn.short == "ESTAT:ESMS_SIMPLE_REPORT(1.0)"
    assert [urn.class_name for urn in esms.targets] == ["Category", "DataProvider"]
    assert (esms.reporting_begin, esms.reporting_end) == ("2010", "2010")
    contact, update, presentation = esms.attributes
    assert contact.attributes[2].attributes[1] == ReportedAttribute(id="CITY", values=("LUXEMBOURG",))
    assert update.attributes[2].values == ("2010-01-13",)
    ((language, described),) = presentation.attributes[0].structured
    assert language == "en"
    assert described.startswith(f'<div xmlns="{XHTML}">\n')
    assert "1<sup>st</sup> January" in described
    assert described.endswith("</div>")
    told = " ".join(note.what for note in notes)
    assert "MetadataStructure ESTAT:ESMS(1.0)" in told
    assert "report ESMS_SIMPLE_REPORT on CATEGORY_TARGET is read as a metadata set of its own" in told


@forms
def test_a_report_of_2_1_is_written_once_it_has_a_name_and_a_flow(form: Form) -> None:
    (esms,) = read_metadata((DATA / "ESTAT_esms.xml").read_bytes())
    assert "wants a name" in reasons(form, esms, structures=(FLOW,))
    named = replace(esms, names=Text.of(en="ESMS"), flow=FLOW)
    assert read_metadata(write_metadata([named], form, HEADER)) == (named,)


def test_reports_of_sdmx_json_1_0_are_read_and_what_they_are_about_is_told() -> None:
    sets, notes = read_metadata_reporting((DATA / "IMF_IFS-metadata-1.0.json").read_bytes())
    assert [each.urn.short for each in sets] == [
        "IMF:METADATASET1(1.0)",
        *(f"IMF:METADATASET1_{number}(1.0)" for number in (2, 3, 4, 5)),
    ]
    assert [urn.class_name for each in sets for urn in each.targets] == [
        "DataStructure",
        "DataStructure",
        "Dimension",
        "Code",
    ]
    told = [note.what for note in notes if note.code == "left-out"]
    assert "it is about the key ECONOMICCONCEPT=ENDA, DATASOURCE=IFS (DATA_KEY), which is no target in SDMX 3" in told
    assert any("data set DATASET1" in what for what in told)


def test_the_specimen_of_sdmx_json_2_1_is_read_whole() -> None:
    sets, notes = read_metadata_reporting((DATA / "ESTAT_ESMS-metadata-2.1.json").read_bytes())
    assert [each.id for each in sets] == ["METADATASET1", "META_UPDATE", "STAT_PRES"]
    assert sets[0].attributes[0].attributes[2].attributes[2].values == ("2721",)
    assert sets[2].attributes[0].structured
    assert {note.code for note in notes} == {"repaired"}


def test_the_action_of_the_header_is_that_of_a_set_without_one() -> None:
    message = write_metadata([replace(QUALITY, action=None)], "3.1", HEADER).decode()
    header = re.sub("</mes:Header>", "<mes:DataSetAction>Merge</mes:DataSetAction></mes:Header>", message)
    assert read_metadata(header.encode())[0].action == "Merge"
    assert read_metadata(write_metadata([QUALITY], "3.1", HEADER))[0].action == "Replace"


def report_2_1(structure: str, target: str = "", provider: str = "") -> bytes:
    of = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    return f"""<GenericMetadata xmlns="{of}/message" xmlns:c="{of}/common" xmlns:m="{of}/metadata/generic">
      <Header><ID>X</ID><Test>false</Test><Prepared>2024-01-01</Prepared><Sender id="FR9"/>
        <Structure structureID="S">{structure}</Structure></Header>
      <MetadataSet structureRef="S" setID="SET" action="Delete">{provider}
        <m:Report id="R"><m:Target id="T">{target}</m:Target><m:AttributeSet>
          <m:ReportedAttribute id="A"><c:Text xml:lang="fr">é</c:Text></m:ReportedAttribute>
        </m:AttributeSet></m:Report></MetadataSet></GenericMetadata>""".encode()


def test_the_flow_or_the_agreement_of_a_report_is_that_of_the_header() -> None:
    of_flow = report_2_1('<c:StructureUsage><Ref agencyID="MADE_UP" id="QUALITY" version="1.0"/></c:StructureUsage>')
    (held,) = read_metadata(of_flow)
    assert held == MetadataSet(
        agency="FR9",
        id="SET",
        flow=FLOW,
        action="Delete",
        attributes=(ReportedAttribute(id="A", text=Text.of(fr="é")),),
    )
    urn = "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=MADE_UP:QUALITY_BY_US(1.0)"
    agreed = f"<c:ProvisionAgrement><URN>{urn}</URN></c:ProvisionAgrement>"
    (held,), notes = read_metadata_reporting(report_2_1(agreed))
    assert held.flow == AGREEMENT
    assert any("is read as one on metadata" in note.what for note in notes)


def test_the_provider_of_a_report_is_the_agency_of_the_set() -> None:
    scheme = 'agencyID="SDMX" maintainableParentID="DATA_PROVIDERS" maintainableParentVersion="1.0"'
    provider = f'<m:DataProvider><Ref {scheme} id="{{}}" class="DataProvider" package="base"/></m:DataProvider>'
    assert read_metadata(report_2_1("", provider=provider.format("INSEE")))[0].agency == "INSEE"
    assert read_metadata(report_2_1("", provider=provider.format("4D0")))[0].agency == "FR9"


# What must not pass

HOSTILE = {
    "doctype": b"<!DOCTYPE x><GenericMetadata/>",
    "not-well-formed": b"<GenericMetadata>",
    "not-a-metadata-message": b"<GenericMetadata xmlns='http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message'/>",
    "too-deep": b'{"a":' + b"[" * 70 + b"]" * 70 + b"}",
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_may_not_be_read_is_rejected(code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        read_metadata(HOSTILE[code])
    assert [problem.code for problem in rejected.value.problems] == [code]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[1]", "not-well-formed"),
        (b'{"data": {}}', "not-a-metadata-message"),
        (b'{"data": {"metadataSets": [3]}}', "wrong-value"),
        (b'{"data": {"metadataSets": [{"id": "A"}]}}', "no-identification"),
        (b'{"data": {"metadataSets": [{"id": "A b", "agencyID": "C"}]}}', "wrong-id"),
        (b'{"data": {"metadataSets": [{"id": "A", "agencyID": "C", "targets": ["urn"]}]}}', "wrong-reference"),
        (
            b'{"data": {"metadataSets": [{"id": "A", "agencyID": "C", "attributes": [{"value": 1e999}]}]}}',
            "not-well-formed",
        ),
        (b'{"data": {"metadataSets": [{"id": "A", "agencyID": "C", "attributes": [{}]}]}}', "no-identification"),
    ],
)
def test_what_is_wrong_with_a_message_of_json_is_told(data: bytes, code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        read_metadata(data)
    assert [problem.code for problem in rejected.value.problems] == [code]


def test_attributes_nested_deeper_than_the_limit_are_not_read() -> None:
    start, end = '<md:Attribute id="A">', "</md:Attribute>"
    message = write_metadata([replace(QUALITY, attributes=nested(1))], "3.1", HEADER).decode()
    inside = re.search(r"<md:Attribute .*</md:Attribute>", message, re.DOTALL)
    assert inside is not None
    for depth, is_read in ((MAX_NESTING, True), (MAX_NESTING + 1, False), (240, False)):
        deep = message.replace(inside[0], start * depth + end * depth).encode()
        if is_read:
            assert read_metadata(deep)
        else:
            with pytest.raises(MessageRejected, match="nested deeper"):
                read_metadata(deep)


TOKEN = re.compile(rb'"[^"]*"|>[^<]*<|</?[a-z]+:[A-Za-z]+')


@settings(max_examples=150, deadline=None)
@given(data=st.data(), form=st.sampled_from(FORMS))
def test_a_spoilt_message_is_read_or_refused_and_never_breaks_the_reader(data: st.DataObject, form: Form) -> None:
    message = write_metadata([QUALITY], form, HEADER)
    found = TOKEN.findall(message)
    for _ in range(data.draw(st.integers(1, 4))):
        old = data.draw(st.sampled_from(found))
        new = data.draw(st.sampled_from([token for token in found if token[:1] == old[:1]]) | st.binary(max_size=4))
        message = message.replace(old, new, data.draw(st.integers(1, 3)))
    try:
        again = write_metadata(read_metadata(message), form, HEADER)
    except GatewayError:
        return
    assert errors_of(again, form) == []
