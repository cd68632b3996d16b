"""Structure messages as they really come, and as they must not."""

from __future__ import annotations

import codecs
import gzip
import re
from collections import Counter
from dataclasses import replace

import pytest
from structures_samples import CONCEPTS, DATA, DSD, EVERYTHING, HEADER, SEX, STRUCTURE, VERSIONS

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.structures import Catalogue, Kind, Urn, read_structures, read_structures_reporting, write_structures
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Artefact,
    Attachment,
    Codelist,
    ConceptScheme,
    DataStructure,
    DataType,
    Relationship,
    Representation,
    Text,
)
from sdmx_gateway.structures.xml_guard import MAX_ATTRIBUTES

GLOBAL = DSD / "IAEG-SDGs" / "foreign" / "IAEG-SDGs_SDG_1.4_structure.xml.gz"
SPACES = " ".join(
    f'xmlns:{prefix}="http://www.sdmx.org/resources/sdmxml/schemas/{{0}}/{part}"'
    for prefix, part in (("mes", "message"), ("str", "structure"), ("com", "common"))
)


def message(body: str, version: str = "v2_1") -> bytes:
    """A structure message around a body, its header left out: it is not looked at."""
    root = f"<mes:Structure {SPACES.format(version)}>"
    return f"{root}<mes:Structures>{body}</mes:Structures></mes:Structure>".encode()


def structure(components: str) -> bytes:
    head = (
        '<str:DataStructures><str:DataStructure id="D" agencyID="A"><com:Name>D</com:Name><str:DataStructureComponents>'
    )
    return message(f"{head}{components}</str:DataStructureComponents></str:DataStructure></str:DataStructures>")


def codelist(body: str, attributes: str = 'id="CL" agencyID="A"') -> bytes:
    return message(
        f"<str:Codelists><str:Codelist {attributes}><com:Name>C</com:Name>{body}</str:Codelist></str:Codelists>"
    )


def named(element: str, content: str = "", attributes: str = "id='X' agencyID='A'") -> str:
    """An element with a name, and what comes after it."""
    return f"<str:{element} {attributes}><com:Name>{element}</com:Name>{content}</str:{element}>"


def within(*elements: str, content: str = "") -> str:
    """Content inside elements inside each other."""
    for element in reversed(elements):
        content = f"<str:{element}>{content}</str:{element}>"
    return content


CONCEPT = '<str:ConceptIdentity><Ref id="C" maintainableParentID="S" agencyID="A"/></str:ConceptIdentity>'

CODE = "<str:ConceptIdentity>urn:sdmx:org.sdmx.infomodel.codelist.Code=A:CL(1.0).C</str:ConceptIdentity>"


def one(data: bytes) -> Artefact:
    (artefact,) = read_structures(data)
    return artefact


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(MessageRejected) as caught:
        read_structures(data)
    return caught.value.problems


def counted(artefacts: tuple[Artefact, ...]) -> Counter[str]:
    return Counter(artefact.KIND.value for artefact in artefacts)


@pytest.mark.skipif(not GLOBAL.exists(), reason="the global SDG structures are not shipped")
def test_the_global_sdg_structures_are_read_completely() -> None:
    artefacts, told = read_structures_reporting(gzip.decompress(GLOBAL.read_bytes()))
    assert counted(artefacts) == {"Codelist": 20, "ConceptScheme": 1, "DataStructure": 1, "AgencyScheme": 1}
    assert told == ()
    catalogue = Catalogue.of(artefacts)
    assert catalogue.check() == ()
    sdg = catalogue.structure(Urn(Kind.DATA_STRUCTURE, "IAEG-SDGs", "SDG", "1.4"))
    assert (sdg.dimensions[0].id, sdg.dimensions[-1].id, len(sdg.dimensions)) == ("FREQ", "TIME_PERIOD", 16)
    assert sdg.measures[0].representation.data_type is DataType.DOUBLE
    series = catalogue.codelist_of(sdg.components["SERIES"])
    assert series is not None
    assert series["VC_IHR_PSRC"].names.best("en", "fr")
    assert sdg.components["SEX"].representation.is_coded
    areas = catalogue.codelist(Urn(Kind.CODELIST, "IAEG-SDGs", "CL_AREA", "1.4"))
    assert all(area.parent is None or area.parent in areas for area in areas.items)


