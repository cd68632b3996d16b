"""A report as one page for the office: counts before lists, worst first, in French or English.

The page is self-contained (no script, no font, no address outside itself), can be printed, and says in words and signs
what it says in colours (WCAG 2.1, 1.4.1). Everything that comes from data is escaped by the template engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from sdmx_gateway.errors import UnknownArtefact, UsageError
from sdmx_gateway.observations import KEY_SEPARATOR
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import DataStructure, Urn
from sdmx_gateway.validation.finding import Finding, Severity
from sdmx_gateway.validation.report import Report
from sdmx_gateway.validation.wording import LANGUAGES, figure

TEMPLATE: Final = "report.html"
PARIS: Final = ZoneInfo("Europe/Paris")
"""The clock the moment of a report is told by."""
_MOMENTS: Final = {"fr": "%d/%m/%Y %H:%M", "en": "%d %b %Y %H:%M"}
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("sdmx_gateway.validation"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "title": ("Rapport de validation", "Validation report"),
        "passed": ("Peut être diffusé", "May be released"),
        "blocked": ("Ne peut pas être diffusé en l'état", "May not be released as it is"),
        "observations": ("Observations", "Observations"),
        "rules": ("Contrôles", "Checks"),
        "created": ("Établi le", "Made on"),
        "error": ("Erreurs", "Errors"),
        "warning": ("Avertissements", "Warnings"),
        "info": ("Informations", "Information"),
        "error_one": ("Erreur", "Error"),
        "warning_one": ("Avertissement", "Warning"),
        "info_one": ("Information", "Information"),
        "error_sense": ("inacceptables : à corriger", "not acceptable: to be corrected"),
        "warning_sense": ("acceptables avec une justification", "acceptable with a justification"),
        "info_sense": ("pour mémoire", "for the record"),
        "concerned": ("observations concernées", "observations concerned"),
        "finding": ("Constat", "Finding"),
        "rule": ("Contrôle", "Check"),
        "where": ("Où", "Where"),
        "found": ("Trouvé", "Found"),
        "expected": ("Attendu", "Expected"),
        "count": ("Nombre", "Count"),
        "to_do": ("À faire", "To do"),
        "what_ran": ("Ce qui a été contrôlé", "What was checked"),
        "formula": ("Formule", "Formula"),
        "severity": ("Gravité", "Severity"),
        "level": ("Niveau", "Level"),
        "checked": ("Comparaisons", "Comparisons"),
        "failed": ("Échecs", "Failures"),
        "skipped": ("Non faites", "Not made"),
        "nothing": ("Rien à signaler.", "Nothing to report."),
    }
)
"""The words of the page: French, English."""


def write(report: Report, catalogue: Catalogue | None = None, *, language: str = "fr") -> str:
    """The report as an HTML document.

    Args:
        report: what to show.
        catalogue: where codes and dataflows have their names; without it, or where it lacks them, codes stand alone.
        language: ``fr`` or ``en``.

    Raises:
        UsageError: another language.

    """
    if language not in LANGUAGES:
        raise UsageError(f"no report is written in {language!r}", remedy=f"choose {' or '.join(LANGUAGES)}")
    words = {name: texts[LANGUAGES.index(language)] for name, texts in _WORDS.items()}
    structure = _structure(catalogue, report.dataflow)
    return _ENVIRONMENT.get_template(TEMPLATE).render(
        report=report,
        language=language,
        words=words,
        dataflow_name=_dataflow_name(catalogue, report.dataflow, language),
        names={run.rule: run.name.best(language) for run in report.checked},
        groups=[_group(report, severity) for severity in sorted(Severity, key=lambda s: s.rank)],
        figure=partial(figure, language=language),
        created=report.created.astimezone(PARIS).strftime(_MOMENTS[language]),
        value=partial(_value, structure=structure, language=language),
        labels=partial(_labels, catalogue=catalogue, structure=structure, language=language),
    )


def _group(report: Report, severity: Severity) -> dict[str, Any]:
    return {
        "severity": severity.value,
        "lines": report.lines(severity),
        "occurrences": report.occurrences(severity),
        "findings": [finding for finding in report.findings if finding.severity is severity],
    }


def _value(value: str | None, column: str | None, *, structure: DataStructure | None, language: str) -> str:
    """A value found or expected: a figure as people read it, anything else as it is."""
    if value is None:
        return ""
    measures = {measure.id for measure in structure.measures} if structure is not None else set()
    is_figure = (column is None or column in measures) and _NUMBER.fullmatch(value) is not None
    return figure(float(value), language) if is_figure else value


def _structure(catalogue: Catalogue | None, dataflow: Urn) -> DataStructure | None:
    if catalogue is None or dataflow not in catalogue:
        return None
    try:
        return catalogue.structure_of(catalogue.dataflow(dataflow))
    except UnknownArtefact:
        return None


def _dataflow_name(catalogue: Catalogue | None, dataflow: Urn, language: str) -> str:
    if catalogue is None or dataflow not in catalogue:
        return dataflow.short
    return catalogue.dataflow(dataflow).names.best(language) or dataflow.short


def _labels(
    finding: Finding, *, catalogue: Catalogue | None, structure: DataStructure | None, language: str
) -> tuple[str, ...]:
    """The names of the codes of a finding's key, where they have one."""
    if catalogue is None or structure is None or not finding.where.key:
        return ()
    codes = finding.where.key.split(KEY_SEPARATOR)
    if len(codes) != len(structure.key_dimensions):
        return ()
    pairs = zip(structure.key_dimensions, codes, strict=True)
    try:
        named = [(code, catalogue.name_of(structure.components[name], code, language)) for name, code in pairs]
    except UnknownArtefact:
        return ()
    return tuple(name for code, name in named if name != code)
