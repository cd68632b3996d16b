"""National nomenclatures of offences, brought as the spreadsheets their offices publish, become code lists that extend the ICCS.

Two are known: NATINF, the numbered list of offences of the Ministry of Justice, and the NFI, the nomenclature the Interior and
Justice share for statistics. Neither is shipped; :func:`prepared` reads the file somebody brings, tells everything that is wrong
with it at once, and says what the list would be beside the one that is held; :func:`keep` writes it as ``dsd/`` has its lists.
The layouts are in :mod:`.layouts` and, for people, in ``docs/structures.md``.
"""

from sdmx_gateway.nomenclatures.decoding import ENCODINGS
from sdmx_gateway.nomenclatures.edition import Outcome
from sdmx_gateway.nomenclatures.importing import Intent, Prepared, prepared
from sdmx_gateway.nomenclatures.keeping import keep
from sdmx_gateway.nomenclatures.layouts import LAYOUTS

__all__ = ["ENCODINGS", "LAYOUTS", "Intent", "Outcome", "Prepared", "keep", "prepared"]