def test_a_national_extension_with_a_bom_is_read_completely() -> None:
    data = gzip.decompress((DATA / "SDG_DSD.KG_1.8.xml.gz").read_bytes())
    assert data.startswith(codecs.BOM_UTF8)
    artefacts, told = read_structures_reporting(data)
    assert counted(artefacts) == {"Codelist": 20, "ConceptScheme": 1, "DataStructure": 1, "Dataflow": 1}
    assert told == ()
    assert Catalogue.of(artefacts).check() == ()


@pytest.mark.parametrize(
    ("name", "expected", "told_codes"),
    [
        ("ESTAT_CL_FREQ", {"Codelist": 1}, {}),
        ("SGR_common-structure", {"Codelist": 5, "ConceptScheme": 1}, {}),
        ("ESTAT_apro_mk_cola-structure", {"Codelist": 6, "ConceptScheme": 1, "DataStructure": 1}, {}),
        (
            "ESTAT_GOV_10Q_GGNFA",
            {"Codelist": 4, "ConceptScheme": 1, "DataStructure": 1, "Dataflow": 1},
            {},
        ),
        (
            "ESTAT_demography-structure",
            {"Codelist": 8, "ConceptScheme": 3, "DataStructure": 1},
            {},
        ),
    ],
)
def test_published_specimens_are_read_and_what_is_not_held_is_told(
    name: str, expected: dict[str, int], told_codes: dict[str, int]
) -> None:
    artefacts, told = read_structures_reporting((DATA / f"{name}.xml").read_bytes())
    assert counted(artefacts) == expected
    assert Counter(problem.code for problem in told) == told_codes
    assert all(problem.where.key for problem in told)


def test_a_structure_without_its_lists_in_the_message_still_names_them() -> None:
    artefacts = read_structures((DATA / "ESTAT_GOV_10Q_GGNFA.xml").read_bytes())
    (found,) = [a for a in artefacts if isinstance(a, DataStructure)]
    codelist_urn = found.components["freq"].representation.codelist
    assert codelist_urn is not None
    assert codelist_urn not in Catalogue.of(artefacts)


def test_a_data_message_is_not_taken_for_a_structure_message() -> None:
    (problem,) = problems((DATA / "ESTAT_NAMA_10_GDP-ss.xml").read_bytes())
    assert problem.code == "not-a-structure-message"
    assert "StructureSpecificData" in problem.what


@pytest.mark.parametrize("version", VERSIONS)
def test_a_bom_and_utf_16_change_nothing(version: str) -> None:
    data = write_structures(EVERYTHING, version, HEADER)
    expected = read_structures(data)
    assert read_structures(codecs.BOM_UTF8 + data) == expected
    assert read_structures(b"\n  " + data) == expected
    assert read_structures(data.decode().replace("UTF-8", "UTF-16").encode("utf-16")) == expected


def test_a_latin_encoding_that_is_declared_is_read() -> None:
    data = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + codelist(
        "<str:Code id='A'><com:Name>Été</com:Name></str:Code>"
    ).decode().encode("latin-1")
    found = one(data)
    assert isinstance(found, Codelist)
    assert found["A"].names == Text.of(en="Été")


def test_artefacts_come_in_the_order_of_the_message() -> None:
    for version in VERSIONS:
        read = read_structures(write_structures(EVERYTHING, version, HEADER))
        assert set(read) == set(EVERYTHING)
        assert read == read_structures(write_structures(read, version, HEADER))


