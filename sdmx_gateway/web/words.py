"""The words of the page in French and English, and which language a reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

LANGUAGES: Final = ("fr", "en")
"""The first is the default."""

PARIS: Final = ZoneInfo("Europe/Paris")
"""Instants are shown by the clock of Paris, as deadlines are counted."""

_THOUSANDS: Final = {"fr": "\u202f", "en": ","}
_DAYS: Final = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}
_SINGULAR: Final = {"fr": (0, 1), "en": (1,)}
_RANGES_READ: Final = 20

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Passerelle SDMX", "SDMX gateway"),
    "subtitle": (
        "Ce qui reste à transmettre, ce qui est diffusé, ce que les contrôles ont relevé, ce qui a été transmis.",
        "What is due, what is released, what was found, what was sent.",
    ),
    "skip": ("Aller au contenu", "Skip to content"),
    "as_of": ("Situation au", "As of"),
    "paris_time": ("heure de Paris", "Paris time"),
    "other_language": ("English", "Français"),
    "summary": ("En bref", "At a glance"),
    "first": ("À faire en premier", "First thing to do"),
    "nothing_to_do": (
        "Rien à faire : tout ce qui est exigible est transmis, aucune erreur.",
        "Nothing to do: all that is due is sent, and there is no error.",
    ),
    "cause": ("Voir la cause", "See the cause"),
    "in_latest": ("dans les dernières diffusions", "in the latest releases"),
    "of": ("sur", "of"),
    "dataflows": ("Jeux de données", "Dataflows"),
    "dataflows_caption": (
        "Dernière diffusion de chaque jeu de données ; les constats les plus graves d'abord.",
        "Latest release of each dataflow, worst first.",
    ),
    "dataflow": ("Jeu de données", "Dataflow"),
    "release": ("Diffusion", "Release"),
    "releases": ("Diffusions", "Releases"),
    "published": ("Publiée le", "Published"),
    "observations": ("Observations", "Observations"),
    "periods": ("Périodes", "Periods"),
    "findings": ("Constats", "Findings"),
    "no_finding": ("rien à signaler", "nothing to report"),
    "report": ("Rapport", "Report"),
    "data": ("Données", "Data"),
    "structure": ("Structure", "Structure"),
    "unreleased": ("Jeux de données sans diffusion", "Dataflows with no release"),
    "releases_caption": ("Toutes les diffusions, la plus récente d'abord.", "All releases, newest first."),
    "changes": ("Changements", "Changes"),
    "unchanged": ("aucun", "none"),
    "edition": ("Millésime de la source", "Source edition"),
    "approved_by": ("Approuvée par", "Approved by"),
    "due": ("Transmissions à effectuer", "What is due"),
    "due_caption": ("Par échéance, la plus ancienne d'abord.", "By deadline, the oldest first."),
    "deadline": ("Échéance", "Deadline"),
    "in_days": ("Délai", "Time left"),
    "days": ("j", "d"),
    "recipient": ("Destinataire", "Recipient"),
    "period": ("Période", "Period"),
    "state": ("État", "State"),
    "next_step": ("À faire", "Next step"),
    "sent": ("Transmissions préparées et effectuées", "What was prepared and sent"),
    "sent_caption": (
        "Toutes les transmissions : refusées ou d'issue inconnue d'abord, puis de la plus récente à la plus ancienne.",
        "All transmissions: refused or of unknown outcome first, then newest first.",
    ),
    "file": ("Fichier", "File"),
    "sent_at": ("Remise le", "Delivered"),
    "receipt": ("Accusé de réception", "Receipt"),
    "no_receipt": ("pas encore", "not yet"),
    "unknown_why": (
        "l'envoi a été interrompu : on ne sait pas si le fichier est arrivé",
        "the sending was cut short: it is not known whether the file arrived",
    ),
    "nothing_released": ("Rien n'est encore diffusé.", "Nothing is released yet."),
    "nothing_due": ("Aucune transmission à effectuer.", "Nothing is due."),
    "nothing_sent": ("Aucune transmission n'a encore été préparée.", "Nothing was prepared yet."),
    "shown": ("affichées", "shown"),
    "only": ("Vue limitée à", "Only"),
    "all_flows": ("Tout afficher", "Show everything"),
    "overdue": ("de retard", "overdue"),
    "origin": ("Origine des données", "Where the data come from"),
    "origin_caption": ("Ce dont la dernière diffusion est faite.", "What the latest release is made from."),
    "module": ("Module de correspondance", "Mapping module"),
    "source": ("Source", "Source"),
    "rows": ("Lignes lues", "Rows read"),
    "left_out": ("Écarté à la lecture", "Left out"),
    "because": ("Raison", "Reason"),
    "share": ("Part du total", "Share of the total"),
    "to_the_cell": ("Remonter d'un chiffre à sa cellule", "From a figure back to its cell"),
    "services": ("Services pour les machines", "Services for machines"),
    "services_text": (
        "SDMX REST 2.2 sous /sdmx/v2, SDMX REST 1.5 sous /sdmx/v1 : les mêmes données par les deux.",
        "SDMX REST 2.2 under /sdmx/v2, SDMX REST 1.5 under /sdmx/v1: the same data behind both.",
    ),
    "list_of_flows": ("la liste des jeux de données", "the list of dataflows"),
    "state.due": ("attendue", "due"),
    "state.prepared": ("préparée", "prepared"),
    "state.validated": ("validée", "validated"),
    "state.approved": ("approuvée", "approved"),
    "state.sealed": ("scellée", "sealed"),
    "state.sending": ("en cours d'envoi", "sending"),
    "state.sent": ("envoyée", "sent"),
    "state.acknowledged": ("accusé reçu", "acknowledged"),
    "state.refused": ("refusée", "refused"),
    "state.unknown": ("issue inconnue", "unknown"),
    "state.reconciled": ("retrouvée chez le destinataire", "reconciled"),
    "state.superseded": ("remplacée", "superseded"),
}

COUNTED: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "late": (
        ("Transmission en retard", "Transmissions en retard"),
        ("Transmission overdue", "Transmissions overdue"),
    ),
    "due": (("Transmission à effectuer", "Transmissions à effectuer"), ("Transmission due", "Transmissions due")),
    "error": (("Erreur", "Erreurs"), ("Error", "Errors")),
    "warning": (("Avertissement", "Avertissements"), ("Warning", "Warnings")),
    "info": (("Information", "Informations"), ("Information", "Information")),
    "released": (("Jeu de données diffusé", "Jeux de données diffusés"), ("Dataflow released", "Dataflows released")),
    "releases": (("Diffusion", "Diffusions"), ("Release", "Releases")),
    "observations": (("Observation", "Observations"), ("Observation", "Observations")),
    "added": (("ajoutée", "ajoutées"), ("added", "added")),
    "revised": (("révisée", "révisées"), ("revised", "revised")),
    "requalified": (("requalifiée", "requalifiées"), ("requalified", "requalified")),
    "withdrawn": (("retirée", "retirées"), ("withdrawn", "withdrawn")),
}
"""What stands beside a number: in French, then in English, of one and of several."""


def words_in(language: str) -> Mapping[str, str]:
    """The words of the page in one language."""
    place = LANGUAGES.index(language)
    return {name: texts[place] for name, texts in WORDS.items()}


def figure(number: int, language: str) -> str:
    """A whole number with the separators of the language.

    >>> figure(1234567, "en")
    '1,234,567'
    """
    return f"{number:,}".replace(",", _THOUSANDS[language])


def counted(number: int, name: str, language: str) -> str:
    """The word of :data:`COUNTED` that goes with a number.

    >>> counted(0, "warning", "fr"), counted(0, "warning", "en")
    ('Avertissement', 'Warnings')
    """
    return COUNTED[name][LANGUAGES.index(language)][number not in _SINGULAR[language]]


def day(value: date, language: str) -> str:
    """A day as the language writes it.

    >>> day(date(2026, 11, 30), "fr"), day(date(2026, 11, 30), "en")
    ('30/11/2026', '30 Nov 2026')
    """
    return value.strftime(_DAYS[language])


def share(part: float | None, language: str) -> str:
    """A part of a whole, in percent; nothing where it is not known.

    >>> share(0.1745, "fr"), share(0.0001, "en")
    ('17,4\u202f%', '< 0.1\u202f%')
    """
    if part is None:
        return ""
    text = f"{part:.1%}" if not 0 < part < 0.0005 else "< 0.1%"
    text = text.replace("%", "\u202f%")
    return text.replace(".", ",") if language == "fr" else text


def language_of(request: Request) -> str:
    """The language of an answer: ``?lang=`` if it is one of ours, else the best of ``Accept-Language``, else French."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return _best(request.headers.get("accept-language", ""))


def _best(header: str) -> str:
    """The language of ours with the highest weight (RFC 9110 §12.5.4); among equals, the one named first."""
    weights: dict[str, float] = {}
    for part in header.split(",")[:_RANGES_READ]:
        tag, _, weight = part.partition(";q=")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            weights.setdefault(language, _weight(weight))
    return max(weights, key=lambda language: weights[language]) if any(weights.values()) else LANGUAGES[0]


def _weight(text: str) -> float:
    digits = text.strip()
    return float(digits) if digits.replace(".", "", 1).isdecimal() and digits.isascii() else 1.0
