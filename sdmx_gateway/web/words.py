"""The words of the page in French and English, and which language a reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

LANGUAGES: Final = ("fr", "en")
"""The first is the default."""

_THOUSANDS: Final = {"fr": "\u202f", "en": ","}
_RANGES_READ: Final = 20

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Passerelle SDMX", "SDMX gateway"),
    "subtitle": (
        "Ce qui est diffusé, ce qui a été constaté, ce qui est dû et ce qui a été envoyé.",
        "What is released, what was found, what is due and what was sent.",
    ),
    "skip": ("Aller au contenu", "Skip to content"),
    "contents": ("Sommaire", "Contents"),
    "as_of": ("Situation au", "As of"),
    "other_language": ("English", "Français"),
    "summary": ("En bref", "At a glance"),
    "late": ("Transmissions en retard", "Transmissions overdue"),
    "due_count": ("Transmissions dues", "Transmissions due"),
    "errors": ("Erreurs", "Errors"),
    "warnings": ("Avertissements", "Warnings"),
    "infos": ("Informations", "Information"),
    "in_latest": ("dans les dernières diffusions", "in the latest releases"),
    "released_flows": ("Jeux de données diffusés", "Dataflows released"),
    "of": ("sur", "of"),
    "releases": ("Diffusions", "Releases"),
    "dataflows": ("Jeux de données", "Dataflows"),
    "dataflows_caption": (
        "Dernière diffusion de chaque jeu de données, le plus grave d'abord.",
        "Latest release of each dataflow, worst first.",
    ),
    "dataflow": ("Jeu de données", "Dataflow"),
    "release": ("Diffusion", "Release"),
    "published": ("Publiée le", "Published"),
    "observations": ("Observations", "Observations"),
    "periods": ("Périodes", "Periods"),
    "findings": ("Constats", "Findings"),
    "no_finding": ("rien à signaler", "nothing to report"),
    "report": ("Rapport", "Report"),
    "data": ("Données", "Data"),
    "structure": ("Structure", "Structure"),
    "unreleased": ("Jeux de données sans diffusion", "Dataflows with no release"),
    "unreleased_none": ("Chaque jeu de données connu a une diffusion.", "Every dataflow held has a release."),
    "releases_caption": ("Toutes les diffusions, la plus récente d'abord.", "All releases, newest first."),
    "changes": ("Changements", "Changes"),
    "added": ("ajoutées", "added"),
    "revised": ("révisées", "revised"),
    "requalified": ("requalifiées", "requalified"),
    "withdrawn": ("retirées", "withdrawn"),
    "unchanged": ("aucun", "none"),
    "edition": ("Édition de la source", "Source edition"),
    "approved_by": ("Approuvée par", "Approved by"),
    "due": ("Ce qui est dû", "What is due"),
    "due_caption": ("Par échéance, la plus ancienne d'abord.", "By deadline, the oldest first."),
    "deadline": ("Échéance", "Deadline"),
    "in_days": ("Délai", "Time left"),
    "days": ("j", "d"),
    "recipient": ("Destinataire", "Recipient"),
    "period": ("Période", "Period"),
    "state": ("État", "State"),
    "next_step": ("À faire", "Next step"),
    "sent": ("Ce qui a été préparé et envoyé", "What was prepared and sent"),
    "sent_caption": ("Toutes les transmissions, la plus récente d'abord.", "All transmissions, newest first."),
    "file": ("Fichier", "File"),
    "sent_at": ("Remis le", "Delivered"),
    "receipt": ("Accusé de réception", "Receipt"),
    "no_receipt": ("pas encore", "not yet"),
    "nothing_released": ("Rien n'est encore diffusé.", "Nothing is released yet."),
    "nothing_due": ("Rien n'est dû.", "Nothing is due."),
    "nothing_sent": ("Rien n'a encore été préparé.", "Nothing was prepared yet."),
    "shown": ("affichés", "shown"),
    "only": ("Uniquement", "Only"),
    "all_flows": ("Tout afficher", "Show everything"),
    "overdue": ("de retard", "overdue"),
    "services": ("Services pour les machines", "Services for machines"),
    "services_text": (
        "SDMX REST 2.2 sous /sdmx/v2, SDMX REST 1.5 sous /sdmx/v1 : les mêmes données derrière les deux.",
        "SDMX REST 2.2 under /sdmx/v2, SDMX REST 1.5 under /sdmx/v1: the same data behind both.",
    ),
    "list_of_flows": ("la liste des jeux de données", "the list of dataflows"),
    "state.due": ("due", "due"),
    "state.prepared": ("préparée", "prepared"),
    "state.validated": ("validée", "validated"),
    "state.approved": ("approuvée", "approved"),
    "state.sealed": ("scellée", "sealed"),
    "state.sending": ("en cours d'envoi", "sending"),
    "state.sent": ("envoyée", "sent"),
    "state.acknowledged": ("acquittée", "acknowledged"),
    "state.refused": ("refusée", "refused"),
    "state.unknown": ("sort inconnu", "unknown"),
    "state.reconciled": ("retrouvée chez le destinataire", "reconciled"),
    "state.superseded": ("remplacée", "superseded"),
}


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
