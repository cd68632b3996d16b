"""How the spreadsheets of national nomenclatures are laid out: which columns there are and what they may be headed.

Columns are found by heading, whatever its case, accents, spaces and punctuation. The five headings of the list of NATINF were
read in programs that use the file (MTES-MCT/monitorenv, ``ref_natinfs.csv``, Latin-1, ``;``), and what it has in the page
"La liste des infractions en vigueur de la nomenclature NATINF" (justice.gouv.fr). No table of the NFI could be read: its
headings, and those of columns with the ICCS, are assumptions, listed in ``docs/assumptions.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.model import Text

LEVELS: Final[Mapping[str, str]] = {
    "section": "SECTION",
    "division": "DIVISION",
    "groupe": "GROUP",
    "classe": "CLASS",
    "sous classe": "SUBCLASS",
}
"""The levels of the NFI from the top, as headings call them and as the list does (Interstats, "La nomenclature française des
infractions"); the first four are those of the ICCS."""


@dataclass(frozen=True)
class Column:
    """A column: what it is of, and what it may be headed, folded."""

    name: str
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Form:
    """One way to lay a nomenclature out.

    Attributes:
        columns: the columns it may have.
        by_level: each level has a column of its own for codes and one for labels, ``code section``, ``label section`` …
    """

    columns: tuple[Column, ...]
    by_level: bool = False

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which it is not laid out so."""
        return tuple(column for column in self.columns if column.required)


@dataclass(frozen=True)
class Layout:
    """What is known of a nomenclature.

    Attributes:
        id: what the command line calls it.
        codelist: the id of its code list.
        names: what the list is called.
        descriptions: what it is.
        source: who makes it.
        licence: under which licence it is published, where that was read.
        forms: the ways it may be laid out.
        clean: a code as the list has it, from the code as it is written; ``None`` when it is none.
        code_form: what a code looks like, as an order to whoever mends it.
        is_nested: whether its entries lie under each other.
    """

    id: str
    codelist: str
    names: Text
    descriptions: Text
    source: str
    licence: str | None
    forms: tuple[Form, ...]
    clean: Callable[[str], str | None]
    code_form: str
    is_nested: bool

    @property
    def correspondence(self) -> tuple[Form, ...]:
        """How a table is laid out that says of each code only where it lies in the ICCS."""
        code = next(column for form in self.forms for column in form.columns if column.name == "code")
        return (Form((code, Column("iccs", ICCS.headings, required=True), RELATION, NOTE)),)


def folded(heading: str) -> str:
    """A heading without what people write differently.

    >>> folded("Qualification de l’infraction "), folded("N° NATINF"), folded("numero_natinf")
    ('qualification de l infraction', 'n natinf', 'numero natinf')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", heading.replace("º", " ")) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def natinf_number(text: str) -> str | None:
    """The number of an offence without what spreadsheets add to numbers.

    >>> natinf_number(" 12 345 "), natinf_number("007"), natinf_number("7.0"), natinf_number("A7")
    ('12345', '7', '7', None)
    """
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3})", "", text.strip())
    match = re.fullmatch(r"0*(\d{1,6})(?:[.,]0+)?", plain)
    return match[1] if match else None


def nfi_code(text: str) -> str | None:
    """A code of the NFI without the points and spaces between its parts, which an id of SDMX may not have.

    >>> nfi_code("02.01.1"), nfi_code("02 011"), nfi_code("02/01")
    ('02011', '02011', None)
    """
    plain = re.sub(r"[.\s\u00a0\u202f]", "", text)
    return plain if re.fullmatch(r"[A-Za-z0-9_\-]+", plain) else None


