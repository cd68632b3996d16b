"""Others' tools load everything that is shipped; of what they cannot, the very failure is stated, so that its end is noticed.

Limits of theirs, each asserted here: sdmx1 2.28 does not read the constraints of agreements, does not know
SDMX 3.1, and of 3.0 neither provider schemes, maps, agreements nor levels of hierarchies; pysdmx 1.21 reads no extension of a
code list, passes over structure sets, and wants a target for every row of a map in SDMX-JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pysdmx.io
import pytest
from structures_samples import DSD, HEADER

from sdmx_gateway.structures import Catalogue, Kind, load_catalogue
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Artefact, Codelist, RepresentationMap
from sdmx_gateway.structures.sayable import write_sayable

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
CONSTRAINTS = frozenset({Kind.DATA_CONSTRAINT})


@cache
def shipped() -> Catalogue:
    return load_catalogue([DSD])


@cache
def whole() -> tuple[Artefact, ...]:
    """Everything, lists that extend others with every code they have: ``structures export --whole-lists``."""
    return tuple(map(shipped().resolved, shipped()))


def without(*kinds: Kind) -> tuple[Artefact, ...]:
    return tuple(artefact for artefact in whole() if artefact.KIND not in kinds)


def message(artefacts: Iterable[Artefact], form: Form) -> bytes:
    return write_sayable(artefacts, form, HEADER).message


def counted(artefacts: Iterable[Artefact]) -> dict[str, int]:
    return dict(Counter(artefact.KIND.value for artefact in artefacts))


def codes(artefacts: Iterable[Artefact]) -> int:
    return sum(len(artefact.items) for artefact in artefacts if isinstance(artefact, Codelist))


# sdmx1, in a process of its own: it keeps namespaces of messages read before

SCRIPT = """
import io, json, logging, sys, warnings
warnings.simplefilter("error")
heard = []
handler = logging.Handler(); handler.emit = lambda record: heard.append(record.getMessage())
logging.getLogger("sdmx").addHandler(handler)
import sdmx
real, sys.stdout = sys.stdout, io.StringIO()
try:
    found = sdmx.read_sdmx(io.BytesIO(sys.stdin.buffer.read()))
except sdmx.exceptions.XMLParseError as error:
    said = {"failure": repr(error.__cause__)}
except (AssertionError, RuntimeError) as error:
    said = {"failure": str(error)}
else:
    lists = {name.strip("_"): len(value) for name, value in vars(found).items() if hasattr(value, "values") and len(value)}
    said = {"lists": lists, "codes": sum(map(len, found.codelist.values())), "heard": sorted(set(heard))}
