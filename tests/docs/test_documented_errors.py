"""``docs/errors.md`` against the code: every code that can be met, where it comes from, and what it is answered with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from codes_in_source import Codes, codes_in, codes_of

import sdmx_gateway
from sdmx_gateway.errors import GatewayError
from sdmx_gateway.validation.structural import STRUCTURAL
from sdmx_gateway.web.problems import BY_HTTP, STATUSES, status_of

ROOT = Path(__file__).parents[2]
PAGE = "docs/errors.md"
ERRORS = "errors"
FINDINGS = "Findings of the structural checks"
STATUS_TABLE = "HTTP"
CODES = ("code", "id")


@cache
def rows() -> tuple[tuple[str, dict[str, str]], ...]:
    """Every row of every table of the page: the room its heading names (or the heading itself), and its cells."""
    found: list[tuple[str, dict[str, str]]] = []
    room, heads = "", []
    for line in (ROOT / PAGE).read_text("utf-8").splitlines():
        if line.startswith("#"):
            room = (re.search(r"\(`(\w+)`\)$", line) or re.search(r"^#+ (.*)$", line))[1]  # type: ignore[index]
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = cells
        elif set(line) - set("|-"):
            assert len(cells) == len(heads), f"{PAGE}: {line} has not the {len(heads)} columns of its table"
            found.append((room, dict(zip(heads, cells, strict=True))))
    return tuple(found)


def listed(room: str, head: str = "code") -> set[str]:
    return {cells[head] for where, cells in rows() if where == room and head in cells}


def error_classes() -> list[type[GatewayError]]:
    """Every error there is, wherever it is defined."""
    for module in walk_packages(sdmx_gateway.__path__, "sdmx_gateway."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return list(_with_subclasses(GatewayError))


def _with_subclasses(kind: type[GatewayError]) -> Iterator[type[GatewayError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _with_subclasses(below)


def shipped_errors() -> list[type[GatewayError]]:
    return [kind for kind in error_classes() if kind.__module__.startswith("sdmx_gateway.")]


@cache
def codes() -> Codes:
    return codes_in(ROOT / "sdmx_gateway")


def by_room(found: Codes) -> Mapping[str, dict[str, set[str]]]:
    """The codes of problems by the room that gives them, with the places where it does."""
    rooms: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for code, places in found.places.items():
        for place in places:
            rooms[place.split(":")[0].split(".")[1]][code].add(place)
    return rooms


def told(missing: Mapping[str, set[str]], gone: set[str]) -> str:
    lines = [f"{PAGE} lacks `{code}`, given at {', '.join(sorted(at))}" for code, at in sorted(missing.items())]
    return "\n".join([*lines, *(f"{PAGE} lists `{code}`, which nothing gives any more" for code in sorted(gone))])


def test_every_code_an_error_can_carry_stands_in_the_document() -> None:
    carried: dict[str, set[str]] = defaultdict(set)
    for kind in shipped_errors():
        carried[kind.code].add(f"{kind.__module__}.{kind.__name__}")
    documented = listed(ERRORS)
    assert carried.keys() == documented, told(
        {code: at for code, at in carried.items() if code not in documented}, documented - carried.keys()
    )


def test_every_error_has_a_code_of_its_own() -> None:
    own = Counter(kind.code for kind in shipped_errors() if "code" in vars(kind))
    assert not [code for code, times in own.items() if times > 1]
    without = {kind.__name__ for kind in shipped_errors() if "code" not in vars(kind)}
    assert {name for name in without if not name.startswith("_")} == set()


def test_every_code_a_problem_can_carry_stands_in_the_document_under_the_room_that_gives_it() -> None:
    given = by_room(codes())
    rooms = (given.keys() | {room for room, cells in rows() if "code" in cells}) - {ERRORS}
    faults = []
    for room in sorted(rooms):
        found, documented = given.get(room, {}), listed(room)
        missing = {code: at for code, at in found.items() if code not in documented}
        if text := told(missing, documented - found.keys()):
            faults.append(f"section (`{room}`):\n{text}")
    assert not faults, "\n".join(faults)


def test_no_code_is_given_in_a_way_that_cannot_be_read_off_the_source() -> None:
    unreadable = "\n".join(map(str, codes().unreadable))
    assert not unreadable, f"write the code as a literal, so that {PAGE} can be held against it:\n{unreadable}"


def test_every_line_says_what_a_code_means_and_what_to_do() -> None:
    lines = [cells for _, cells in rows() if STATUS_TABLE not in cells or "code" in cells]
    assert lines
    assert not [cells for cells in lines if not all(cells.values())]
    assert not [cells for cells in lines if not (cells["meaning"] + cells["what to do"]).endswith(".")]


def test_no_table_lists_a_code_twice_and_no_room_explains_one_in_two_ways() -> None:
    times = Counter((room, cells.get("code") or cells["id"]) for room, cells in rows() if {*CODES} & cells.keys())
    assert not [entry for entry, count in times.items() if count > 1]


def test_every_exit_code_in_the_document_is_the_one_its_error_ends_with() -> None:
    documented = {cells["code"]: cells["exit"] for room, cells in rows() if room == ERRORS}
    assert {kind.code: str(kind.exit_code) for kind in shipped_errors()} == documented


def test_every_http_status_in_the_document_is_the_one_its_error_is_answered_with() -> None:
    """A second status is that of an error which may pass by itself: only the table's own classes are ever retriable so."""
    documented = {
        c["code"]: list(zip(*(c[n].split(", ") for n in ("HTTP", "SDMX")), strict=True))
        for _, c in rows()
        if "exit" in c
    }
    for kind in shipped_errors():
        if kind.__name__.startswith("_"):
            continue
        answers = dict.fromkeys(
            _answer(kind, retriable=again) for again in ((False, True) if kind in STATUSES else (False,))
        )
        assert documented[kind.code] == list(answers), kind.__name__


