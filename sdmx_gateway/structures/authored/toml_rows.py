"""Where in a TOML file each header and key stands.

TOML libraries forget where a value stood; a person who has to mend a file of three hundred lines has not. The rows are found by a
second, shallow look at the text: good enough to point, never used to read.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY: Final = re.compile(r"""\s*["']?([A-Za-z0-9_\-]+)["']?\s*=""")


_LIST: Final = re.compile(r"=\s*\[\s*(#.*)?$")


def rows_of(text: str) -> dict[str, int]:
    """Row (1-based) of each header and key by its path; the tables of a list are numbered from 0.

    >>> rows_of("[[flow]]" + chr(10) + "id = 1" + chr(10) + "[[flow]]" + chr(10) + "[flow.of]" + chr(10) + "x = 1")
    {'flow[0]': 1, 'flow[0].id': 2, 'flow[1]': 3, 'flow[1].of': 4, 'flow[1].of.x': 5}
    >>> rows_of("levels = [" + chr(10) + "    { id = 1 }," + chr(10) + "    { id = 2 }," + chr(10) + "]")
    {'levels': 1, 'levels[0]': 2, 'levels[1]': 3}
    """
    rows: dict[str, int] = {}
    seen: Counter[str] = Counter()
    path, open_list = "", ""
    for row, line in enumerate(text.splitlines(), 1):
        start = line.lstrip()[:1]
        if open_list and start in {"{", "]"}:
            if start == "{":
                rows[f"{open_list}[{seen[open_list]}]"] = row
                seen[open_list] += 1
            else:
                open_list = ""
        elif match := _HEADER.match(line):
            path = _path(match[2], seen, is_list=match[1] == "[[")
            rows[path] = row
        elif match := _KEY.match(line):
            key = f"{path}.{match[1]}".strip(".")
            rows.setdefault(key, row)
            open_list = key if _LIST.search(line) else ""
    return rows


def _path(header: str, seen: Counter[str], *, is_list: bool) -> str:
    """The path of a header, with the number of each list it is in; that of a list of tables is one more."""
    *above, last = re.sub(r"""["'\s]""", "", header).split(".")
    path = ""
    for part in above:
        path = f"{path}.{part}".strip(".")
        path += f"[{seen[path] - 1}]" if path in seen else ""
    path = f"{path}.{last}".strip(".")
    if not is_list:
        return path
    seen[path] += 1
    return f"{path}[{seen[path] - 1}]"
