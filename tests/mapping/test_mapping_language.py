"""Every word of the mapping language means what its page says, and a figure is never another one than what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from made_up_module import AREAS, HEADER, OFFENCES, SPEC, SUMMED

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.mapping import Conversion, Module, check_module, load_module
from sdmx_gateway.structures import Catalogue

Making = Callable[..., Module]
Converting = Callable[..., Conversion]
IN_COMPONENTS = "[components]\n"


def values(conversion: Conversion, *columns: str) -> list[tuple[object, ...]]:
    return conversion.dataset.frame.select(*columns, "OBS_VALUE").rows()


def problems(converting: Converting, module: Module, *rows: str, **more: str) -> list[Problem]:
    with pytest.raises(SourceRejected) as caught:
        converting(module, *rows, **more)
    return list(caught.value.problems)


def table(module: Module, name: str, text: str) -> Module:
    (module.folder / "codes" / name).write_text(text)
    return load_module(module.folder)


# Code tables with patterns

PATTERNS = """source,target,relation,note
Vols*,ROBBERY,partial,any theft
Vols avec*,ROBBERY,narrower,with a weapon
Vols avec armes,ROBBERY,exact,
/(?:Usage|Trafic) de .*/,DRUG_USE,partial,counts persons
Homicides,HOMICIDES,exact,
"""


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Vols avec armes", "exact"),
        ("VOLS  AVEC ARMES", "exact"),
        ("Vols avec violence", "narrower"),
        ("Vols à la roulotte", "partial"),
        ("Trafic de stupéfiants", "partial"),
    ],
)
def test_the_most_specific_line_that_fits_a_text_is_used(
    made: Making, converting: Converting, text: str, fits: str
) -> None:
    conversion = converting(made(offences=PATTERNS), f"01;19;{text};Victime;10")
    assert conversion.shares == {fits: 1.0}


def test_two_lines_that_fit_equally_well_and_disagree_are_refused(made: Making, converting: Converting) -> None:
    offences = "source,target,relation,note\nVols*,ROBBERY,exact,\n*arme,DRUG_USE,exact,\n"
    (problem,) = problems(converting, made(offences=offences), "01;19;Vols sans arme;Victime;1")
    assert (problem.code, problem.value) == ("ambiguous-code", "Vols sans arme")
    assert "lines 2 and 3" in problem.what or "lines 3 and 2" in problem.what
    offences = offences.replace("DRUG_USE", "ROBBERY")
    assert len(converting(made(offences=offences), "01;19;Vols sans arme;Victime;1").dataset) == 1


def test_a_star_that_is_meant_is_written_with_a_backslash(made: Making, converting: Converting) -> None:
    offences = "source,target,relation,note\n" + r"Vols\*,ROBBERY,exact," + "\n"
    assert len(converting(made(offences=offences), "01;19;Vols*;Victime;1").dataset) == 1
    assert problems(converting, made(offences=offences), "01;19;Vols x;Victime;1")[0].code == "unmapped-code"


# Splits and joins

JOINED = SPEC.replace(
    "[components]\nFREQ",
    """[[source.split]]
from = "area"
pattern = '(?P<commune>\\d{5}|2[AB]\\d{3}) (?P<label>.+)'

[[source.join]]
table = "codes/communes.csv"
on = { commune = "COM", year = "VINTAGE" }
take = { department = "DEP" }