real.write(json.dumps(said))
"""
IN_SDMX1 = {
    Kind.CATEGORISATION: "categorisation",
    Kind.CATEGORY_SCHEME: "category_scheme",
    Kind.CODELIST: "codelist",
    Kind.CONCEPT_SCHEME: "concept_scheme",
    Kind.DATAFLOW: "dataflow",
    Kind.DATA_STRUCTURE: "structure",
    Kind.HIERARCHY: "hierarchical_codelist",
    Kind.PROVISION_AGREEMENT: "provisionagreement",
    Kind.REPRESENTATION_MAP: "structureset",
    Kind.AGENCY_SCHEME: "organisation_scheme",
    Kind.DATA_PROVIDER_SCHEME: "organisation_scheme",
    Kind.DATA_CONSTRAINT: "constraint",
}


def by_sdmx1(data: bytes) -> dict[str, object]:
    answer = subprocess.run([sys.executable, "-c", SCRIPT], input=data, capture_output=True, check=True)
    found: dict[str, object] = json.loads(answer.stdout)
    return found


def test_sdmx1_loads_everything_in_2_1_and_warns_of_constraints_of_agreements_only() -> None:
    found = by_sdmx1(message(whole(), Form.ML_2_1))
    heard = found.pop("heard")
    assert found == {"lists": dict(Counter(IN_SDMX1[a.KIND] for a in whole())), "codes": codes(whole())}
    assert isinstance(heard, list)
    known = (
        "Not implemented: constraints attached to <class 'sdmx.model.common.ProvisionAgreement'>",
        "None has no Dimension",
    )
    assert [said for said in heard if not said.startswith(known)] == []


READ_IN_3_0 = (Kind.AGENCY_SCHEME, Kind.CODELIST, Kind.CONCEPT_SCHEME, Kind.CATEGORY_SCHEME, Kind.DATAFLOW)


def test_sdmx1_loads_lists_concepts_categories_and_flows_in_3_0_without_a_warning() -> None:
    sent = [artefact for artefact in whole() if artefact.KIND in READ_IN_3_0]
    found = by_sdmx1(message(sent, Form.ML_3_0))
    lists = found["lists"]
    assert isinstance(lists, dict)
    expected = Counter(IN_SDMX1[a.KIND] for a in sent)
    assert {name: lists[name] for name in expected} == dict(expected)
    assert (found["codes"], found["heard"]) == (codes(sent), [])


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        (Kind.DATA_PROVIDER_SCHEME, "NotImplementedError('{%s}DataProviderSchemes', 'start')"),
        (Kind.REPRESENTATION_MAP, "NotImplementedError('{%s}RepresentationMaps', 'start')"),
        (Kind.HIERARCHY, "KeyError(<class 'sdmx.model.common.Level'>)"),
        (Kind.DATA_STRUCTURE, 'ValueError("Cannot construct URN'),
    ],
    ids=lambda value: value.value if isinstance(value, Kind) else "",
)
def test_what_sdmx1_does_not_read_of_3_0(kind: Kind, failure: str) -> None:
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure"
    sent = [a for a in whole() if kind is a.KIND and a.id != "H_COG"]
    said = str(by_sdmx1(message(sent, Form.ML_3_0)).get("failure"))
    assert said.startswith(failure.replace("%s", space)), said


def test_sdmx1_leaves_agreements_of_3_0_uncollected() -> None:
    agreements = [a for a in whole() if a.KIND is Kind.PROVISION_AGREEMENT]
    said = by_sdmx1(message(agreements, Form.ML_3_0))
    assert said == {"failure": f"{2 * len(agreements)} uncollected items"}


def test_sdmx1_does_not_know_3_1() -> None:
    assert by_sdmx1(message(without(*CONSTRAINTS)[:20], Form.ML_3_1)) == {"failure": "Cannot determine SDMX-ML version"}


# pysdmx

IN_PYSDMX = {"DataStructure": "DataStructureDefinition"}


def by_pysdmx(data: bytes) -> tuple[dict[str, int], int]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pysdmx.io.read_sdmx(data.decode(), validate=False)
    kinds = Counter(type(each).__name__ for each in found.structures or ())
    return dict(kinds), sum(len(codelist.items) for codelist in found.get_codelists())


def in_pysdmx(artefacts: Iterable[Artefact]) -> dict[str, int]:
    return {IN_PYSDMX.get(kind, kind): number for kind, number in counted(artefacts).items()}


@pytest.mark.parametrize("form", [Form.ML_3_0, Form.ML_3_1])
def test_pysdmx_loads_everything_in_sdmx_3_without_a_warning(form: Form) -> None:
    assert by_pysdmx(message(whole(), form)) == (in_pysdmx(whole()), codes(whole()))


def test_pysdmx_loads_everything_but_maps_in_2_1_without_a_warning() -> None:
    """It passes over structure sets without a word."""
    expected = in_pysdmx(without(Kind.REPRESENTATION_MAP))
    assert by_pysdmx(message(shipped(), Form.ML_2_1)) == (expected, codes(whole()))


def test_pysdmx_does_not_read_lists_that_extend_others_in_xml() -> None:
    extending = [a for a in shipped() if getattr(a, "extensions", ())]
    assert extending
    with pytest.raises(Exception, match="CodelistExtension"):
        by_pysdmx(message(extending, Form.ML_3_0))


def maps_to_nothing(artefact: Artefact) -> bool:
    return isinstance(artefact, RepresentationMap) and any(not row.targets for row in artefact.mappings)


def test_pysdmx_loads_everything_in_json_but_maps_with_rows_that_have_no_target() -> None:
    """Without the communes, of which it makes something within minutes."""
    held = (a for a in shipped() if a.id not in {"CL_COG", "H_COG"})
    sent = [a for a in held if not maps_to_nothing(a)]
    assert by_pysdmx(message(sent, Form.JSON_2_0)) == (in_pysdmx(sent), codes(sent))


@pytest.mark.parametrize(
    ("chosen", "failure"),
    [
        (maps_to_nothing, "Object missing required field `targetValues`"),
    ],
    ids=["rows without a target"],
)
def test_what_pysdmx_does_not_read_of_json(chosen: object, failure: str) -> None:
    sent = [a for a in shipped() if chosen(a)]  # type: ignore[operator]
    with pytest.raises(Exception, match="could not be read as SDMX-JSON") as caught:
        by_pysdmx(message(sent, Form.JSON_2_0))
    assert re.search(failure, str(caught.value.__cause__))


def test_what_is_in_a_cube_region_pysdmx_finds() -> None:
    constraints = [a for a in shipped() if a.KIND in CONSTRAINTS]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pysdmx.io.read_sdmx(message(constraints, Form.ML_3_0).decode(), validate=False)
    regions = {c.id: c.cube_regions for c in found.structures}
    (region,) = regions["CC_CRIM_GEN_REG"]
    units = next(value for value in region.key_values if value.id == "UNIT")
    assert [each.value for each in units.values] == ["NR"]


def test_the_file_of_the_command_is_what_they_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sdmx_gateway.cli import main

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            sys, "argv", ["x", "structures", "export", "CRIM_GEN_REG", "--sdmx", "2.1", "-o", str(tmp_path / "x.xml")]
        )
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code in {0, None}
    kinds, _ = by_pysdmx((tmp_path / "x.xml").read_bytes())
    assert kinds["DataStructureDefinition"] == 1
    assert "artefacts in" in capsys.readouterr().err