REFERENCES = {
    "a Ref with everything": '<Ref id="CL" agencyID="A" version="2.0" class="Codelist" package="codelist"/>',
    "a Ref without its class": '<Ref id="CL" agencyID="A" version="2.0"/>',
    "a URN element": "<URN>urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL(2.0)</URN>",
    "a URN as text": "\n  urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL(2.0)\n",
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_a_reference_is_read_however_it_is_written(reference: str) -> None:
    values = within("LocalRepresentation", "Enumeration", content=reference)
    dimension = f'<str:Dimension id="X">{CONCEPT}{values}</str:Dimension>'
    found = one(structure(f"<str:DimensionList>{dimension}</str:DimensionList>"))
    assert isinstance(found, DataStructure)
    assert found.dimensions[0].representation == Representation(codelist=Urn(Kind.CODELIST, "A", "CL", "2.0"))
    assert found.dimensions[0].concept == Urn(Kind.CONCEPT_SCHEME, "A", "S", "1.0", "C")


def test_a_component_without_an_id_is_called_by_its_concept_and_the_fixed_ones_by_theirs() -> None:
    parts = f"<str:Dimension>{CONCEPT}</str:Dimension><str:TimeDimension>{CONCEPT}</str:TimeDimension>"
    parts = within("DimensionList", content=parts)
    found = one(
        structure(f"{parts}<str:MeasureList><str:PrimaryMeasure>{CONCEPT}</str:PrimaryMeasure></str:MeasureList>")
    )
    assert isinstance(found, DataStructure)
    assert list(found.components) == ["C", "TIME_PERIOD", "OBS_VALUE"]
    assert found.dimensions[1].representation.data_type is DataType.OBSERVATIONAL_TIME_PERIOD


def test_dimensions_go_by_their_positions_and_time_comes_last() -> None:
    listed = (("B", 2), ("A", 1))
    dimensions = "".join(f'<str:Dimension id="{i}" position="{p}">{CONCEPT}</str:Dimension>' for i, p in listed)
    time = f'<str:TimeDimension id="TIME_PERIOD">{CONCEPT}</str:TimeDimension>'
    found = one(structure(f"<str:DimensionList>{time}{dimensions}</str:DimensionList>"))
    assert isinstance(found, DataStructure)
    assert [d.id for d in found.dimensions] == ["A", "B", "TIME_PERIOD"]
    unplaced = dimensions.replace('position="1"', "")
    unsaid = one(structure(f"<str:DimensionList>{unplaced}</str:DimensionList>"))
    assert isinstance(unsaid, DataStructure)
    assert [d.id for d in unsaid.dimensions] == ["B", "A"]


@pytest.mark.parametrize("position", ["first", "²", "-1", "", "9" * 5000])
def test_a_position_that_is_none_is_not_gone_by(position: str) -> None:
    dimensions = "".join(
        f'<str:Dimension id="{i}" position="{p}">{CONCEPT}</str:Dimension>' for i, p in (("B", 2), ("A", position))
    )
    time = f'<str:TimeDimension id="TIME_PERIOD" position="{position}">{CONCEPT}</str:TimeDimension>'
    found = one(structure(within("DimensionList", content=dimensions + time)))
    assert isinstance(found, DataStructure)
    assert [d.id for d in found.dimensions] == ["B", "A", "TIME_PERIOD"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<str:None/>", Relationship(Attachment.DATASET)),
        ("<str:Dataflow/>", Relationship(Attachment.DATASET)),
        ('<str:Group><Ref id="G"/></str:Group>', Relationship(Attachment.GROUP, group="G")),
        ("<str:Group>G</str:Group>", Relationship(Attachment.GROUP, group="G")),
        ("<str:Dimension>X</str:Dimension>", Relationship(Attachment.DIMENSIONS, dimensions=("X",))),
        ('<str:Dimension><Ref id="X"/></str:Dimension>', Relationship(Attachment.DIMENSIONS, dimensions=("X",))),
        ('<str:PrimaryMeasure><Ref id="OBS_VALUE"/></str:PrimaryMeasure>', Relationship(Attachment.OBSERVATION)),
        ("<str:Observation/>", Relationship(Attachment.OBSERVATION)),
    ],
)
def test_attribute_relationships_of_every_version(said: str, expected: Relationship) -> None:
    attribute = (
        f'<str:Attribute id="N">{CONCEPT}<str:AttributeRelationship>{said}</str:AttributeRelationship></str:Attribute>'
    )
    found = one(structure(f"<str:AttributeList>{attribute}</str:AttributeList>"))
    assert isinstance(found, DataStructure)
    assert found.attributes[0].relationship == expected