[components]
FREQ""",
).replace('REF_AREA = { from = "area"', 'REF_AREA = { from = "department"')
COMMUNES = "COM,VINTAGE,DEP\n01004,19,01\n01004,20,03\n2A004,20,2A\n"


@pytest.fixture
def joined(made: Making) -> Module:
    module = made(SUMMED)
    (module.folder / "mapping.toml").write_text(JOINED + SUMMED)
    return table(module, "communes.csv", COMMUNES)


def test_a_column_is_split_and_joined_to_the_table_of_its_vintage(joined: Module, converting: Converting) -> None:
    rows = (
        "01004 Ambérieu;19;Homicides;Victime;1",
        "01004 Ambérieu;20;Homicides;Victime;2",
        "2A004 Ajaccio;20;Homicides;Victime;4",
    )
    assert values(converting(joined, *rows), "REF_AREA", "TIME_PERIOD") == [
        ("D01", "2019", 1),
        ("D03", "2020", 2),
        ("D2A", "2020", 4),
    ]


def test_a_key_the_table_does_not_have_and_a_cell_that_cannot_be_split_are_told(
    joined: Module, converting: Converting
) -> None:
    found = problems(converting, joined, "01005 Ambléon;19;Homicides;Victime;1", "Ajaccio;20;Homicides;Victime;4")
    assert {("unmatched-key", 2, "01005 / 19"), ("wrong-form", 3, "Ajaccio")} <= {
        (p.code, p.where.row, p.value) for p in found
    }
    assert "01004 / 19" in next(p for p in found if p.value == "01005 / 19").why


def test_a_table_that_answers_twice_or_lacks_a_column_is_refused_at_its_line(joined: Module) -> None:
    with pytest.raises(SourceRejected) as caught:
        table(joined, "communes.csv", COMMUNES + "01004,19,03\n")
    assert [p.code for p in caught.value.problems] == ["ambiguous-reference"]
    with pytest.raises(SourceRejected) as caught:
        table(joined, "communes.csv", COMMUNES.replace("VINTAGE", "VINTAG"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.value) == ("unknown-reference-column", "VINTAGE")
    assert "[[source.join]]" in (joined.folder / "mapping.toml").read_text().splitlines()[(problem.where.row or 0) - 1]
    assert "'VINTAG'" in problem.remedy


# Numbers, units and what stands in the place of a figure


@pytest.mark.parametrize(
    ("rule", "cell", "value"),
    [
        ('type = "integer", multiplier = 1000', "1,5", 1500),
        ('type = "integer", multiplier = 1000', "0,007", 7),
        ('type = "integer", multiplier_from = "unit"', "12", 12000),
    ],
)
def test_a_multiplier_moves_the_point_and_changes_no_digit(
    made: Making, converting: Converting, rule: str, cell: str, value: int
) -> None:
    module = made(change=('OBS_VALUE = { from = "count", type = "integer"', f'OBS_VALUE = {{ from = "count", {rule}'))
    module = table(module, "units.csv", "source,target,relation,note\n3,VICTIM,exact,\n")
    assert values(converting(module, f"01;19;Homicides;3;{cell}")) == [(value,)]


def test_a_fraction_that_is_left_is_no_whole_number(made: Making, converting: Converting) -> None:
    module = made(change=('type = "integer"', 'type = "integer", multiplier = 1000'))
    (problem,) = problems(converting, module, "01;19;Homicides;Victime;0,00075")
    assert problem.code == "not-a-number"


def test_a_multiplier_that_is_no_power_of_ten_is_refused(made: Making) -> None:
    with pytest.raises(SourceRejected, match="power of ten"):
        made(change=('type = "integer"', 'type = "integer", multiplier = 12'))


SENTINELS = (
    "source,OBS_STATUS,CONF_STATUS,note\nndiff,L,C,not published\nn.c,L,C,\nNon Renseigné,L,,\n:,L,F,\n-,,,nothing\n"
)


@pytest.mark.parametrize(
    ("cell", "status", "confidentiality"),
    [
        ("ndiff", "L", "C"),
        ("N.C", "L", "C"),
        ("non  renseigné", "L", "F"),
        (":", "L", "F"),
        ("-", "L", "F"),
        ("5", "A", "F"),
    ],
)
def test_what_stands_in_the_place_of_a_figure_says_its_status(
    made: Making, converting: Converting, cell: str, status: str, confidentiality: str
) -> None:
    module = made()
    (module.folder / "codes" / "sentinels.csv").write_text(SENTINELS)
    module = made(change=('missing = ["NA"]', 'sentinels = "codes/sentinels.csv"'))
    frame = converting(module, f"01;19;Homicides;Victime;{cell}").dataset.frame
    assert frame.select("OBS_STATUS", "CONF_STATUS").rows() == [(status, confidentiality)]
    assert frame["OBS_VALUE"].to_list() == [5 if cell == "5" else None]


def test_a_code_a_sentinel_means_is_checked_at_its_line(made: Making, structures: Catalogue) -> None:
    module = made()
    (module.folder / "codes" / "sentinels.csv").write_text(SENTINELS.replace("ndiff,L", "ndiff,Z"))
    module = made(change=('missing = ["NA"]', 'sentinels = "codes/sentinels.csv"'))
    (problem,) = check_module(module, structures)
    assert (problem.code, problem.value, problem.where.row) == ("unknown-target-code", "Z", 2)


# Arithmetic between series

BOTH = '[[derive]]\ncomponent = "OFFENCE"\ntarget = "DRUG_USE"\nsum = ["HOMICIDES", "BURGLARY"]\nbecause = "both"\n'
TWO = OFFENCES + "Cambriolages,BURGLARY,exact,\n"


def test_a_sum_is_derived_where_all_its_parts_are_there(made: Making, converting: Converting) -> None:
    rows = ("01;19;Homicides;Victime;1", "01;19;Cambriolages;Victime;2", "01;20;Homicides;Victime;4")
    made_of = [
        r for r in values(converting(made(BOTH, offences=TWO), *rows), "OFFENCE", "TIME_PERIOD") if r[0] == "DRUG_USE"
    ]
    assert made_of == [("DRUG_USE", "2019", 3)]


def test_a_difference_takes_the_others_from_the_first(made: Making, converting: Converting) -> None:
    module = made(BOTH.replace("sum", "difference"), offences=TWO)
    rows = ("01;19;Homicides;Victime;5", "01;19;Cambriolages;Victime;2")
    assert ("DRUG_USE", 3) in values(converting(module, *rows), "OFFENCE")


def test_a_part_without_a_figure_leaves_the_sum_without_one(made: Making, converting: Converting) -> None:
    rows = ("01;19;Homicides;Victime;NA", "01;19;Cambriolages;Victime;2")
    conversion = converting(made(BOTH, offences=TWO), *rows)
    derived = conversion.dataset.frame.filter(pl.col("OFFENCE") == "DRUG_USE")
    assert derived.select("OBS_VALUE", "OBS_STATUS").rows() == [(None, "L")]


def test_figures_of_different_units_are_never_added_unless_the_module_says_why(
    made: Making, converting: Converting
) -> None:
    rows = ("01;19;Homicides;Victime;1", "01;19;Cambriolages;Infraction;2")
    (problem,) = problems(converting, made(BOTH, offences=TWO), *rows)
    assert problem.code == "mixed-unit"
    assert "OFFENCE, VICTIM" in problem.what
    said = BOTH + 'set = { COUNT_UNIT = "SUSPECT" }\nmixes = { COUNT_UNIT = "events of either kind" }\n'
    assert ("DRUG_USE", "SUSPECT", 3) in values(converting(made(said, offences=TWO), *rows), "OFFENCE", "COUNT_UNIT")


def test_mixing_units_without_a_new_unit_is_refused(made: Making) -> None:
    with pytest.raises(SourceRejected, match="its own code in set"):
        made(BOTH + 'mixes = { COUNT_UNIT = "because" }\n')


def test_a_ratio_into_whole_numbers_is_told_before_any_file_is_read(made: Making, structures: Catalogue) -> None:
    module = made(BOTH.replace("sum", "ratio"), offences=TWO)
    assert [p.code for p in check_module(module, structures)] == ["fractional-measure"]


def test_a_derived_figure_is_explained_by_its_parts(
    made: Making, converting: Converting, structures: Catalogue
) -> None:
    from sdmx_gateway.mapping import explain

    rows = ("01;19;Homicides;Victime;1", "01;19;Cambriolages;Victime;2")
    conversion = converting(made(BOTH, offences=TWO), *rows)
    explanation = explain(conversion, "A.D01.DRUG_USE.VICTIM", "2019", catalogue=structures)
    assert (explanation.summed_over, explanation.because) == (("OFFENCE",), ("both",))
    assert [c.value for c in explanation.contributions] == [2, 1]
    step = next(s for s in explanation.contributions[0].steps if s.component == "OFFENCE")
    assert (step.said, step.rule, step.gives) == ("Cambriolages", "codes/offences.csv, line 7", "BURGLARY")


# Breaks, notes, and what adds up

BREAK = '[[break]]\nwhere = { OFFENCE = ["HOM*"] }\nat = "2020"\nnote = "new scope"\n'


def test_a_break_is_flagged_at_its_period_with_its_note(made: Making, converting: Converting) -> None:
    rows = (
        "01;19;Homicides;Victime;1",
        "01;20;Homicides;Victime;2",
        "03;20;Homicides;Victime;NA",
        "01;20;Vols avec armes;Victime;1",
    )
    frame = converting(made(BREAK, status="OFFENCE,@missing,target\n,true,L\n"), *rows).dataset.frame
    assert frame.select("REF_AREA", "OFFENCE", "TIME_PERIOD", "OBS_STATUS", "COMMENT_OBS").rows() == [
        ("D01", "HOMICIDES", "2019", "A", None),
        ("D01", "HOMICIDES", "2020", "B", "new scope"),
        ("D01", "ROBBERY", "2020", "A", "robbery with a weapon"),
        ("D03", "HOMICIDES", "2020", "L", "new scope"),
    ]


def test_a_break_without_a_period_is_at_the_first_of_each_series(made: Making, converting: Converting) -> None:
    module = made(BREAK.replace('at = "2020"\n', ""), status="OFFENCE,target\n,A\n")
    rows = ("01;19;Homicides;Victime;1", "01;20;Homicides;Victime;2", "03;21;Homicides;Victime;3")
    assert values(converting(module, *rows), "TIME_PERIOD", "OBS_STATUS") == [
        ("2019", "B", 1),
        ("2020", "A", 2),
        ("2021", "B", 3),
    ]


def test_a_note_is_added_to_what_a_figure_carries_already(made: Making, converting: Converting) -> None:
    note = '[[note]]\nwhere = { OFFENCE = ["ROBBERY"], TIME_PERIOD = ["201*"] }\nnote = "provisional scope"\n'
    frame = converting(made(note), "01;19;Vols avec armes;Victime;1", "01;20;Vols avec armes;Victime;1").dataset.frame
    assert frame["COMMENT_OBS"].to_list() == ["robbery with a weapon; provisional scope", "robbery with a weapon"]


ADDS = AREAS + 'adds_up = { OFFENCE = ["HOMICIDES"] }\nnot_for = { OFFENCE = ["DRUG_USE"] }\n'


def test_a_code_of_which_it_is_not_said_whether_it_adds_up_is_refused(made: Making, converting: Converting) -> None:
    found = problems(converting, made(ADDS), "01;19;Homicides;Victime;1", "01;19;Vols avec armes;Victime;1")
    assert [(p.code, p.value) for p in found] == [("undeclared-additivity", "ROBBERY")]


def test_a_published_total_that_is_not_the_sum_of_its_parts_is_kept_and_told(
    made: Making, converting: Converting
) -> None:
    module = made(ADDS, change=("pattern = '(\\d\\d|2[AB])', to = \"D{1}\"", "pattern = '(D..|R..)', to = \"{1}\""))
    rows = ["D01;20;Homicides;Victime;5", "D03;20;Homicides;Victime;7", "R84;20;Homicides;Victime;13"]
    conversion = converting(module, *rows)
    assert ("R84", 13) in values(conversion, "REF_AREA")
    (note,) = conversion.notes
    assert note.code == "does-not-add-up"
    assert "13" in note.what
    assert "12" in note.what
    assert not converting(module, rows[0], rows[2], "D03;19;Homicides;Victime;1", "D01;19;Homicides;Victime;1").notes


# Mistakes, each at its line


def line_of(text: str, what: str) -> int:
    return next(n for n, each in enumerate(text.splitlines(), 1) if what in each)


def test_every_mistake_is_told_at_once_each_at_its_line_with_the_nearest_word(made: Making) -> None:
    wrong = (
        SPEC.replace("constant =", "constnat =", 1)
        .replace('period = "year"', 'period = "yaer"')
        .replace("separator =", "seperator =")
        .replace('target = "MADE_UP', 'targt = "MADE_UP')
    )
    folder = made().folder
    (folder / "mapping.toml").write_text(wrong)
    with pytest.raises(SourceRejected) as caught:
        load_module(folder)
    found = {(p.value, p.where.row): p.remedy for p in caught.value.problems}
    assert "'constant'" in found["constnat", line_of(wrong, "constnat")]
    assert "'year'" in found["yaer", line_of(wrong, "yaer")]
    assert "'separator'" in found["seperator", line_of(wrong, "seperator")]
    assert "'target'" in found["targt", line_of(wrong, "targt")]


def test_a_table_that_is_not_there_is_told_with_the_nearest_that_is(made: Making) -> None:
    with pytest.raises(SourceRejected) as caught:
        made(change=("codes/offences.csv", "codes/ofences.csv"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.remedy) == ("unreadable-code-table", "did you mean 'offences.csv'?")


def test_a_wrong_code_is_told_at_the_line_of_the_table_or_of_the_rule(made: Making, structures: Catalogue) -> None:
    text = OFFENCES.replace("Vols avec armes,ROBBERY", "Vols avec armes,ROBERY")
    module = made(
        AREAS + 'not_for = { OFFENCE = ["DRUGS"] }\n', change=('constant = "F"', 'constant = "X"'), offences=text
    )
    mapping = (module.folder / "mapping.toml").read_text()
    found = {(p.value, p.where.file, p.where.row) for p in check_module(module, structures)}
    assert found == {
        ("ROBERY", "made_up/crime/codes/offences.csv", 3),
        ("X", "made_up/crime/mapping.toml", line_of(mapping, '"X"')),
        ("DRUGS", "made_up/crime/mapping.toml", line_of(mapping, "DRUGS")),
    }


def test_the_schema_knows_every_word_and_what_it_means() -> None:
    import tomllib

    import jsonschema

    from sdmx_gateway.mapping import find_modules, mapping_schema
    from sdmx_gateway.settings import shipped

    schema = mapping_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for folder in find_modules([shipped("mappings")]).values():
        assert not list(validator.iter_errors(tomllib.loads((folder / "mapping.toml").read_text())))
    assert list(validator.iter_errors(tomllib.loads(SPEC.replace("constant", "constnat"))))
    ours = ("Rule", "Derive", "Rollup", "Join", "Split", "Break", "Remark", "FileSource", "FlowSource", "Identity")
    lacking = [(d, w) for d in ours for w, p in schema["$defs"][d]["properties"].items() if not p.get("description")]
    assert lacking == []


def test_a_header_that_changes_order_changes_nothing(made: Making, converting: Converting) -> None:
    turned = ";".join(reversed(HEADER.split(";")))
    one, other = (
        converting(made(), "01;19;Homicides;Victime;4"),
        converting(made(), "4;Victime;Homicides;19;01", header=turned),
    )
    assert one.dataset.digest == other.dataset.digest


def test_a_module_folder_without_a_mapping_is_told(tmp_path: Path) -> None:
    from sdmx_gateway.errors import MappingError

    with pytest.raises(MappingError, match="has no mapping"):
        load_module(tmp_path)


# What only other structures can show


def of_decimals(structures: Catalogue) -> Catalogue:
    """The made-up structures, with a measure that has decimals."""
    from dataclasses import replace

    from sdmx_gateway.structures.model import DataStructure, DataType, Representation

    def changed(artefact: object) -> object:
        if not isinstance(artefact, DataStructure):
            return artefact
        measures = tuple(replace(m, representation=Representation(None, DataType.DOUBLE)) for m in artefact.measures)
        return replace(artefact, measures=measures)

    return Catalogue.of([changed(artefact) for artefact in structures])  # type: ignore[misc]


@pytest.fixture
def with_decimals(tmp_path: Path, structures: Catalogue) -> Converting:
    """Convert lines of a made-up file into the structures with decimals."""
    from sdmx_gateway.intake import source_table
    from sdmx_gateway.mapping import convert

    def conversion(module: Module, *rows: str) -> Conversion:
        path = tmp_path / "base-2021.csv"
        path.write_text("\n".join((HEADER, *rows)))
        return convert(module, [source_table(path, module)], of_decimals(structures))

    return conversion


RATE = """
[[derive]]
component = "OFFENCE"
target = "DRUG_USE"
ratio = ["HOMICIDES", "BURGLARY"]
times = 1000
decimals = 4
set = { COUNT_UNIT = "SUSPECT" }
mixes = { COUNT_UNIT = "victims by offences" }
because = "made up"
"""


def test_a_ratio_is_made_after_the_roll_ups_and_is_absent_where_nothing_can_be_divided_by(
    made: Making, with_decimals: Converting, structures: Catalogue
) -> None:
    module = made(AREAS + RATE, offences=TWO)
    assert check_module(module, of_decimals(structures)) == ()
    conversion = with_decimals(
        module,
        *("01;19;Homicides;Victime;1", "01;19;Cambriolages;Infraction;3"),
        *("03;19;Homicides;Victime;1", "03;19;Cambriolages;Infraction;0"),
    )
    rates = conversion.dataset.frame.filter(pl.col("OFFENCE") == "DRUG_USE")
    assert rates.select("REF_AREA", "COUNT_UNIT", "OBS_VALUE").rows() == [
        ("D01", "SUSPECT", 333.3333),
        ("D03", "SUSPECT", None),
        ("FR", "SUSPECT", 666.6667),
        ("R84", "SUSPECT", 666.6667),
    ]


def test_tenths_are_added_up_without_noise(made: Making, with_decimals: Converting) -> None:
    module = made(AREAS, change=('type = "integer"', 'type = "decimal"'))
    conversion = with_decimals(module, "01;19;Homicides;Victime;0,1", "03;19;Homicides;Victime;0,2")
    assert dict(conversion.dataset.frame.select("REF_AREA", "OBS_VALUE").rows())["R84"] == 0.3


def test_a_fraction_never_becomes_a_whole_number_in_silence(made: Making, converting: Converting) -> None:
    from sdmx_gateway.errors import StructureError

    module = made(change=('type = "integer"', 'type = "decimal"'))
    with pytest.raises(StructureError, match="fraction"):
        converting(module, "01;19;Homicides;Victime;0,5")


def test_a_column_is_joined_to_a_map_of_the_structures(made: Making, tmp_path: Path, structures: Catalogue) -> None:
    from sdmx_gateway.intake import source_table
    from sdmx_gateway.mapping import convert
    from sdmx_gateway.structures.model import DataType, MappedSpace, MappedValue, RepresentationMap, ValueMapping

    text = MappedSpace(data_type=DataType.STRING)
    held = RepresentationMap(
        agency="MADE_UP",
        id="AREAS",
        sources=(text,),
        targets=(text,),
        mappings=(ValueMapping(sources=(MappedValue("old"),), targets=("03",)),),
    )
    join = '[[source.join]]\nmap = "MADE_UP:AREAS(1.0)"\non = { area = "source" }\ntake = { new = "target" }\n\n[components]\nFREQ'
    module = made(change=("[components]\nFREQ", join))
    wanted = structures.merged([held])
    spec = module.folder / "mapping.toml"
    spec.write_text(spec.read_text().replace('REF_AREA = { from = "area"', 'REF_AREA = { from = "new"'))
    module = load_module(module.folder)
    assert [p.code for p in check_module(module, structures)] == ["unknown-artefact"]
    assert check_module(module, wanted) == ()
    path = tmp_path / "base-2021.csv"
    path.write_text(f"{HEADER}\nold;19;Homicides;Victime;1\n")
    assert convert(module, [source_table(path, module)], wanted).dataset.frame["REF_AREA"].to_list() == ["D03"]
    path.write_text(f"{HEADER}\nolder;19;Homicides;Victime;1\n")
    with pytest.raises(SourceRejected) as caught:
        convert(module, [source_table(path, module)], wanted)
    assert "unmatched-key" in {p.code for p in caught.value.problems}
