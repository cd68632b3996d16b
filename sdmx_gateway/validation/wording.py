"""Every sentence of a report, in French and English, as a table; and how figures are written in them.

A sentence is a ``str.format`` template whose names are the ``@`` columns of a frame of failures (see :mod:`.outcome`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.structures.model import Text

LANGUAGES: Final = ("fr", "en")
SIGNED: Final = frozenset({"difference", "percent"})
"""Blanks whose figure always shows its sign."""
_MOST_DECIMALS: Final = 12
_DECIMAL_MARKS: Final = {"fr": ",", "en": "."}


@dataclass(frozen=True, slots=True)
class Wording:
    """What was found, and what to do about it."""

    text: Text
    advice: Text = Text()


def _say(fr: str, en: str, do_fr: str = "", do_en: str = "") -> Wording:
    return Wording(Text.of(fr=fr, en=en), Text.of(fr=do_fr, en=do_en))


WORDINGS: Final[Mapping[str, Wording]] = {
    # structural checks
    "no-observations": _say(
        "le jeu de données ne contient aucune observation",
        "the dataset holds no observation",
        "vérifiez que le fichier est le bon et que son module en retient quelque chose",
        "check that the file is the right one and that its module keeps something of it",
    ),
    "dimension-missing": _say(
        "la dimension {column} n'a pas de valeur",
        "dimension {column} has no value",
        "donnez à chaque observation une valeur de {column}",
        "give every observation a value of {column}",
    ),
    "unknown-code": _say(
        "« {value} » n'est pas un code de {codelist} ({column})",
        "{value!r} is not a code of {codelist} ({column})",
        "corrigez le code ou ajoutez-le à la liste",
        "correct the code, or add it to the list",
    ),
    "unknown-code-near": _say(
        "« {value} » n'est pas un code de {codelist} ({column}) ; le plus proche est {expected}",
        "{value!r} is not a code of {codelist} ({column}); the nearest is {expected}",
        "corrigez le code ({expected} ?) ou ajoutez-le à la liste",
        "correct the code ({expected}?), or add it to the list",
    ),
    "value-not-permitted": _say(
        "« {value} » ({column}) n'est pas permis par la contrainte {constraint}",
        "{value!r} ({column}) is not permitted by constraint {constraint}",
        "laissez ces observations de côté avec une raison, ou élargissez la contrainte",
        "leave these observations out with a reason, or widen the constraint",
    ),
    "combination-not-permitted": _say(
        "la contrainte {constraint} n'admet pas cette combinaison de valeurs",
        "constraint {constraint} does not permit this combination of values",
        "laissez ces observations de côté avec une raison, ou élargissez la contrainte",
        "leave these observations out with a reason, or widen the constraint",
    ),
    "mandatory-attribute-missing": _say(
        "l'attribut obligatoire {column} est absent",
        "mandatory attribute {column} is missing",
        "donnez une valeur à {column}, une constante au besoin",
        "give {column} a value, a constant if need be",
    ),
    "mandatory-measure-missing": _say(
        "la mesure obligatoire {column} n'a pas de valeur",
        "mandatory measure {column} has no value",
        "donnez une valeur à {column}, ou NaN si elle est absente à dessein",
        "give {column} a value, or NaN where it is missing on purpose",
    ),
    "duplicate-key": _say(
        "{count} observations ont la même clé",
        "{count} observations have the same key",
        "gardez-en une, ou dites si elles s'additionnent",
        "keep one of them, or say that they add up",
    ),
    "time-period-malformed": _say(
        "« {value} » n'est pas une période SDMX",
        "{value!r} is not an SDMX time period",
        "écrivez 2016, 2016-Q1 ou 2016-01, selon la fréquence",
        "write 2016, 2016-Q1 or 2016-01, as the frequency asks",
    ),
    "time-period-not-of-frequency": _say(
        "« {value} » n'est pas une période de fréquence {frequency} ; on attend {expected}",
        "{value!r} is not a period of frequency {frequency}; {expected} is expected",
        "accordez la période et la fréquence",
        "make the period and the frequency agree",
    ),
    "not-finite": _say(
        "{column} n'est pas un nombre fini : {value}",
        "{column} is not a finite number: {value}",
        "laissez la valeur vide si elle n'existe pas",
        "leave the value empty where there is none",
    ),
    "too-long": _say(
        "{column} a {length} caractères, {limit} au plus sont admis",
        "{column} has {length} characters, at most {limit} are allowed",
        "raccourcissez le texte",
        "shorten the text",
    ),
    "too-many-values": _say(
        "{column} a {length} valeurs, {limit} au plus sont admises",
        "{column} has {length} values, at most {limit} are allowed",
        "gardez-en {limit}",
        "keep {limit} of them",
    ),
    "wrong-text-type": _say(
        "« {value} » n'est pas du type {type} ({column})",
        "{value!r} is not of type {type} ({column})",
        "écrivez la valeur dans la forme que veut son type",
        "write the value in the form its type asks for",
    ),
    "forbidden-character": _say(
        "{column} contient un caractère de contrôle, interdit en XML : {value!r}",
        "{column} holds a control character, which XML forbids: {value!r}",
        "retirez le caractère",
        "take the character out",
    ),
    "attribute-varies": _say(
        "{column} prend {variants} valeurs là où sa structure n'en admet qu'une",
        "{column} takes {variants} values where its structure allows one",
        "donnez la même valeur de {column} à toutes ces observations",
        "give all these observations the same value of {column}",
    ),
    # rules
    "sum-along-hierarchy": _say(
        "{dimension} {code} = {value}, mais ses {parts} composantes présentes (sur {of}) font {expected} : écart {difference}",
        "{dimension} {code} = {value}, but its {parts} present parts (of {of}) make {expected}: difference {difference}",
        "vérifiez qu'aucune composante ne manque ni ne compte deux fois",
        "check that no part is missing or counted twice",
    ),
    "sum-at-least": _say(
        "{dimension} {code} = {value}, plus que la somme de ses {parts} composantes présentes (sur {of}), {expected}",
        "{dimension} {code} = {value}, more than the sum of its {parts} present parts (of {of}), {expected}",
        "vérifiez qu'aucune composante ne manque",
        "check that no part is missing",
    ),
    "total-is-sum": _say(
        "{dimension} {code} = {value}, mais la somme de ses {parts} composantes est {expected} : écart {difference}",
        "{dimension} {code} = {value}, but its {parts} parts make {expected}: difference {difference}",
        "vérifiez le total et ses composantes",
        "check the total and its parts",
    ),
    "at-most": _say(
        "{part} = {value}, plus que {of} = {expected}, dont il fait partie",
        "{part} = {value}, more than {of} = {expected}, which it is part of",
        "vérifiez les deux valeurs",
        "check both values",
    ),
    "not-negative": _say(
        "la valeur est négative : {value}",
        "the value is negative: {value}",
        "corrigez la valeur à la source",
        "correct the value at its source",
    ),
    "complete-grid": _say(
        "{combination} manque pour {count} période(s), de {first} à {last}",
        "{combination} is missing for {count} period(s), from {first} to {last}",
        "complétez les données, ou justifiez l'absence",
        "complete the data, or justify the absence",
    ),
    "revision-at-most": _say(
        "révisé de {percent} % : {expected} → {value}",
        "revised by {percent} %: {expected} → {value}",
        "confirmez la révision et dites-en la raison",
        "confirm the revision and give its reason",
    ),
    "spike-at-most": _say(
        "{value} est hors de proportion avec ses voisins, au plus {expected}",
        "{value} is out of proportion to its neighbours, {expected} at most",
        "comparez le chiffre avec sa source : un zéro de trop ?",
        "compare the figure with its source: a nought too many?",
    ),
    "unbroken": _say(
        "la série a {present} périodes de {first} à {last} ; il en manque {lacking}",
        "the series has {present} periods from {first} to {last}; {lacking} are missing",
        "cherchez les observations absentes sous une autre clé : une unité ou un libellé changé ?",
        "look for the absent observations under another key: a changed unit or label?",
    ),
    "withdrawn": _say(
        "{count} observations de la diffusion précédente ont disparu pour {dimension} = {code}, de {first} à {last}",
        "{count} observations of the previous release are gone for {dimension} = {code}, from {first} to {last}",
        "confirmez le retrait et dites-en la raison",
        "confirm the withdrawal and give its reason",
    ),
    # how rules ran
    "rest": _say(
        "et {lines} autres, non détaillés ({count} observations)",
        "and {lines} more, not listed ({count} observations)",
    ),
    "skipped": _say(
        "{skipped} comparaisons n'ont pas été faites : une partie est absente ou sans valeur",
        "{skipped} comparisons were not made: a part is absent or has no value",
    ),
    "nothing-to-check": _say(
        "rien à contrôler : aucune observation n'est concernée",
        "nothing to check: no observation is concerned",
    ),
    "no-previous": _say(
        "rien à contrôler : il n'y a pas de diffusion précédente",
        "nothing to check: there is no previous release",
    ),
    "previous-of-another-structure": _say(
        "rien à contrôler : la diffusion précédente n'a pas les mêmes dimensions",
        "nothing to check: the previous release has other dimensions",
    ),
    "grid-too-large": _say(
        "rien n'a été contrôlé : il y a trop de combinaisons",
        "nothing was checked: there are too many combinations",
        "restreignez la règle par only_for ou par moins de dimensions",
        "narrow the rule with only_for, or with fewer dimensions",
    ),
}
"""Sentence by name."""


def said(wording: str, fields: Mapping[str, Any]) -> Wording:
    """A sentence with its blanks filled, in every language."""
    template = WORDINGS[wording]
    return Wording(_filled(template.text, fields), _filled(template.advice, fields))


def _filled(text: Text, fields: Mapping[str, Any]) -> Text:
    return Text(
        tuple(
            (language, sentence.format(**{name: _blank(name, value, language) for name, value in fields.items()}))
            for language, sentence in text
        )
    )


def _blank(name: str, value: Any, language: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{'+' if name in SIGNED and value > 0 else ''}{figure(value, language)}"


def figure(value: float, language: str) -> str:
    """A figure as people read it: thousands apart, the decimal mark of the language, two decimals or three digits.

    >>> figure(12345.678, "fr"), figure(-4, "en"), figure(0.00783, "en"), figure(float("inf"), "en")
    ('12 345,68', '-4', '0.00783', '∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if math.isnan(value):
        return "NaN"
    places = 2 if value == 0 or abs(value) >= 1 else min(_MOST_DECIMALS, 2 - math.floor(math.log10(abs(value))))
    whole, _, decimals = f"{value:,.{places}f}".replace(",", " ").partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}{_DECIMAL_MARKS[language]}{decimals}" if decimals else whole


def written(value: Any) -> str | None:
    """A value as SDMX writes it: no thousands, a point, ``NaN``; ``None`` stays.

    >>> written(12.0), written(1.5), written(float("nan")), written("D01")
    ('12', '1.5', 'NaN', 'D01')
    """
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return str(int(value)) if value.is_integer() else repr(value)
    return None if value is None else str(value)