ICCS: Final = Column(
    "iccs",
    (
        "iccs",
        "code iccs",
        "codes iccs",
        "iccs code",
        "poste iccs",
        "correspondance iccs",
        "iccs codes",
        "code iccs 1 0",
    ),
)
RELATION: Final = Column(
    "relation",
    ("relation", "relation iccs", "iccs relation", "type de relation", "type de correspondance", "relation a l iccs"),
)
NOTE: Final = Column("note", ("note", "notes", "remarque", "remarques", "commentaire", "note iccs", "iccs note"))
_LABEL_EN: Final = Column(
    "label_en",
    ("libelle en", "libelle anglais", "label", "label en", "english label", "name en", "intitule anglais"),
)
_DESCRIPTION: Final = Column("description", ("description", "definition", "contenu", "description fr"))
_NATINF: Final = Form(
    (
        Column(
            "code",
            ("numero natinf", "n natinf", "no natinf", "num natinf", "natinf", "code natinf", "numero"),
            required=True,
        ),
        Column(
            "label",
            (
                "qualification de l infraction",
                "qualification infraction",
                "qualification simplifiee de l infraction",
                "qualification simplifiee",
                "qualification",
                "libelle",
                "libelle natinf",
            ),
            required=True,
        ),
        Column("nature", ("nature de l infraction", "nature infraction", "nature")),
        Column("defined_by", ("definie par", "prevue par", "articles definissant l infraction")),
        Column("punished_by", ("reprimee par", "articles edictant les peines")),
        _LABEL_EN,
        ICCS,
        RELATION,
        NOTE,
    )
)
_NFI: Final = Form(
    (
        Column("code", ("code nfi", "nfi", "code", "poste", "poste nfi", "code du poste", "nfi code"), required=True),
        Column(
            "label",
            (
                "libelle",
                "libelle nfi",
                "intitule",
                "intitule nfi",
                "libelle du poste",
                "libelle fr",
                "libelle francais",
            ),
            required=True,
        ),
        Column("level", ("niveau", "niveau nfi", "level")),
        Column("parent", ("code parent", "parent", "poste parent", "code du poste parent", "code superieur")),
        Column("nature", ("nature de l infraction", "nature")),
        Column("defined_by", ("definie par",)),
        Column("punished_by", ("reprimee par",)),
        _LABEL_EN,
        _DESCRIPTION,
        ICCS,
        RELATION,
        NOTE,
    )
)
_NFI_BY_LEVEL: Final = Form(
    (
        *(
            column
            for level in LEVELS
            for column in (
                Column(
                    f"code {level}",
                    (f"code {level}", level, f"{level} code", f"code nfi {level}", f"{level} nfi", f"nfi {level}"),
                    required=level == "section",
                ),
                Column(
                    f"label {level}",
                    (
                        f"libelle {level}",
                        f"{level} libelle",
                        f"libelle de la {level}",
                        f"libelle du {level}",
                        f"intitule {level}",
                        f"libelle nfi {level}",
                    ),
                    required=level == "section",
                ),
            )
        ),
        ICCS,
        RELATION,
        NOTE,
    ),
    by_level=True,
)
LAYOUTS: Final[Mapping[str, Layout]] = {
    layout.id: layout
    for layout in (
        Layout(
            id="natinf",
            codelist="CL_NATINF",
            names=Text.of(fr="Natures d’infraction (NATINF)", en="Natures of offences (NATINF)"),
            descriptions=Text.of(
                fr="Infractions pénales, douanières et fiscales en vigueur, avec leur numéro, leur qualification simplifiée, leur nature "
                "et les textes qui les définissent et les répriment. Libellés tels que le fichier les écrit.",
                en="Criminal, customs and tax offences in force, with their number, their simplified name, their nature and the provisions "
                "that define and punish them. Labels as the file writes them.",
            ),
            source="Ministère de la Justice, liste des infractions en vigueur de la nomenclature NATINF",
            licence="Licence Ouverte 2.0",
            forms=(_NATINF,),
            clean=natinf_number,
            code_form="a NATINF number has digits only: 7151",
            is_nested=False,
        ),
        Layout(
            id="nfi",
            codelist="CL_NFI",
            names=Text.of(
                fr="Nomenclature française des infractions (NFI)", en="French classification of offences (NFI)"
            ),
            descriptions=Text.of(
                fr="Nomenclature statistique commune aux ministères de l’Intérieur et de la Justice, articulée avec l’ICCS. Libellés tels "
                "que le fichier les écrit.",
                en="Statistical classification shared by the Ministries of the Interior and of Justice, aligned with the ICCS. Labels as "
                "the file writes them.",
            ),
            source="SSMSI et SDSE, nomenclature française des infractions",
            licence=None,
            forms=(_NFI, _NFI_BY_LEVEL),
            clean=nfi_code,
            code_form="an id of SDMX has letters, digits, _ and - only: 02011",
            is_nested=True,
        ),
    )
}
"""The nomenclatures that are known, by what the command line calls them."""