def _answer(kind: type[GatewayError], *, retriable: bool) -> tuple[str, str]:
    error = kind.__new__(kind)
    error.retriable = retriable
    status = status_of(error)
    return str(status.http), str(status.sdmx)


def test_the_document_lists_every_status_of_the_web_with_its_sdmx_code_and_title() -> None:
    documented = [(c["HTTP"], c["SDMX"], c["title"]) for _, c in rows() if "title" in c]
    assert documented == sorted((str(s.http), str(s.sdmx), s.title) for s in BY_HTTP.values())


def test_every_structural_check_stands_in_the_document_in_its_order() -> None:
    assert [c["id"] for room, c in rows() if room == FINDINGS] == [check.id for check in STRUCTURAL]


def test_the_readme_leads_to_the_document() -> None:
    assert f"({PAGE})" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Problem("plain", "what")', {"plain"}),
        ('Problem(what="what", code="by-word")', {"by-word"}),
        ('Problem("one" if x else "other", "what")', {"one", "other"}),
        ('def f(x):\n    code = "first" if x else "second"\n    return Problem(code, "what")', {"first", "second"}),
        ('LATE = "constant"\ndef f():\n    return Problem(LATE, "what")', {"constant"}),
        ('def wrap(what, code):\n    return Problem(code, what)\nwrap("a", "through-one")', {"through-one"}),
        ('def wrap(what, *, code="usual"):\n    return Problem(code, what)\nwrap("a")', {"usual"}),
        (
            'def wrap(code):\n    return Problem(code, "")\ndef over(c):\n    return wrap(c)\nover("through-two")',
            {"through-two"},
        ),
        (
            (
                "class Notes:\n    def add(self, code, what):\n        self.all.append(Problem(code, what))\n"
                'def f(notes, seen):\n    notes.add("noted", "what")\n    seen.add("not a code")'
            ),
            {"noted"},
        ),
        (
            (
                "class Fit:\n    def _wrong(self, code):\n        return Problem(code, '')\n"
                "    def look(self):\n        return self._wrong('by-self')"
            ),
            {"by-self"},
        ),
        ("class E(Exception):\n    code = 'of-class'\ndef f():\n    return Problem(E.code, '')", {"of-class"}),
        ("def f():\n    g = partial(Problem, 'partly')\n    return g('what')", {"partly"}),
        ("replace(problem, code='renamed')", {"renamed"}),
    ],
)
def test_a_code_is_found_however_it_is_handed_on(source: str, found: set[str]) -> None:
    seen = codes_of({"sdmx_gateway.new": source})
    assert (set(seen.places), seen.unreadable) == (found, ())


def test_a_wrapper_is_found_in_another_module_than_its_callers() -> None:
    seen = codes_of(
        {
            "sdmx_gateway.words": "from sdmx_gateway.errors import Problem as P\ndef told(code):\n    return P(code, '')",
            "sdmx_gateway.use": "from sdmx_gateway.words import told as say\nsay('from-afar')",
        }
    )
    assert seen.places == {"from-afar": {"sdmx_gateway.use:2"}}


@pytest.mark.parametrize(
    "source",
    [
        'Problem(f"made-of-{part}", "what")',
        'for code in ("a", "b"):\n    Problem(code, "what")',
        'Problem(TABLE[kind], "what")',
        'def f(limit):\n    return Problem(limit.code, "what")',
    ],
)
def test_a_code_that_cannot_be_read_is_told_with_its_place(source: str) -> None:
    (unreadable,) = codes_of({"sdmx_gateway.new": source}).unreadable
    assert unreadable.place.startswith("sdmx_gateway.new:")