def test_components_take_the_values_of_their_concepts_in_the_message_or_held() -> None:
    bare = replace(
        STRUCTURE,
        dimensions=tuple(replace(d, representation=Representation()) for d in STRUCTURE.dimensions),
        groups=(),
        attributes=(),
    )
    bare = replace(bare, dimensions=(*bare.dimensions[:-1], STRUCTURE.dimensions[-1]))
    text = write_structures([bare, CONCEPTS], "2.1", HEADER).decode()
    values = re.compile(r'<str:LocalRepresentation>\s*<str:TextFormat textType="String"/>\s*</str:LocalRepresentation>')
    silent = values.sub("", text)
    assert silent != text
    read = Catalogue.of(read_structures(silent.encode())).structure(bare.urn)
    assert read.components["SEX"].representation == Representation(codelist=SEX.urn, is_inherited=True)
    without = silent[: silent.index("<str:Concepts>")] + silent[silent.index("</str:Concepts>") + 15 :]
    (alone,) = read_structures(without.encode())
    assert isinstance(alone, DataStructure)
    assert alone.components["SEX"].representation == Representation(is_inherited=True)
    ((known,), _) = read_structures_reporting(without.encode(), known=[CONCEPTS])
    assert known == read


def test_items_before_their_parents_and_nested_items_come_out_in_order() -> None:
    inner = "<str:Code id='B'><com:Name>B</com:Name><str:Parent><Ref id='A'/></str:Parent></str:Code>"
    nested = "<str:Code id='A'><com:Name>A</com:Name><str:Code id='C'><com:Name>C</com:Name></str:Code></str:Code>"
    found = one(codelist(inner + nested))
    assert isinstance(found, Codelist)
    assert [(code.id, code.parent) for code in found.items] == [("A", None), ("B", "A"), ("C", "A")]


def test_names_without_a_language_are_english_and_lose_the_blanks_of_pretty_printing_only() -> None:
    found = one(
        codelist(
            "<str:Code id='A'><com:Name>\n\t\t two words\n\t</com:Name>"
            "<com:Description> kept </com:Description><com:Description/></str:Code>"
        )
    )
    assert isinstance(found, Codelist)
    assert found["A"].names == Text.of(en="two words")
    assert found["A"].descriptions == Text.of(en=" kept ")


def test_an_artefact_known_by_its_urn_only_is_read() -> None:
    urn = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL(3.2)"
    assert one(codelist("", f'urn="{urn}"')).urn == Urn.parse(urn)


@pytest.mark.parametrize("version", ["1.2+.0", "1+.0.0", "1.2.0+", "*", "+", "~", "latest"])
def test_a_late_bound_reference_stays_open(version: str) -> None:
    urn = f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL({version})"
    concept = named("Concept", within("CoreRepresentation", "Enumeration", content=urn), "id='C'")
    scheme = within("ConceptSchemes", content=named("ConceptScheme", concept))
    (read,), told = read_structures_reporting(message(scheme, "v3_0"))
    assert told == ()
    assert isinstance(read, ConceptScheme)
    assert read["C"].representation == Representation(codelist=Urn(Kind.CODELIST, "A", "CL", version))


def test_stubs_are_read() -> None:
    body = "<str:CategorySchemes><str:CategoryScheme id='C' agencyID='A' isExternalReference='true'/></str:CategorySchemes>"
    body += "<str:Codelists><str:Codelist id='X' agencyID='A' isExternalReference='true' structureURL='http://a'/></str:Codelists>"
    body += "<str:Dataflows><str:Dataflow id='F' agencyID='A'><com:Name>F</com:Name></str:Dataflow></str:Dataflows>"
    artefacts, told = read_structures_reporting(message(body))
    assert [(artefact.KIND, artefact.is_external_reference) for artefact in artefacts] == [
        (Kind.CATEGORY_SCHEME, True),
        (Kind.CODELIST, True),
        (Kind.DATAFLOW, False),
    ]
    assert artefacts[1].structure_url == "http://a"
    assert told == ()


