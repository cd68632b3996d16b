"""Registrations: what a registry is told about where data is, and what it answers, read and written in SDMX-ML 2.1, 3.0 and 3.1.

Three messages of the registry interface are about registrations: those to add, replace or delete, the statuses that come back,
and the answer to a query. Which of them a message is, its value says (:mod:`..model.registration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.codec.account import Account
from sdmx_gateway.structures.codec.artefacts.registrations import MESSAGES, REGISTRY
from sdmx_gateway.structures.codec.description import MESSAGE, add
from sdmx_gateway.structures.codec.form import XML, form_named
from sdmx_gateway.structures.codec.frame import begun, finished, form_of
from sdmx_gateway.structures.codec.node import XmlNode, name_of, row_of
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import RegistryMessage
from sdmx_gateway.structures.xml_guard import Element, parse_guarded

_ROOT: Final = "RegistryInterface"
_NAMES: Final[Mapping[type, str]] = {of.type: name for name, of in MESSAGES.items()}


def read_registrations(data: bytes) -> RegistryMessage:
    """What a message of the registry interface says about registrations.

    Args:
        data: the message, SDMX-ML 2.1, 3.0 or 3.1; which of them it says itself.

    Raises:
        MessageRejected: it cannot be read, or is about something else; every reason is given.
    """
    return read_registrations_reporting(data)[0]


def read_registrations_reporting(data: bytes) -> tuple[RegistryMessage, tuple[Problem, ...]]:
    """Like :func:`read_registrations`, with what was left out or repaired."""
    root = parse_guarded(data)
    form = form_of(root, (_ROOT,))
    payload = next((child for child in root if name_of(child) in MESSAGES), None)
    if form is None or payload is None:
        problem = Problem("not-a-registry-message", _what(root), Where(row=row_of(root)))
        raise MessageRejected("the message cannot be read", [problem])
    account = Account(form)
    found: RegistryMessage | None = MESSAGES[name_of(payload)].read_xml(XmlNode(payload, account))
    if account.errors or found is None:
        raise MessageRejected("the registry message cannot be read", account.errors)
    return found, account.all_notes()


def _what(root: Element) -> str:
    inside = ", ".join(name_of(child) for child in root if name_of(child) != "Header") or "nothing"
    wanted = f"of {', '.join(sorted(XML))} with {', '.join(MESSAGES)}"
    return f"it is {str(root.tag)!r} with {inside}, no message of the registry interface {wanted}"


def write_registrations(message: RegistryMessage, version: str, header: Header) -> bytes:
    """A message of the registry interface, UTF-8, valid against the schema of its version.

    Args:
        message: what is said about registrations.
        version: a version of SDMX-ML, ``2.1``, ``3.0`` or ``3.1``, or a format, ``sdmx-ml-3.0``….
        header: who sends it to whom, and when it was prepared.

    Raises:
        StructureError: there is no such format, SDMX-JSON has no registry interface, the header has no receiver, or the
            format cannot say what the message says: every reason is given.
    """
    form = form_named(version)
    if not form.is_xml:
        raise StructureError(f"{form} has no registry interface", remedy="write SDMX-ML 2.1, 3.0 or 3.1")
    name = _NAMES[type(message)]
    problems = list(MESSAGES[name].losses(message, form, name))
    if header.receiver is None:
        problems.append(Problem("missing-part", f"{name}: a message to or from a registry names its receiver"))
    if problems:
        why = "; ".join(dict.fromkeys(problem.what for problem in problems))
        raise StructureError(f"the registrations cannot be written as {form}", where=problems[0].where, why=why)
    root = begun(form, _ROOT, header, reg=REGISTRY)
    MESSAGES[name].write_xml(add(root, form, MESSAGE, name), message, form)
    return finished(root)
