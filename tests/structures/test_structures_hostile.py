"""Malformed, hostile and merely odd messages are refused with position and reason, in time and memory that grow as they do.

Whatever could be slow or large is read in a process of its own that may use so much processor time and so much memory, in
proportion to the length of the message, and no more: one that uses more is ended by the system, and the test fails. The
figures leave several times what was measured, and are far below what one look too many at every byte would take.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structures_samples import AGENCIES, DOCUMENTED, EVERYTHING, FORMS, HEADER

from sdmx_gateway.cli.structure_sources import structures_at
from sdmx_gateway.errors import MessageRejected, Problem, StructureError
from sdmx_gateway.structures import read_structures, read_structures_reporting, write_structures
from sdmx_gateway.structures.authored.foreign import read_foreign
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.codec.account import MAX_ERRORS
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.json_guard import MAX_DEPTH, MAX_EXPONENT, MAX_OBJECTS
from sdmx_gateway.structures.urn import MAX_NAME
from sdmx_gateway.structures.xml_guard import MAX_ATTRIBUTE_LENGTH, MAX_ATTRIBUTES, MAX_BYTES, MAX_TAGS

MB = 1024 * 1024
SECONDS, SECONDS_PER_MB = 4, 2
"""Processor time a message may take: measured are 0.8 s for each MB of what is read, less of what is refused."""
SPACE, SPACE_PER_BYTE = 96 * MB, 80
"""Memory it may take: measured are 57 bytes for each byte of a message of nothing but different elements nobody knows."""
SHOWN = 200_000
"""Longest account of a refusal, in characters."""

SPACES = " ".join(
    f'xmlns:{prefix}="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/{part}"'
    for prefix, part in (("mes", "message"), ("str", "structure"), ("com", "common"))
)
LIST = b'<str:Codelist id="CL" agencyID="A" version="1.0"><com:Name>x</com:Name>'
CODE = b'<str:Code id="A"><com:Name>x</com:Name></str:Code>\n'


def ml(
    codes: bytes = b"", *, before: bytes = b"", root: bytes = b"", lists: bytes = b"", spaces: str = SPACES
) -> bytes:
    """A message in SDMX-ML 2.1 of one code list, with these codes in it, and other lists behind it."""
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + before + f"<mes:Structure {spaces} ".encode() + root
        + b">\n<mes:Structures><str:Codelists>\n" + LIST + b"\n" + codes + b"</str:Codelist>" + lists
        + b"</str:Codelists></mes:Structures></mes:Structure>"
    )  # fmt: skip


def js(codes: bytes = b"", *, members: bytes = b"", lists: bytes = b"", meta: bytes = b"") -> bytes:
    """The same in SDMX-JSON 2.0."""
    return (
        b'{"meta": {"schema": "https://example.org/2.0.0/sdmx-json-structure-schema.json"' + meta
        + b'},\n"data": {"codelists": [\n{"id": "CL", "agencyID": "A", "version": "1.0", "name": "x"' + members
        + b',\n"codes": [' + codes + b"]}" + lists + b"]}}"
    )  # fmt: skip


def joined(part: bytes, times: int) -> bytes:
    """Members of a list."""
    return b",".join([part] * times)


def under(child: int, parent: int) -> bytes:
    return b'<str:Code id="C%d"><com:Name>x</com:Name><str:Parent><Ref id="C%d"/></str:Parent></str:Code>' % (
        child,
        parent,
    )


def js_under(child: int, parent: int) -> bytes:
    return b'{"id": "C%d", "name": "x", "parent": "C%d"}' % (child, parent)


ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
QUADRATIC = b'<!ENTITY a "' + b"x" * 100_000 + b'">'
N = 100_000
FEWER = 30_000
READ = "read"
Case = tuple[Callable[[], bytes], str]
IN_XML: dict[str, Case] = {
    "a billion laughs": (
        lambda: ml(b"<str:Code>&l9;</str:Code>", before=b"<!DOCTYPE x [" + ENTITIES + b"]>"),
        "doctype",
    ),
    "one large entity often": (
        lambda: ml(b"<str:Code>" + b"&a;" * N + b"</str:Code>", before=b"<!DOCTYPE x [" + QUADRATIC + b"]>"),
        "doctype",
    ),
    "an entity of a file": (lambda: ml(before=b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), "doctype"),
    "a document type elsewhere": (lambda: ml(before=b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">'), "doctype"),
    "a document type behind comments": (lambda: ml(before=b"<!-- > -->\n" * N + b"<!DOCTYPE x>"), "doctype"),
    "an entity nobody declared": (lambda: ml(b"<str:Code>&nbsp;</str:Code>"), "not-well-formed"),
    "instructions before and inside": (lambda: ml(b"<?xml-stylesheet href='x'?>" * N, before=b"<?a b?>" * N), READ),
    "an instruction without end": (lambda: ml(before=b"<?a " * N), "not-well-formed"),
    "a comment without end": (lambda: ml(before=b"<!-- " * N), "not-well-formed"),
    "a declaration without end": (lambda: b"<?xml " + b'encoding="' * MB, "not-well-formed"),
    "a declaration without end in UTF-16": (
        lambda: ("\ufeff" + "<?xml " * N).encode("utf-16-le"),
        "not-well-formed",
    ),
    "a declaration of blanks in UTF-16": (
        lambda: ("\ufeff<?xml" + " " * 4 * N + "?>").encode("utf-16-le"),
        "not-well-formed",
    ),
    "elements 5 000 deep": (lambda: ml(b"<a>" * 5_000 + b"</a>" * 5_000), "not-well-formed"),
    "elements a million deep": (lambda: ml(b"<a>" * MB), "not-well-formed"),
    "an id of 50 MB": (lambda: ml(b'<str:Code id="' + b"A" * 50 * MB + b'"/>'), "not-well-formed"),
    "an id of 9 MB": (lambda: ml(b'<str:Code id="' + b"A" * 9 * MB + b'"/>'), "too-long"),
    "a URN of 9 MB": (
        lambda: ml(b"<str:Code id='A'><str:Parent>urn:sdmx:" + b"A." * 4 * MB + b"</str:Parent></str:Code>"),
        READ,
    ),
    "a name of 50 MB": (
        lambda: ml(b'<str:Code id="A"><com:Name>' + b"x" * 50 * MB + b"</com:Name></str:Code>"),
        "not-well-formed",
    ),
    "a name of an element of 9 MB": (lambda: ml(b"<" + b"a" * 9 * MB + b"/>"), "not-well-formed"),
    "an id longer than names are": (
        lambda: ml(lists=b'<str:Codelist agencyID="A" id="' + b"A" * (MAX_NAME + 1) + b'"/>'),
        "wrong-id",
    ),
    "a million empty elements": (lambda: ml(b"<a/>" * MB), READ),
    "elements nobody knows, each another": (lambda: ml(b"".join(b"<a%d/>" % n for n in range(N))), READ),
    "a million codes without id": (lambda: ml(b"<str:Code/>" * MB), "no-identification"),
    "a hundred thousand lists without name": (lambda: ml(lists=b"<str:Codelist/>" * N), "no-identification"),
    "a hundred thousand artefacts nobody knows": (lambda: ml(lists=b'<str:Pet id="A" agencyID="A"/>' * N), READ),
    "more elements than are read": (lambda: ml(b"<a/>" * (MAX_TAGS + 1)), "too-many-elements"),
    "more comments than are read": (lambda: ml(b"<!-- -->" * (MAX_TAGS + 1)), "too-many-elements"),
    "a million attributes": (
        lambda: ml(b"<str:Code " + b" ".join(b"a%d=''" % n for n in range(MB)) + b"/>"),
        "not-well-formed",
    ),
    "half a million attributes": (
        lambda: ml(b"<str:Code " + b" ".join(b"a%d=''" % n for n in range(MB // 2)) + b"/>"),
        "too-many-attributes",
    ),
    "a million namespaces": (
        lambda: ml(b"<str:Code " + b" ".join(b"xmlns:a%x='u:%x'" % (n, n) for n in range(MB)) + b"/>"),
        "not-well-formed",
    ),
    "a hundred thousand namespaces above thirty thousand codes": (
        lambda: ml(CODE * FEWER, root=b" ".join(b"xmlns:a%x='u:%x'" % (n, n) for n in range(N))),
        READ,
    ),
    "a namespace for each element": (
        lambda: ml(b"".join(b"<b:c xmlns:b='u:%d'/>" % n for n in range(N))),
        "wrong-namespace",
    ),
    "a hundred thousand codes of one name": (lambda: ml(CODE * N), READ),
    "names of one language": (lambda: ml(b"<str:Code id='A'>" + b"<com:Name>x</com:Name>" * N + b"</str:Code>"), READ),
    "parents in a chain, children first": (lambda: ml(b"".join(under(n, n + 1) for n in range(N))), READ),
    "parents in a chain, children last": (lambda: ml(b"".join(under(n + 1, n) for n in range(FEWER))), READ),
    "parents in a circle": (lambda: ml(b"".join(under(n, (n + 1) % FEWER) for n in range(FEWER))), READ),
    "codes that are their own parents": (lambda: ml(under(1, 1) * FEWER), READ),
    "blanks before it": (lambda: b" \n" * 4 * MB + ml(), READ),
}
IN_JSON: dict[str, Case] = {
    "a name twice in an object": (lambda: js(b'{"id": "A", "id": "B", "name": "x"}'), "not-well-formed"),
    "a name a million times in an object": (
        lambda: js(b'{"a": [{' + joined(b'"b": 1', MB) + b"}]}"),
        "not-well-formed",
    ),
    "a number of a million digits": (lambda: js(b'{"id": "A", "x": ' + b"9" * MB + b"}"), "not-well-formed"),
    "a fraction of a million digits": (lambda: js(b'{"id": "A", "x": 1.' + b"9" * MB + b"}"), "not-well-formed"),
    "a number beyond numbers": (lambda: js(b'{"id": "A", "x": 1e%d}' % (MAX_EXPONENT + 1)), "not-well-formed"),
    "a number of a billion digits, in short": (lambda: js(b'{"id": "A", "x": -1e-999999999}'), "not-well-formed"),
    "numbers of 4 000 digits": (
        lambda: js(b'{"id": "A", "x": [' + joined(b"9" * 4_000, 1_000) + b"]}"),
        "not-well-formed",
    ),
    "no number": (lambda: js(b'{"id": "A", "x": NaN}'), "not-well-formed"),
    "endless": (lambda: js(b'{"id": "A", "x": -Infinity}'), "not-well-formed"),
    "lists a million deep": (lambda: js(b"[" * MB), "too-deep"),
    "objects a million deep": (lambda: js(b'{"a":' * MB), "too-deep"),
    "lists one deeper than are read": (lambda: b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too-deep"),
    "half a character": (lambda: js(b'{"id": "A", "name": "\\ud83d"}'), "not-well-formed"),
    "the other half": (lambda: js(b'{"id": "A", "name": "\\uDE00\\ud83d"}'), "not-well-formed"),
    "half a character in an id": (lambda: js(b'{"id": "\\ud800", "name": "x"}'), "not-well-formed"),
    "a whole character, and a backslash before what is none": (
        lambda: js(b'{"id": "A", "name": "\\ud83d\\ude00 \\\\ud83d"}'),
        READ,
    ),
    "a text of 100 MB": (lambda: js(b'{"id": "A", "name": "' + b"x" * 100 * MB + b'"}'), "too-long"),
    "an id of 100 MB": (lambda: js(b'{"id": "' + b"x" * 100 * MB + b'", "name": "x"}'), "too-long"),
    "a text of 9 MB where a list must be": (lambda: js(lists=b',"' + b"x" * 9 * MB + b'"'), "wrong-value"),
    "an id longer than names are": (
        lambda: js(lists=b',{"agencyID": "A", "id": "' + b"A" * (MAX_NAME + 1) + b'"}'),
        "wrong-id",
    ),
    "a language of 9 MB": (lambda: js(meta=b',"contentLanguages": ["' + b"a-" * 4 * MB + b'a"]'), READ),
    "a text that is not closed": (lambda: b'{"data": "' + b'\\"' * (MB * 2), "not-well-formed"),
    "quotes": (lambda: b'{"data": ' + b'"' * (MB * 4), "not-well-formed"),
    "a million codes without id": (lambda: js(joined(b"{}", MB)), "no-identification"),
    "a million lists for codes": (lambda: js(joined(b"[]", MB)), "wrong-value"),
    "numbers for code lists": (lambda: js(lists=b"," + joined(b"0", MB)), "wrong-value"),
    "more objects than are read": (lambda: js(joined(b"{}", MAX_OBJECTS + 1)), "too-many-elements"),
    "members nobody knows, each another": (
        lambda: js(b'{"id": "A", "name": "x", ' + b",".join(b'"a%d":1' % n for n in range(N)) + b"}"),
        READ,
    ),
    "links by the hundred thousand": (
        lambda: js(members=b',"links": [' + joined(b'{"urn": "x", "rel": "x"}', N) + b"]"),
        READ,
    ),
    "a hundred thousand codes of one name": (lambda: js(joined(b'{"id": "A", "name": "x"}', N)), READ),
    "parents in a chain, children first": (lambda: js(b",".join(js_under(n, n + 1) for n in range(N))), READ),
    "parents in a circle": (lambda: js(b",".join(js_under(n, (n + 1) % FEWER) for n in range(FEWER))), READ),
    "NUL": (lambda: js(b'{"id": "A", "name": "\0"}'), "not-well-formed"),
    "something behind it": (lambda: js() + b"{}", "not-well-formed"),
    "a list of messages": (lambda: b"[" + js() + b"]", "not-well-formed"),
}
CASES = {
    f"{form}: {name}": case for form, cases in (("XML", IN_XML), ("JSON", IN_JSON)) for name, case in cases.items()
}


def _told(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "what": problem.what, "where": problem.where.as_dict()}


def _read_within_limits(path: Path) -> dict[str, Any]:
    """What comes of reading a file; the process may take no more time and memory than its length allows."""
    data = path.read_bytes()
    seconds = SECONDS + SECONDS_PER_MB * len(data) // MB
    held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    space = held + SPACE + SPACE_PER_BYTE * len(data)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    begun = time.process_time()
    try:
        artefacts, notes = read_structures_reporting(data)
        found: dict[str, Any] = {"outcome": READ, "artefacts": len(artefacts), "notes": len(notes)}
    except MessageRejected as error:
        found = {"outcome": error.problems[0].code, "problems": [_told(each) for each in error.problems]}
        found["shown"] = len(str(error))
    except MemoryError:
        found = {"outcome": f"more than {space - held} bytes of memory"}
    return found | {"seconds": round(time.process_time() - begun, 2), "bytes": len(data)}


def _serve() -> None:
    """Read each file named on standard input in a process of its own, and say on standard output what came of it."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(json.dumps(_read_within_limits(Path(line.strip()))), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            print(json.dumps({"outcome": f"ended by signal {os.WTERMSIG(status)} or exit {status >> 8}"}), flush=True)