def test_kinds_there_are_not_are_skipped_and_told() -> None:
    body = "<str:Things><str:PublicationTable id='C' agencyID='A'/></str:Things>"
    artefacts, (told,) = read_structures_reporting(message(body))
    assert artefacts == ()
    assert (told.code, "PublicationTable A:C" in told.what) == ("skipped-artefact", True)


def test_parts_the_model_does_not_hold_are_told_once_for_each_artefact() -> None:
    inside = "<str:Agency id='B'><com:Name>B</com:Name><str:Pet/><str:Pet/></str:Agency>"
    body = within("AgencySchemes", content=named("AgencyScheme", inside, "id='AGENCIES' agencyID='A'"))
    (scheme,), (told,) = read_structures_reporting(message(body, "v3_1"))
    assert isinstance(scheme, AgencyScheme)
    assert (told.code, told.value, told.rows, told.where.key) == ("left-out", "Pet", 2, "A:AGENCIES(1.0)")


def dimension_format(text_format: str) -> tuple[Representation, tuple[Problem, ...]]:
    values = f"<str:LocalRepresentation><str:TextFormat {text_format}/></str:LocalRepresentation>"
    data = structure(f'<str:DimensionList><str:Dimension id="X">{CONCEPT}{values}</str:Dimension></str:DimensionList>')
    (found,), told = read_structures_reporting(data)
    assert isinstance(found, DataStructure)
    return found.dimensions[0].representation, told


@pytest.mark.parametrize("data_type", DataType)
def test_every_type_is_read(data_type: DataType) -> None:
    assert dimension_format(f'textType="{data_type}"') == (Representation(data_type=data_type), ())


@pytest.mark.parametrize(
    ("text_format", "expected"),
    [
        ('textType="string"', Representation()),
        ('textType="OBSERVATIONAL_TIME_PERIOD"', Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)),
        ('textType="Nonsense"', Representation()),
        ('textType="Integer" maxLength="ten"', Representation(data_type=DataType.INTEGER)),
    ],
)
def test_a_facet_that_is_none_or_is_spelt_otherwise_is_told(text_format: str, expected: Representation) -> None:
    found, told = dimension_format(text_format)
    assert found == expected
    assert [problem.code for problem in told] == ["repaired"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (
            "<str:Codelists><str:Codelist id='X'/><str:Codelist agencyID='A'/></str:Codelists>",
            ["no-identification"] * 2,
        ),
        ("<str:Codelists><str:Codelist id='é' agencyID='A'/></str:Codelists>", ["wrong-id"]),
        (
            "<str:Codelists><str:Codelist id='X' agencyID='A'><str:Code/></str:Codelist></str:Codelists>",
            ["no-identification"],
        ),
        (
            within("Dataflows", content=named("Dataflow", within("Structure", content="<Ref id='D'/>"))),
            ["wrong-reference"],
        ),
        (
            within("Dataflows", content=named("Dataflow", within("Structure", content="urn:nothing"))),
            ["wrong-reference"],
        ),
    ],
)
def test_what_cannot_be_called_by_a_name_is_refused_with_every_reason(body: str, codes: list[str]) -> None:
    found = problems(message(body))
    assert [problem.code for problem in found] == codes
    assert all(problem.where.row == 1 for problem in found)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ("<str:DimensionList><str:Dimension id='X'/></str:DimensionList>", "no-concept"),
        (f"<str:DimensionList><str:Dimension>{CODE}</str:Dimension></str:DimensionList>", "wrong-reference"),
        (
            "<str:MeasureList><str:PrimaryMeasure><str:ConceptIdentity/></str:PrimaryMeasure></str:MeasureList>",
            "wrong-reference",
        ),
    ],
)
def test_a_component_that_means_nothing_is_refused(parts: str, code: str) -> None:
    assert [problem.code for problem in problems(structure(parts))] == [code]


