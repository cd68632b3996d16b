"""The shapes of a report: values, the ESS validation report, a page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from validation_world import CATALOGUE, DATA, check, dataset, found, rule

from sdmx_gateway.errors import UsageError
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.validation import Report, Severity, ess
from sdmx_gateway.validation import page as html_page
from sdmx_gateway.validation.lines import MAX_LINES
from sdmx_gateway.validation.wording import LANGUAGES, WORDINGS, figure, written

SCHEMA = json.loads((DATA / "ess_validation_report_schema_1.0.0.json").read_text(encoding="utf-8"))
RULES = [
    rule("not_negative", id="NOT_NEGATIVE", because="facts are counted"),
    rule("sum_along_hierarchy", id="ADDS_UP", dimension="REF_AREA", severity="warning"),
    rule("sum_at_least_along_hierarchy", id="AT_LEAST", dimension="REF_AREA", severity="info"),
    rule("withdrawn", id="WITHDRAWN", by="OFFENCE"),
]


@pytest.fixture(scope="module")
def report():
    """One with everything: errors, a warning, an information that failed, and a rule that met nothing."""
    return check(
        dataset(
            *[("D1", "HOMICIDE", "2024", -1), ("D2", "HOMICIDE", "2024", 4), ("R1", "HOMICIDE", "2024", 9)],
            *[("D1", "<script>alert(1)</script>", str(year), 1) for year in range(2000, 2010)],
        ),
        *RULES,
    )


def test_counts_are_of_lines_and_of_what_they_stand_for(report):
    assert (report.errors, report.warnings, report.infos) == (2, 1, 2)
    assert report.occurrences(Severity.ERROR) == 11
    assert report.blocking


def test_the_worst_comes_first_and_how_rules_ran_comes_last(report):
    assert [f.severity.value for f in report.findings] == ["error", "error", "warning", "info", "info"]
    assert report.findings[-1].is_notice


def test_a_report_is_the_same_after_it_was_kept_as_json(report):
    assert Report.from_dict(json.loads(json.dumps(report.as_dict()))) == report


def test_its_dictionary_has_counts_before_lists_and_only_what_is_known(report):
    record = report.as_dict()
    assert list(record)[:5] == ["dataflow", "created", "observations", "blocking", "counts"]
    assert record["counts"]["error"] == {"lines": 2, "occurrences": 11}
    assert "struval" not in next(f for f in record["findings"] if f["rule"] == "NOT_NEGATIVE")
    assert next(f for f in record["findings"] if f["rule"] == "UNKNOWN_CODE")["struval"] == "150/029"


@given(st.integers(0, 60))
def test_whatever_is_found_is_listed_or_counted(failures):
    rows = [("D1", "HOMICIDE", str(1900 + n), -1) for n in range(failures)] + [("D1", "HOMICIDE", "2024", 1)]
    lines = found(check(dataset(*rows), rule("not_negative")))
    assert len(lines) == min(failures, MAX_LINES + 1)
    assert sum(line.count for line in lines) == sum(line.lines for line in lines) == failures


# ------------------------------------------------------------------ the ESS validation report


def test_the_ess_report_is_valid_by_its_schema(report):
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(ess.write(report)))


def test_the_ess_report_of_a_sound_dataset_is_valid_and_says_that_each_rule_holds():
    report = check(dataset({}))
    document = json.loads(ess.write(report))
    jsonschema.Draft4Validator(SCHEMA).validate(document)
    assert {line["value"] for line in document} == {"1", "NA"}
    assert len(document) == len(report.checked)


def test_each_failure_is_one_validation_and_each_failed_rule_one_aggregation(report):
    document = json.loads(ess.write(report))
    by_id = {line["id"]: line for line in document}
    assert len(by_id) == len(document)
    failed = by_id["ADDS_UP.1"]
    assert (failed["value"], failed["rule"]["severity"]) == ("0", "warning")
    assert failed["data"] == {
        "source": ["TEST:CRIME(1.0)", "2024", "A.R1.HOMICIDE", "OBS_VALUE"],
        "target": [],
        "description": "1 observation",
    }
    assert by_id["UNKNOWN_CODE.failed"]["value"] == "10"
    assert by_id["AT_LEAST.1"]["rule"]["severity"] == "information"
    assert by_id["WITHDRAWN.1"]["value"] == "NA", "a rule that met nothing is neither true nor false"


def test_the_ess_report_says_when_and_who(report):
    event = json.loads(ess.write(report))[0]["event"]
    assert event == {"time": "2026-11-24T09:12:00.000+00:00", "actor": "sdmx_gateway", "trigger": "TEST:CRIME(1.0)"}


# ------------------------------------------------------------------ the page


class Outline(HTMLParser):
    """Tags, ids, links and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Ne peut pas être diffusé en l'état"), ("en", "May not be released as it is")]
)
def test_the_page_is_in_the_language_asked_for(report, language, title):
    page = html_page.write(report, CATALOGUE, language=language)
    outline = Outline(page)
    assert ("lang", language) in outline.attributes
    assert any(title in text for text in outline.texts)
    assert ("Territoire R1" in page) is (language == "fr")
    assert ("Area R1" in page) is (language == "en")


