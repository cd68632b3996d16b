"""A file becomes observations, or every reason why not; nothing passes silently into a different figure."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from made_up_module import AREAS, OFFENCES, ROWS, SAME_UNIT, SUMMED

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.mapping import Conversion, Module, explain
from sdmx_gateway.mapping.combine import complete_sets
from sdmx_gateway.mapping.spec import Complete
from sdmx_gateway.structures import Catalogue

Making = Callable[..., Module]
Converting = Callable[..., Conversion]


def values(conversion: Conversion, *columns: str) -> list[tuple[object, ...]]:
    return conversion.dataset.frame.select(*columns, "TIME_PERIOD", "OBS_VALUE").rows()


def problems(converting: Converting, module: Module, *rows: str, **more: str) -> list[Problem]:
    with pytest.raises(SourceRejected) as caught:
        converting(module, *rows, **more)
    return list(caught.value.problems)


def test_rows_become_observations_in_the_form_of_the_structure(made: Making, converting: Converting) -> None:
    conversion = converting(made())
    assert values(conversion, "REF_AREA") == [
        ("D01", "2019", 4),
        ("D01", "2020", 5),
        ("D03", "2020", 7),
        ("D2A", "2020", 1000),
    ]
    assert conversion.dataset.frame.columns[:6] == [
        "FREQ",
        "REF_AREA",
        "OFFENCE",
        "COUNT_UNIT",
        "TIME_PERIOD",
        "OBS_VALUE",
    ]
    assert conversion.dataset.dataset_attributes == {"SOURCE_EDITION": "2021"}


def test_a_lookup_gives_the_first_line_that_fits(made: Making, converting: Converting) -> None:
    conversion = converting(
        made(), "01;19;Homicides;Victime;4", "01;20;Homicides;Victime;5", "01;21;Homicides;Victime;NA"
    )
    assert conversion.dataset.frame["OBS_STATUS"].to_list() == ["A", "B", "L"]
    assert conversion.dataset.frame["OBS_VALUE"].to_list() == [4, 5, None]


def test_labels_match_whatever_their_case_spaces_and_apostrophes(made: Making, converting: Converting) -> None:
    assert len(converting(made(), "01;20;HOMICIDES\u00a0;VICTIME;5").dataset) == 1
    offences = "source,target,relation,note\nTentatives d'homicides,HOMICIDES,exact,\n"
    assert len(converting(made(offences=offences), "01;20;Tentatives  d\u2019homicides;Victime;5").dataset) == 1


def test_an_unmapped_code_is_told_with_its_row_its_share_and_the_nearest_known(
    made: Making, converting: Converting
) -> None:
    (problem,) = problems(
        converting, made(), "01;20;Homicides;Victime;75", "03;20;Homicide;Victime;20", "2A;20;Homicide;Victime;5"
    )
    assert (problem.code, problem.where.row, problem.where.column, problem.value) == (
        "unmapped-code",
        3,
        "indicator",
        "Homicide",
    )
    assert (problem.rows, problem.share) == (2, 0.25)
    assert "'Homicides'" in problem.why
    assert "codes/offences.csv" in problem.remedy


def test_every_problem_of_a_file_is_told_at_once(made: Making, converting: Converting) -> None:
    rows = (
        "20;20;Meurtres;Victime;5",
        "1;20;Homicides;Victime;5",
        "01;20;Homicides;Facture;5",
        "01;2O;Homicides;Victime;1 2O3",
    )
    found = {(p.code, p.where.row, p.value) for p in problems(converting, made(), *rows)}
    assert found == {
        ("unmapped-code", 2, "Meurtres"),
        ("wrong-form", 3, "1"),
        ("unmapped-code", 4, "Facture"),
        ("wrong-form", 5, "2O"),
        ("not-a-number", 5, "1 2O3"),
    }


def test_a_new_column_keeps_the_file_from_being_converted(made: Making, converting: Converting) -> None:
    (problem,) = problems(
        converting, made(), *(f"{row};1" for row in ROWS), header="dep;annee;indicateur;unite;nombre;sexe"
    )
    assert (problem.code, problem.value) == ("unknown-column", "sexe")


def test_two_rows_of_one_key_are_told_with_both_places_and_values(made: Making, converting: Converting) -> None:
    (problem,) = problems(converting, made(), *ROWS, "01;2020;homicides;victime;6")
    assert (problem.code, problem.value, problem.where.row) == ("duplicate-key", "A.D01.HOMICIDES.VICTIM.2020", 6)
    assert "row 2" in problem.what
    assert "5, 6" in problem.why


def test_many_faulty_values_are_told_up_to_a_limit_and_the_rest_counted(made: Making, converting: Converting) -> None:
    found = problems(converting, made(), *(f"01;20;Inconnu {n};Victime;1" for n in range(30)))
    assert len(found) == 21
    assert "10 more" in found[-1].what


def test_an_indicator_in_two_units_is_refused_at_the_rarer_one(made: Making, converting: Converting) -> None:
    (problem,) = problems(converting, made(SAME_UNIT), *ROWS, "03;19;Homicides;Infraction;9")
    assert (problem.code, problem.where.row, problem.value) == ("mixed-unit", 6, "OFFENCE")


def test_what_is_left_out_is_counted_with_its_reason(made: Making, converting: Converting) -> None:
    conversion = converting(made(), "01;20;Homicides;Victime;6", "01;20;Outrages;Infraction;2")
    (left,) = conversion.left_out
    assert (left.what, left.because, left.rows, left.share) == ("indicator Outrages", "no target", 1, 0.25)
    assert len(conversion.dataset) == 1


LEAVING = '[[source.leave_out]]\nwhere = { indicator = ["Index non utilisé"] }\nbecause = "unused index"\nexpect = "zero"\n\n[components]'


def test_rows_left_out_as_zero_must_be_zero(made: Making, converting: Converting) -> None:
    module = made(change=("[components]", LEAVING))
    assert converting(module, *ROWS, "01;20;Index non utilisé;Victime;0").left_out[0].rows == 1
    (problem,) = problems(converting, module, *ROWS, "01;20;Index non utilisé;Victime;3")
    assert (problem.code, problem.where.row) == ("left-out-not-zero", 6)


def test_rows_of_one_key_are_summed_only_where_the_module_says_so(made: Making, converting: Converting) -> None:
    rows = ("01;20;Vols avec armes;Victime;10", "01;20;Vols violents sans arme;Victime;5")
    assert [p.code for p in problems(converting, made(), *rows)] == ["duplicate-key"]
    assert values(converting(made(SUMMED), *rows), "OFFENCE") == [("ROBBERY", "2020", 15)]


def test_a_sum_never_mixes_what_must_be_the_same(made: Making, converting: Converting) -> None:
    mixed = SUMMED + 'same = ["unit"]\n'
    found = problems(
        converting, made(mixed), "01;20;Vols avec armes;Victime;10", "01;20;Vols violents sans arme;victime;5"
    )
    assert [p.code for p in found] == ["mixed-unit"]


def test_a_sum_that_lacks_a_part_has_no_value(made: Making, converting: Converting) -> None:
    conversion = converting(
        made(SUMMED), "01;20;Vols avec armes;Victime;10", "01;20;Vols violents sans arme;Victime;NA"
    )
    assert conversion.dataset.frame.select("OBS_VALUE", "OBS_STATUS").rows() == [(None, "L")]


RELATIONS = '[relations]\nnarrower = { OBS_STATUS = "D" }\npartial = { OBS_STATUS = "P" }\n'


def test_a_figure_that_fits_less_than_exactly_carries_the_flag_and_the_note(
    made: Making, converting: Converting
) -> None:
    conversion = converting(made(SUMMED + RELATIONS), "01;19;Vols avec armes;Victime;10", "01;19;Homicides;Victime;1")
    assert conversion.dataset.frame.select("OFFENCE", "OBS_STATUS", "COMMENT_OBS").rows() == [
        ("HOMICIDES", "A", None),
        ("ROBBERY", "D", "robbery with a weapon"),
    ]
    assert conversion.shares == {"exact": pytest.approx(1 / 11), "narrower": pytest.approx(10 / 11)}


COMPLETE = """
[[complete]]
component = "OFFENCE"
target = "ROBBERY"
parts = { indicator = ["Vols avec armes", "Vols violents sans arme"] }
because = "robbery is with or without a weapon"
"""


def test_narrower_parts_that_are_all_there_make_the_whole_exactly(made: Making, converting: Converting) -> None:
    both = ("01;19;Vols avec armes;Victime;10", "01;19;Vols violents sans arme;Victime;5")
    lacking = "03;19;Vols avec armes;Victime;7"
    conversion = converting(made(SUMMED + RELATIONS + COMPLETE), *both, lacking)
    assert conversion.dataset.frame.select("REF_AREA", "OBS_VALUE", "OBS_STATUS").rows() == [("D01", 15, "A")]
    assert conversion.shares == {"exact": 1.0}
    assert [left.rows for left in conversion.left_out] == [1]


def test_rows_of_a_source_that_knows_nothing_of_the_parts_are_in_no_set() -> None:
    frame = pl.DataFrame(
        {
            "OFFENCE": ["ROBBERY", "ROBBERY", "ROBBERY"],
            "TIME_PERIOD": ["2015", "2016", "2016"],
            "OBS_VALUE": [7, 10, 5],
            "src.indicator": [None, "Vols avec armes", "Vols violents sans arme"],
            "rel.OFFENCE": pl.Series([0, 1, 1], dtype=pl.Int8),
        }
    )
    declared = Complete(
        component="OFFENCE",
        target="ROBBERY",
        parts={"indicator": ("Vols avec armes", "Vols violents sans arme")},
        because="robbery is with or without a weapon",
    )
    kept, left = complete_sets(frame, (declared,), ["OFFENCE", "TIME_PERIOD"])
    assert kept["OBS_VALUE"].to_list() == [7, 10, 5]
    assert kept["rel.OFFENCE"].to_list() == [0, 0, 0]
    assert left == []


def test_areas_are_rolled_up_along_the_tree(made: Making, converting: Converting) -> None:
    conversion = converting(made(AREAS))
    sums = {
        area: value
        for area, period, value in values(conversion, "REF_AREA")
        if period == "2020" and not str(area).startswith("D")
    }
    assert sums == {"R84": 12, "R94": 1000, "FR": 1012}


def test_what_does_not_add_up_is_never_rolled_up(made: Making, converting: Converting) -> None:
    module = made(AREAS + 'not_for = { OFFENCE = ["DRUG_USE"] }\n')
    conversion = converting(module, *ROWS, "01;20;Usage de stupéfiants;Mis en cause;50")
    areas = conversion.dataset.frame.filter(pl.col("OFFENCE") == "DRUG_USE")["REF_AREA"].to_list()
    assert areas == ["D01"]


def test_an_aggregate_the_source_publishes_is_kept_as_published(made: Making, converting: Converting) -> None:
    module = made(AREAS, change=("pattern = '(\\d\\d|2[AB])', to = \"D{1}\"", "pattern = '(D..|R..)', to = \"{1}\""))
    conversion = converting(
        module, "D01;20;Homicides;Victime;5", "D03;20;Homicides;Victime;7", "R84;20;Homicides;Victime;13"
    )
    assert ("R84", "2020", 13) in values(conversion, "REF_AREA")
    assert ("FR", "2020", 12) in values(conversion, "REF_AREA")


def test_the_order_of_the_rows_does_not_matter(made: Making, converting: Converting) -> None:
    one = converting(made(AREAS))
    other = converting(made(AREAS), *reversed(ROWS))
    assert one.dataset.digest == other.dataset.digest
    assert one.fingerprint != other.fingerprint


def test_a_file_of_which_nothing_is_left_is_refused(made: Making, converting: Converting) -> None:
    assert [p.code for p in problems(converting, made(), "01;20;Outrages;Infraction;2")] == ["no-rows"]


def test_a_module_that_gives_too_little_or_too_much_is_refused_before_any_figure(
    made: Making, converting: Converting
) -> None:
    found = problems(converting, made(change=('FREQ = { constant = "A" }', 'FREQUENCY = { constant = "A" }')))
    assert {(p.code, p.value) for p in found} == {("missing-rule", "FREQ"), ("unknown-component", "FREQUENCY")}


def test_a_figure_is_explained_by_its_rows(made: Making, converting: Converting, structures: Catalogue) -> None:
    explanation = explain(converting(made(AREAS)), "A.R84.HOMICIDES.VICTIM", "2020", catalogue=structures)
    assert (explanation.value, explanation.summed_over) == (12, ("REF_AREA",))
    assert [(c.key, c.value, c.where.file, c.where.row) for c in explanation.contributions] == [
        ("A.D03.HOMICIDES.VICTIM", 7, "base-2021.csv", 3),
        ("A.D01.HOMICIDES.VICTIM", 5, "base-2021.csv", 2),
    ]
    assert explanation.contributions[0].said["indicator"] == "Homicides"


@pytest.mark.parametrize(
    "table", [OFFENCES.replace("exact", "same"), OFFENCES + "Homicides,ROBBERY,exact,\n", OFFENCES + "X,,exact,\n"]
)
def test_a_code_table_with_a_mistake_is_refused_with_its_line(made: Making, table: str) -> None:
    with pytest.raises(SourceRejected) as caught:
        made(offences=table)
    assert all(p.where.row for p in caught.value.problems)
