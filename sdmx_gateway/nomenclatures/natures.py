"""The natures of French offences, by gravity: crime, délit, contravention (Code pénal, article 111-1; the five classes: 131-13).

The seven spellings of the list of NATINF, "Contravention de 5ème classe" among them, were read in a program that uses the file
(cesar-lizurey/vuetify-natinf, ``correspondancesNatures.js``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sdmx_gateway.nomenclatures.layouts import folded

NATURES: Final[Mapping[str, tuple[str, str]]] = {
    r"crime": ("CRIME", "Felony"),
    r"delit": ("DELIT", "Misdemeanour"),
    r"contravention( de)?( la)? (1|1re|1ere|premiere)( classe)?|contravention de classe 1": ("CONTRAVENTION_1", "Petty offence, class 1"),
    r"contravention( de)?( la)? (2|2e|2eme|deuxieme)( classe)?|contravention de classe 2": ("CONTRAVENTION_2", "Petty offence, class 2"),
    r"contravention( de)?( la)? (3|3e|3eme|troisieme)( classe)?|contravention de classe 3": ("CONTRAVENTION_3", "Petty offence, class 3"),
    r"contravention( de)?( la)? (4|4e|4eme|quatrieme)( classe)?|contravention de classe 4": ("CONTRAVENTION_4", "Petty offence, class 4"),
    r"contravention( de)?( la)? (5|5e|5eme|cinquieme)( classe)?|contravention de classe 5": ("CONTRAVENTION_5", "Petty offence, class 5"),
    r"contravention": ("CONTRAVENTION", "Petty offence"),
}  # fmt: skip
"""How a nature is written, folded as headings are, and what the list calls it, with an English name of ours."""


def nature_of(text: str) -> tuple[str, str] | None:
    """The word of the list for a nature and its English name; ``None`` of one that is not known.

    >>> nature_of("Contravention de 5ème classe"), nature_of("DELIT"), nature_of("Infraction douanière")
    (('CONTRAVENTION_5', 'Petty offence, class 5'), ('DELIT', 'Misdemeanour'), None)
    """
    plain = folded(text)
    return next((said for pattern, said in NATURES.items() if re.fullmatch(pattern, plain)), None)
