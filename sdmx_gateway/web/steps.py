"""What is owed in the reader's words: the next step, the command that takes it, and where its cause is seen.

In English the words are those of the command line (:attr:`Due.next_step`); in French they are said here, of the same
facts. Nothing here decides what the next step is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from sdmx_gateway.releases import Release
from sdmx_gateway.transmission import Due, State, Transmission

TROUBLED: Final = frozenset({State.REFUSED, State.UNKNOWN})
"""States somebody must look into, whatever the deadline."""

_FRENCH: Final[Mapping[State, str]] = {
    State.APPROVED: "envoyer",
    State.SEALED: "envoyer",
    State.SENDING: "renvoyer si aucun envoi n'est en cours : l'arrivée du fichier est d'abord vérifiée",
    State.UNKNOWN: "renvoyer : l'arrivée du fichier est d'abord vérifiée",
    State.SENT: "attendre l'accusé de réception, puis renvoyer pour le recueillir",
    State.REFUSED: "lire le motif du refus, corriger, publier une nouvelle diffusion",
    State.ACKNOWLEDGED: "rien : remise",
    State.RECONCILED: "rien : remise",
    State.SUPERSEDED: "rien : remplacée",
}

_COMMANDS: Final[Mapping[State, str]] = {
    State.VALIDATED: "approve",
    **dict.fromkeys((State.APPROVED, State.SEALED, State.SENDING, State.UNKNOWN, State.SENT), "send"),
}


def in_words(line: Due, release: Release | None, language: str, *, second_person: bool) -> str:
    """The next step of something owed, of whose dataflow ``release`` is the latest."""
    if language == "en":
        return line.next_step
    if line.transmission is None:
        return _first_french(line, release)
    return _further_french(line, line.transmission, release, second_person=second_person)


def _first_french(line: Due, release: Release | None) -> str:
    flow = line.obligation.dataflow.short
    if release is None:
        return f"en attente d'une première diffusion de {flow}"
    if line.ready:
        return f"préparer, à partir de la diffusion {release.number}"
    last = release.periods[1] if release.periods else ""
    ends = f"s'arrête à {last}" if last < str(line.period) else f"n'a pas {line.period}"
    return f"en attente de {line.period} dans {flow} : la diffusion {release.number} {ends}"


def _further_french(line: Due, sent: Transmission, release: Release | None, *, second_person: bool) -> str:
    if line.ready and release is not None:
        return f"préparer de nouveau : la diffusion {release.number} est plus récente que la diffusion {sent.release}"
    if sent.state is State.PREPARED:
        several = "s" if sent.report_errors > 1 else ""
        return f"corriger {sent.report_errors} erreur{several} de validation, puis publier une nouvelle diffusion"
    if sent.state is State.VALIDATED:
        return f"approuver{' (par une seconde personne)' if second_person else ''}"
    return _FRENCH[sent.state]


def command(line: Due) -> str:
    """The command that takes the next step; empty where there is only to wait, or to correct."""
    if line.ready:
        return f"sdmx-gateway transmit prepare {line.obligation.id} {line.period}"
    if line.transmission is None or line.state not in _COMMANDS:
        return ""
    return f"sdmx-gateway transmit {_COMMANDS[line.state]} {line.transmission.id[:8]}"


def cause(line: Due, release: Release | None, language: str) -> str:
    """Where it is seen why things stand as they do, relative to the page: what became of a transmission, else of the data."""
    if line.transmission is not None and line.transmission.state is not State.PREPARED:
        return f"#{row_of(line.transmission)}"
    if line.transmission is not None and release is not None:
        flow = release.dataflow
        return f"findings/{flow.agency}/{flow.id}/{flow.version}/{line.transmission.release}?lang={language}"
    return (
        f"?dataflow={quote(line.obligation.dataflow.short)}&lang={language}{'#origin' if release is not None else ''}"
    )


def row_of(transmission: Transmission) -> str:
    """The name of the row of a transmission in the page."""
    return f"transmission-{transmission.id[:8]}"