def test_another_language_is_refused_with_those_there_are(report):
    with pytest.raises(UsageError, match="choose fr or en"):
        html_page.write(report, language="de")


def test_counts_come_before_lists_and_errors_before_warnings(report):
    page = html_page.write(report, language="en")
    places = [
        page.index(text) for text in ('<dl class="counts">', 'id="error"', 'id="warning"', 'id="info"', 'id="ran"')
    ]
    assert places == sorted(places)


def test_what_comes_from_data_and_from_structures_cannot_become_markup(report):
    page = html_page.write(report, CATALOGUE, language="en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Made-up &lt;crime&gt;" in page


def test_the_page_asks_nothing_of_any_other_place(report):
    outline = Outline(html_page.write(report, CATALOGUE))
    assert not {"script", "link", "img", "iframe"} & set(outline.tags)
    assert not re.search(r"https?://|@import|url\(", html_page.write(report, CATALOGUE))
    links = [value for name, value in outline.attributes if name == "href"]
    ids = {value for name, value in outline.attributes if name == "id"}
    assert links
    assert {link.removeprefix("#") for link in links} <= ids


def test_tables_have_heads_a_reader_of_screens_can_follow(report):
    outline = Outline(html_page.write(report, CATALOGUE))
    assert outline.tags.count("table") == 4
    assert ("scope", "col") in outline.attributes
    assert ("scope", "row") in outline.attributes
    assert outline.tags.count("h1") == 1


def test_a_page_without_catalogue_or_with_one_that_lacks_the_flow_shows_codes(report):
    for catalogue in (None, Catalogue.of([])):
        page = html_page.write(report, catalogue, language="en")
        assert "A.R1.HOMICIDE" in page
        assert "Area R1" not in page


def test_a_sound_dataset_has_a_page_that_says_so():
    page = html_page.write(check(dataset({})), language="fr")
    assert "Peut être diffusé" in page
    assert "Rien à signaler." in page


def test_a_report_that_was_kept_makes_the_same_page(report):
    assert html_page.write(Report.from_dict(report.as_dict()), CATALOGUE) == html_page.write(report, CATALOGUE)


# ------------------------------------------------------------------ words and figures


def test_every_sentence_is_in_both_languages_with_the_same_blanks():
    blank = re.compile(r"\{(\w+)")
    for name, wording in WORDINGS.items():
        for text in filter(None, (wording.text, wording.advice)):
            assert [language for language, _ in text] == list(LANGUAGES), name
            french, english = (set(blank.findall(sentence)) for _, sentence in text)
            assert french == english, name


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (0, "0", "0"),
        (1234567, "1 234 567", "1 234 567"),
        (0.5, "0,5", "0.5"),
        (-0.00123456, "-0,00123", "-0.00123"),
        (999.999, "1 000", "1 000"),
    ],
)
def test_figures_are_written_as_people_of_each_language_read_them(value, fr, en):
    assert (figure(value, "fr"), figure(value, "en")) == (fr, en)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_value_is_written_so_that_it_can_be_read_back(value):
    assert float(written(value) or "") == value


def test_figures_are_written_as_people_read_them_and_codes_as_they_are():
    data = dataset(("D1", "HOMICIDE", "2024", -12345.5), ("D1", "2024", "2024", 1))
    page = html_page.write(check(data, rule("not_negative")), CATALOGUE, language="fr")
    assert re.search(r'<td class="number">-12\s345,5</td>', page)
    assert '<td class="number">2024</td>' in page


def test_the_moment_is_told_by_the_clock_of_paris(report):
    assert "24/11/2026 10:12" in html_page.write(report, language="fr")  # 09:12 UTC