def test_an_attribute_that_does_not_say_what_it_is_attached_to_is_attached_to_the_observation_and_that_is_told() -> (
    None
):
    (found,), (told,) = read_structures_reporting(
        structure(f"<str:AttributeList><str:Attribute id='N'>{CONCEPT}</str:Attribute></str:AttributeList>")
    )
    assert isinstance(found, DataStructure)
    assert found.attributes[0].relationship == Relationship(Attachment.OBSERVATION)
    assert (told.code, "N does not say what it is attached to" in told.what) == ("repaired", True)


GOOD = write_structures([SEX], "2.1", HEADER)
DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"
BODY = GOOD.removeprefix(DECLARATION)
BOMB = b"<!DOCTYPE x [" + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9)) + b"]>"
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a document type": (DECLARATION + b"<!DOCTYPE x>" + BODY, "doctype"),
    "one behind a comment": (DECLARATION + b"<!-- <a> --> <?pi?>\n<!DOCTYPE x>" + BODY, "doctype"),
    "one behind a BOM": (codecs.BOM_UTF8 + b"<!DOCTYPE x>" + BODY, "doctype"),
    "one in UTF-16": ("<!DOCTYPE x>".encode("utf-16") + BODY.decode().encode("utf-16-le"), "doctype"),
    "a billion laughs": (DECLARATION + BOMB + BODY, "doctype"),
    "a file read": (DECLARATION + b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + BODY, "doctype"),
    "one in UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-' + BODY, "wrong-encoding"),
    "UTF-16 without a BOM": (GOOD.decode().encode("utf-16-le"), "wrong-encoding"),
    "UTF-32": (GOOD.decode().encode("utf-32"), "wrong-encoding"),
    "half a UTF-16 character": (codecs.BOM_UTF16_LE + b"<\0a", "wrong-encoding"),
    "an entity nobody declared": (GOOD.replace(b"Femmes", b"&femmes;"), "not-well-formed"),
    "half a message": (GOOD[: len(GOOD) // 2], "not-well-formed"),
    "nothing": (b"", "not-well-formed"),
    "no XML": (b"PK\x03\x04", "not-well-formed"),
    "bytes that are no UTF-8": (
        GOOD.replace("Délinquance".encode(), b"\xe9").replace(b"Femmes", b"\xe9"),
        "not-well-formed",
    ),
    "a well too deep": (b"<a>" * 5000 + b"</a>" * 5000, "not-well-formed"),
    "too many attributes": (
        b"<a " + b" ".join(b'a%d=""' % n for n in range(MAX_ATTRIBUTES + 1)) + b"/>",
        "too-many-attributes",
    ),
    "the namespace of 2.0": (GOOD.replace(b"v2_1", b"v2_0"), "not-a-structure-message"),
    "another namespace": (b'<Structure xmlns="urn:x"/>', "not-a-structure-message"),
    "no namespace": (b"<Structure/>", "not-a-structure-message"),
    "a page": (b"<html/>", "not-a-structure-message"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_must_not_be_read_is_refused(data: bytes, code: str) -> None:
    assert [problem.code for problem in problems(data)] == [code]


def test_a_message_one_byte_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdmx_gateway.structures.xml_guard.MAX_BYTES", len(GOOD))
    assert read_structures(GOOD) == (SEX,)
    assert [problem.code for problem in problems(GOOD + b" ")] == ["too-long"]


def test_a_message_that_breaks_off_says_where() -> None:
    (problem,) = problems(GOOD[: GOOD.index(b"Femmes")])
    assert problem.where.row == GOOD[: GOOD.index(b"Femmes")].count(b"\n") + 1


def test_comments_inside_texts_are_not_part_of_them() -> None:
    found = one(GOOD.replace(b"Femmes", b"Fem<!-- x -->mes"))
    assert found == SEX
