"""Writing a list into a folder of structures: whole, or not at all.

Everything is written aside first, in a folder no loading looks into. What nothing reads yet is put in its place before the TOML
that names it; that one comes with a single rename, so whoever loads the folder at any moment, or after a crash, finds the whole
list or none of it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sdmx_gateway.nomenclatures.importing import Prepared, write


def keep(coming: Prepared) -> tuple[Path, ...]:
    """Put the files of a list into their folder, and say where they are; none when nothing changed."""
    if not coming.files:
        return ()
    home = coming.folder / coming.codelist.agency
    coming.folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".coming-", dir=coming.folder))
    try:
        write(aside / home.name, coming.files)
        if home.exists():
            for name in coming.files:
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                (aside / home.name / name).replace(home / name)
        else:
            (aside / home.name).rename(home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(home / name for name in coming.files)
