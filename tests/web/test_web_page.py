"""The page, as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import httpx
import lxml.html
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from web_samples import AGENCY, CATALOGUE, NOW, Office, ask, furnish

from sdmx_gateway.transmission import State
from sdmx_gateway.web import steps
from sdmx_gateway.web.words import COUNTED, LANGUAGES, WORDS, figure

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}: install Debian's chromium to see the page rendered")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(locale="en-GB", viewport={"width": 1400, "height": 1000})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("requestfailed", lambda request: complaints.append(request.url))
    yield opened
    opened.close()
    assert not complaints


def test_the_page_says_what_is_released_found_due_and_sent(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/")
    assert page.title() == "SDMX gateway"
    assert page.locator("main h2").first.inner_text().upper() == "AT A GLANCE"
    tiles = dict(
        zip(
            page.locator(".tiles .what").all_inner_texts(), page.locator(".tiles .value").all_inner_texts(), strict=True
        )
    )
    assert tiles["Dataflow released"] == "1"
    assert tiles["Transmissions overdue"] == "2"
    assert tiles["Observations"] == "24"
    released = page.locator("section[aria-labelledby=dataflows] tbody tr")
    assert released.count() == 1
    assert "Crime (made-up data)" in released.inner_text()
    assert "2021 – 2024" in released.inner_text()
    sent = page.locator("section[aria-labelledby=sent] tbody tr").inner_text()
    assert "CRIM_MADEUP_A_FR_2023_0000.xml" in sent
    assert "acknowledged" in sent
    assert "V0001" in sent
    assert page.locator("section[aria-labelledby=due] tbody tr.late").count() == 2
    assert page.locator("section[aria-labelledby=releases] tbody tr").count() == 2
    page.screenshot(path=str(tmp_path / "page.png"), full_page=True)
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_what_is_under_embargo_is_nowhere_on_the_page(page: Page, address: str, client: httpx.Client) -> None:
    page.goto(f"{address}/?lang=fr")
    assert "2025-03" not in page.content()  # the edition of the third release
    assert client.get(f"/findings/{AGENCY}/CRIME/1.0/2").status_code == 200
    assert client.get(f"/findings/{AGENCY}/CRIME/1.0/3").status_code == 404


def test_the_reader_changes_language_and_stays_where_he_is(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=fr&dataflow={AGENCY}:CRIME(1.0)")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert "Passerelle SDMX" in page.title()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "CRIME(1.0)" in page.locator(".only").inner_text()


def test_days_and_hours_are_those_of_paris_as_the_language_writes_them(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=fr")
    assert "24/11/2026 10:12 (heure de Paris)" in page.locator(".aside").inner_text()
    assert page.locator("section[aria-labelledby=due] tbody th").first.inner_text() == "31/10/2025"
    page.goto(f"{address}/?lang=en")
    assert page.locator("section[aria-labelledby=due] tbody th").first.inner_text() == "31 Oct 2025"


def test_the_first_thing_to_do_comes_with_its_command(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=en")
    first = page.locator(".first").inner_text()
    assert "389 d overdue" in first
    assert "sdmx-gateway transmit prepare MADE_UP_CRIME 2024" in first


def test_a_late_transmission_leads_to_what_its_data_come_from(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=fr")
    late = page.locator("tr.late").last
    assert "en attente de 2025" in late.inner_text()
    late.get_by_role("link", name="Voir la cause").click()
    origin = page.locator("section[aria-labelledby=origin]").inner_text()
    assert "made-up-1.csv" in origin
    assert "sdmx-gateway mappings explain made/up --at 'A.FR.ROBBERY' --period 2024" in origin


def test_a_refusal_is_the_first_thing_to_do_and_leads_to_its_reason(tmp_path: Path) -> None:
    office = furnish(tmp_path)
    (sent,) = office.transmissions.status()
    reason = "column OBS_VALUE: <0>"
    office.transmissions.refuse(sent.id, actor="camille", now=NOW, reason=reason)
    document = lxml.html.fromstring(ask(office, "/?lang=fr").content)
    (first,) = document.find_class("first")
    assert "lire le motif du refus" in first.text_content()
    (href,) = first.xpath(".//a/@href")
    row = document.get_element_by_id(href.removeprefix("#"))
    assert reason in row.text_content()
    assert "refusée" in row.text_content()


@pytest.mark.parametrize("state", list(State))
def test_each_next_step_is_said_in_french_too(made_up_office: Office, state: State) -> None:
    (sent,) = made_up_office.transmissions.status()
    (*_, release) = made_up_office.store.history(at=NOW)
    line = made_up_office.due()[0]
    line = replace(line, state=state, ready=False, transmission=replace(sent, state=state, report_errors=2))
    if state is State.DUE:
        line = replace(line, transmission=None)
    said = steps.in_words(line, release, "fr", second_person=True)
    assert re.match(r"(approuver|attendre|corriger|en attente|envoyer|lire|renvoyer|rien)\b", said)
    again = steps.in_words(replace(line, ready=True), release, "fr", second_person=True)
    assert again.startswith("préparer")
    assert steps.in_words(line, release, "en", second_person=True) == line.next_step
    assert state is not State.DUE or "première diffusion" in steps.in_words(line, None, "fr", second_person=True)


def test_on_a_phone_nothing_is_off_the_screen(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-FR")
    for address_shown in (f"{address}/", f"{address}/?dataflow={AGENCY}:CRIME(1.0)"):
        page.goto(address_shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        beyond = "cells => cells.filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.textContent)"
        assert page.eval_on_selector_all("tbody td, tbody th, .first", beyond) == []
    page.close()


def test_who_tabs_through_the_page_can_skip_to_its_content_and_sees_where_he_is(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_dataflow_that_is_not_there_is_not_found_and_the_nearest_is_named(client: httpx.Client) -> None:
    answer = client.get("/", params={"dataflow": f"{AGENCY}:CRIMES(1.0)"})
    assert answer.status_code == 404
    assert f"{AGENCY}:CRIME(1.0)" in answer.text


def test_one_dataflow_can_be_looked_at_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=en&dataflow={AGENCY}:CRIME_PLANNED(1.0)")
    assert "Nothing is released yet." in page.locator("main").inner_text()
    page.get_by_role("link", name="Show everything").click()
    assert page.locator("section[aria-labelledby=dataflows] tbody tr").count() == 1


def test_the_findings_of_a_release_are_one_click_away_and_styled(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=fr")
    page.locator("section[aria-labelledby=releases] tbody a", has_text="Rapport").first.click()
    assert page.url.startswith(f"{address}/findings/{AGENCY}/CRIME/1.0/2")
    assert "Rapport de validation" in page.locator("h1").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('dl.counts')).display") == "flex"
    page.get_by_role("link", name="English").click()
    assert "Validation report" in page.locator("h1").inner_text()
    page.locator("nav").get_by_role("link", name=f"{AGENCY}:CRIME(1.0)").click()
    assert page.url == f"{address}/?dataflow={AGENCY}%3ACRIME%281.0%29&lang=en"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(browser: Browser, address: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme, locale="fr-FR")
    page.goto(f"{address}/")
    ratios = page.evaluate(CONTRASTS)
    page.close()
    assert len(ratios) > 50
    assert min(ratios) >= 4.5, "WCAG 2.1, 1.4.3"


CONTRASTS = """() => {
  const channels = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter(e => !e.matches('.skip') &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => {
    const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); });
}"""


def test_every_table_has_a_caption_and_every_row_and_column_a_heading(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    tables = page.locator("table").count()
    assert tables == 4
    assert page.locator("table > caption").count() == tables
    assert page.locator("table tbody tr").count() == page.locator("table tbody tr > th[scope=row]").count()
    assert page.locator("thead th:not([scope=col])").count() == 0
    assert page.locator("h1").count() == 1
    assert page.locator("script").count() == 0


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}


def test_every_link_of_every_page_leads_somewhere(client: httpx.Client, address: str) -> None:
    pages: dict[str, set[str]] = {}
    anchors: set[tuple[str, str]] = set()
    met = todo = {f"{address}/?lang={language}" for language in LANGUAGES}
    while todo:
        found: set[str] = set()
        for url in todo:
            answer = client.get(url, headers=BROWSER)
            assert answer.status_code == 200, url
            if answer.headers["content-type"].startswith("text/html"):
                document = lxml.html.fromstring(answer.content)
                pages[url] = set(document.xpath("//@id"))
                links = {urldefrag(urljoin(url, href)) for href in document.xpath("//@href")}
                anchors |= {(link.url, link.fragment) for link in links if link.fragment}
                found |= {link.url for link in links}
        todo = found - met
        met = met | todo
    assert len(pages) == 2 * (1 + 2 + 2)  # everything, two dataflows, two reports
    assert not [(url, name) for url, name in anchors if name not in pages[url]]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "fr"),
        ("", "en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("", "de, fr;q=0.3, en;q=0.7", "en"),
        ("", "fr;q=0, en;q=0.1", "en"),
        ("", "de", "fr"),
        ("", "en;q=x", "en"),
        ("?lang=en", "fr", "en"),
        ("?lang=de", "en", "en"),
    ],
)
def test_the_language_of_the_page(client: httpx.Client, query: str, header: str | None, language: str) -> None:
    answer = client.get(f"/{query}", headers={} if header is None else {"Accept-Language": header})
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]


def test_a_new_office_has_a_page_that_says_there_is_nothing_yet(tmp_path: Path) -> None:
    text = ask(Office(tmp_path, CATALOGUE), "/?lang=en").text
    assert "Nothing is released yet." in text
    assert "Nothing was prepared yet." in text


def test_every_word_is_in_both_languages() -> None:
    assert all(len(texts) == len(LANGUAGES) and all(texts) for texts in WORDS.values())
    assert all(len(texts) == len(LANGUAGES) and all(map(all, texts)) for texts in COUNTED.values())
    assert {f"state.{state.value}" for state in State} <= WORDS.keys()
    assert figure(1234567, "fr") == "1\u202f234\u202f567"


def test_nothing_comes_from_elsewhere(client: httpx.Client) -> None:
    text = client.get("/").text + client.get("/static/page.css").text
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "url(" not in text