Reader = Callable[[bytes], dict[str, Any]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Reads a message in a process that is ended when it takes too much."""
    path = tmp_path_factory.mktemp("hostile") / "message"
    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        asked, said = server.stdin, server.stdout

        def read(data: bytes) -> dict[str, Any]:
            path.write_bytes(data)
            print(path, file=asked, flush=True)
            found: dict[str, Any] = json.loads(said.readline())
            return found

        yield read
        asked.close()


@pytest.mark.parametrize(("message", "outcome"), CASES.values(), ids=CASES)
def test_what_is_hostile_is_refused_with_position_and_reason_in_bounded_time_and_memory(
    message: Callable[[], bytes], outcome: str, reader: Reader
) -> None:
    found = reader(message())
    assert found["outcome"] == outcome, found
    if outcome != READ:
        assert found["shown"] < SHOWN
        assert len(found["problems"]) <= MAX_ERRORS + 1
        for problem in found["problems"]:
            assert problem["code"] in DOCUMENTED
            assert problem["where"].keys() & {"row", "key"}, problem
            assert problem["what"]


def test_the_limits_end_a_process_that_takes_too_much(reader: Reader, tmp_path: Path) -> None:
    """What is read within the limits is not read within a fraction of them: they are limits indeed."""
    message = ml(CODE * N)
    assert reader(message)["outcome"] == READ
    (tmp_path / "message").write_bytes(message)
    lines = (
        "import sys, test_structures_hostile as t; from pathlib import Path",
        "t.{limit} = {least}; print(t._read_within_limits(Path(sys.argv[1]))['outcome'])",
    )
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    for limits, ended in (
        ({"limit": "SECONDS, t.SECONDS_PER_MB", "least": "1, 0"}, {"", "-9", "-24"}),
        ({"limit": "SPACE, t.SPACE_PER_BYTE", "least": "1, 1"}, {"more", "not-well-formed"}),
    ):
        command = [sys.executable, "-c", "; ".join(lines).format(**limits), str(tmp_path / "message")]
        done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
        assert (done.stdout.split() or [str(done.returncode)])[0] in ended, done


def test_of_too_many_mistakes_the_first_are_told_and_that_nothing_is_read_behind_them() -> None:
    for message in (ml(b"<str:Code/>\n" * (MAX_ERRORS + 1)), js(joined(b"{}", MAX_ERRORS + 1))):
        with pytest.raises(MessageRejected) as caught:
            read_structures(message)
        codes = [problem.code for problem in caught.value.problems]
        assert codes == ["no-identification"] * MAX_ERRORS + ["too-many-mistakes"]
    with pytest.raises(MessageRejected) as caught:
        read_structures(ml(b"<str:Code/>\n" * (MAX_ERRORS - 1)))
    assert len(caught.value.problems) == MAX_ERRORS - 1


def problems(message: bytes) -> tuple[Problem, ...]:
    with pytest.raises(MessageRejected) as caught:
        read_structures(message)
    return caught.value.problems


LINE = 6
"""The line of the first code of ``ml``."""


@pytest.mark.parametrize(
    ("longest", "longer", "code"),
    [
        (ml(b'<str:Code id="%s"/>' % (b"A" * MAX_ATTRIBUTE_LENGTH)), b'id="A', "too-long"),
        (
            ml(b"<str:Code id='A'%s/>" % b"".join(b" a%d=''" % n for n in range(MAX_ATTRIBUTES - 1))),
            b"a0='' b=''",
            "too-many-attributes",
        ),
    ],
    ids=["an attribute", "attributes"],
)
def test_one_over_a_limit_of_attributes_is_refused_with_its_line(longest: bytes, longer: bytes, code: str) -> None:
    read_structures(longest)
    (problem,) = problems(
        longest.replace(longer[:5], longer, 1) if code != "too-long" else longest.replace(b'="AA', b'="AAA', 1)
    )
    assert (problem.code, problem.where.row) == (code, 5)


def test_one_over_a_limit_of_json_is_refused_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    around = 6
    deepest = b"[" * (MAX_DEPTH - around) + b"]" * (MAX_DEPTH - around)
    message = js(b'\n{"id": "A", "name": "x", "y": ' + deepest + b"}")
    assert read_structures_reporting(message)[1]
    (problem,) = problems(message.replace(b"[[", b"[[[", 1).replace(b"]]", b"]]]", 1))
    assert (problem.code, problem.where.row) == ("too-deep", 5)
    monkeypatch.setattr("sdmx_gateway.structures.json_guard.MAX_TEXT", 70)
    read_structures(js(b'\n{"id": "A", "name": "' + b"x" * 68 + b'"}'))
    (problem,) = problems(js(b'\n{"id": "A", "name": "' + b"x" * 69 + b'"}'))
    assert (problem.code, problem.where.row) == ("too-long", 5)
    monkeypatch.setattr("sdmx_gateway.structures.json_guard.MAX_OBJECTS", 7)
    read_structures(js(b'\n{"id": "A", "name": "x"}'))
    (problem,) = problems(js(b'{"id": "A", "name": "x"},\n{"id": "B", "name": "x"}'))
    assert (problem.code, problem.where.row) == ("too-many-elements", 5)


def test_one_tag_over_the_limit_is_refused_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    message = ml(b"\n\n<str:Code id='A'/>\n<str:Code id='B'/>")
    monkeypatch.setattr("sdmx_gateway.structures.xml_guard.MAX_TAGS", message.count(b"<"))
    read_structures(message)
    tags = message[: message.index(b"<str:Code id='B'/>")].count(b"<")
    monkeypatch.setattr("sdmx_gateway.structures.xml_guard.MAX_TAGS", tags)
    (problem,) = problems(message)
    assert (problem.code, problem.where.row) == ("too-many-elements", 8)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fiftieth", range(1, 50))
def test_a_message_that_breaks_off_anywhere_is_refused_with_the_line_it_breaks_off_at(
    form: Form, fiftieth: int
) -> None:
    message = write_structures(EVERYTHING, form, HEADER)
    half = message[: len(message) * fiftieth // 50]
    (problem,) = problems(half)
    assert problem.code in {"not-well-formed", "wrong-encoding"}
    assert problem.where.row is not None
    assert problem.where.row <= half.count(b"\n") + 1


ENCODED: dict[str, tuple[bytes, str, int | None]] = {
    "Latin 1 for UTF-8": (
        ml('\n<str:Code id="A"><com:Name>é</com:Name></str:Code>'.encode("latin-1")),
        "not-well-formed",
        6,
    ),
    "UTF-16 without a mark": (ml().decode().encode("utf-16-le"), "wrong-encoding", 1),
    "UTF-16 the other way, without a mark": (ml().decode().encode("utf-16-be"), "wrong-encoding", 1),
    "UTF-32": (ml().decode().encode("utf-32"), "wrong-encoding", 1),
    "UTF-8 that is said to be UTF-16": (ml().replace(b"UTF-8", b"UTF-16"), "wrong-encoding", 1),
    "an encoding with a long name": (ml().replace(b"UTF-8", b"X" * 100_000), "wrong-encoding", 1),
    "UTF-16 that breaks off": (ml(b"\n").decode().encode("utf-16")[:-1], "wrong-encoding", 6),
    "a document type in UTF-16": (ml(before=b"<!DOCTYPE x>").decode().encode("utf-16"), "doctype", 2),
    "NUL": (ml(b"\n\0"), "not-well-formed", 6),
    "NUL, escaped": (ml(b"\n<str:Code>&#0;</str:Code>"), "not-well-formed", 6),
    "JSON in Latin 1": (js('\n{"id": "A", "name": "é"}'.encode("latin-1")), "wrong-encoding", 5),
    "JSON in UTF-16": (js().decode().encode("utf-16"), "wrong-encoding", 1),
    "JSON in UTF-16 without a mark": (js().decode().encode("utf-16-le"), "wrong-encoding", 1),
    "JSON in UTF-32": (js().decode().encode("utf-32"), "wrong-encoding", 1),
    "a half character in UTF-8": (js(b'\n{"id": "A", "name": "\xed\xa0\x80"}'), "wrong-encoding", 5),
    "a zip": (b"PK\x03\x04" + bytes(100), "not-well-formed", 1),
}


@pytest.mark.parametrize(("message", "code", "row"), ENCODED.values(), ids=ENCODED)
def test_an_encoding_that_is_another_than_is_said_is_refused_with_the_line(message: bytes, code: str, row: int) -> None:
    (problem,) = problems(message)
    assert (problem.code, problem.where.row) == (code, row)
    assert len(problem.what) < 300


def test_utf_16_with_a_mark_is_read_whatever_the_declaration_says_of_it() -> None:
    plain = ml(CODE)
    for declared in (b"UTF-8", b"UTF-16", b"utf-16LE"):
        assert read_structures(plain.replace(b"UTF-8", declared).decode().encode("utf-16")) == read_structures(plain)


def test_blanks_before_the_declaration_do_not_move_the_lines() -> None:
    (problem,) = problems(b"\n\n\n" + ml(b"\n<str:Code/>"))
    assert (problem.code, problem.where.row) == ("no-identification", 9)


@pytest.mark.parametrize(
    ("message", "code", "row"),
    [
        (ml(spaces=SPACES.replace("v2_1", "v2_0")), "not-a-structure-message", 2),
        (ml(spaces=SPACES.replace("sdmx.org", "example.org")), "not-a-structure-message", 2),
        (ml(b"\n<x:Code xmlns:x='urn:x' id='A'/>"), "wrong-namespace", 6),
        (ml(b"\n<str:Code id='A'><Name xmlns='urn:x'>x</Name></str:Code>"), "wrong-namespace", 6),
        (ml(spaces=SPACES.replace("v2_1/structure", "v3_0/structure")), "wrong-namespace", 3),
    ],
)
def test_what_is_of_another_namespace_is_refused_with_its_line(message: bytes, code: str, row: int) -> None:
    (problem,) = problems(message)
    assert (problem.code, problem.where.row) == (code, row)


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (js(b'{"id": "A", "name": "x"}, {"name": "x"}'), "A:CL(1.0), codes[1]"),
        (js(b'{"id": "A", "name": "x"}, 7'), "A:CL(1.0), codes[1]"),
        (js(lists=b', {"name": "x"}'), "codelists[1]"),
        (js(lists=b', "x"'), "codelists[1]"),
        (js(lists=b', {"id": "\xc3\xa9", "agencyID": "A"}'), "codelists[1]"),
        (js(b'{"id": "A", "name": "x", "annotations": [{}, 7]}'), "A:CL(1.0), codes[0].annotations[1]"),
    ],
)
def test_in_json_the_way_to_a_mistake_is_told(message: bytes, key: str) -> None:
    (problem,) = problems(message)
    assert problem.where.key == key


def test_the_same_member_twice_is_told_by_name_and_line_and_in_two_objects_is_no_mistake() -> None:
    read_structures(js(b'{"id": "A", "name": "id"}, {"id": "B", "name": "id"}'))
    (problem,) = problems(js(b'{"id": "A", "name": "x"},\n{"id": "B", "name": "id",\n"id": "C"}'))
    assert ("member id twice" in problem.what, problem.where.row) == (True, 6)


BOMB = MAX_BYTES + 1


def bomb() -> bytes:
    """Packed a thousandth of what it unpacks to."""
    return gzip.compress(ml(b"\n" * BOMB))


@pytest.mark.parametrize("name", ["a.xml.gz", "a.xml", "a.json.gz"])
def test_what_unpacks_to_more_than_is_read_is_refused_at_every_door(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(bomb())
    with pytest.raises(MessageRejected) as caught:
        structures_at(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("too-long", name)


def test_a_packed_foreign_file_that_unpacks_to_more_than_is_read_is_a_mistake_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "a.xml.gz").write_bytes(bomb())
    (tmp_path / "foreign" / "b.xml.gz").write_bytes(gzip.compress(ml(CODE)))
    mistakes = Notes()
    (found,) = read_foreign([Home(tmp_path, "A", "A", AGENCIES.items[0], "SDMX")], (), mistakes, Notes())
    assert found.id == "CL"
    assert [problem.code for problem in mistakes.problems] == ["too-long"]


def test_what_can_be_read_can_be_written_or_is_refused_though_parents_lie_in_a_circle() -> None:
    for codes in (under(1, 2) + under(2, 1), under(1, 1), CODE * 2):
        artefacts = read_structures(ml(codes))
        for form in FORMS:
            if codes == CODE * 2:
                with pytest.raises(StructureError, match="more than once"):
                    write_structures(artefacts, form, HEADER)
            else:
                assert read_structures(write_structures(artefacts, form, HEADER))


def test_the_ancestors_of_an_item_whose_parents_lie_in_a_circle_come_to_an_end() -> None:
    (codelist,) = read_structures(ml(under(1, 2) + under(2, 3) + under(3, 2)))
    assert list(codelist.ancestors("C1")) == ["C2", "C3"]  # type: ignore[union-attr]


if __name__ == "__main__":
    _serve()
