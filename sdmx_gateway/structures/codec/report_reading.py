"""Reports of SDMX 2.1 as metadata sets of SDMX 3: one for each report, since a set of SDMX 3 is about one thing.

What a report is about becomes targets where it is artefacts or items of them. A key, a data set or a period SDMX 3 has no target
for: they are told, never just dropped, and a period becomes the time that is reported on where it can. A set of 2.1 has no name to
call it by; what it is called is made of what the message says, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.artefacts.metadata_sets import is_basic_period
from sdmx_gateway.structures.codec.artefacts.reports import Report, ReportedSet, TargetValue
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.frame import named, place_of
from sdmx_gateway.structures.model.base import Maintainable
from sdmx_gateway.structures.model.metadata import MetadataSet
from sdmx_gateway.structures.urn import NESTED_NAME, Kind, Urn

_RELATIONS: Final = frozenset({"metadataflow", "provisionagreement", "metadatastructure", "structure"})
"""How SDMX-JSON 1.0 links a set to what it is of."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the header of a message says of the sets in it.

    Attributes:
        sender: who sends it.
        provider: whose metadata it is.
        structures: what the sets are of, by what the message calls it.
        action: what is to be done with a set that does not say so itself.
        set_id: the id of a set that does not say its own.
    """

    sender: str | None = None
    provider: Urn | None = None
    structures: Mapping[str, Urn] = field(default_factory=dict)
    action: str | None = None
    set_id: str | None = None


def sets_of(old: ReportedSet, sent: Sent, taken: set[Urn], account: Account) -> Iterator[MetadataSet]:
    """The metadata sets of a set of SDMX 2.1.

    Args:
        old: the set.
        sent: what the header says of it.
        taken: the names of the sets read already, to which those of these are added.
        account: where what is not said as it was is told.
    """
    for report in old.reports:
        urn = _name(old, report, sent, taken, account)
        if urn is not None:
            taken.add(urn)
            yield _set(old, report, sent, urn, account)


def _name(old: ReportedSet, report: Report, sent: Sent, taken: set[Urn], account: Account) -> Urn | None:
    """The provider, else the sender, and the id of the set, else of the report; with a number when they are not enough."""
    provider = old.provider or sent.provider
    agencies = (provider and provider.item, sent.sender, provider and provider.agency)
    agency = next((each for each in agencies if each and NESTED_NAME.fullmatch(each)), None)
    own_id = old.set_id or sent.set_id or report.id
    name = named(Kind.METADATA_SET, (agency, own_id, Maintainable.version), account)
    number = 1
    while name is not None and name in taken:
        number += 1
        name = Urn(Kind.METADATA_SET, name.agency, f"{own_id}_{number}", name.version)
    if name is not None:
        what = f"report {report.id} on {report.target.id} is read as a metadata set of its own, {name.short}"
        account.repaired(what, place_of(name))
    return name


def _set(old: ReportedSet, report: Report, sent: Sent, urn: Urn, account: Account) -> MetadataSet:
    place = place_of(urn)
    begin, end = old.reporting_begin, old.reporting_end
    for value in report.target.values:
        if value.period is not None and (begin, end) == (None, None) and is_basic_period(value.period, Form.ML_3_1):
            begin = end = value.period
            account.repaired(f"the period it is about, {value.period}, is read as the time that is reported on", place)
        elif value.object is None:
            account.notes.append(Problem("left-out", _told(value), place.where()))
    return MetadataSet(
        agency=urn.agency,
        id=urn.id,
        version=urn.version,
        names=old.names,
        annotations=(*old.annotations, *report.annotations),
        valid_from=old.valid_from,
        valid_to=old.valid_to,
        flow=_flow(old, sent, account, place),
        targets=tuple(dict.fromkeys(value.object for value in report.target.values if value.object is not None)),
        attributes=report.attributes,
        action=old.action or sent.action,
        reporting_begin=begin,
        reporting_end=end,
        publication_period=old.publication_period,
        publication_year=old.publication_year,
    )


def _told(value: TargetValue) -> str:
    """What a report is about and a set of SDMX 3 cannot be."""
    if value.key is not None:
        keys = (f"{part.component}={'+'.join(each.value for each in part.values)}" for part in value.key.keys)
        about = f"the key {', '.join(keys)}"
    elif value.data_set is not None:
        about = f"data set {value.data_set.id} of {value.data_set.provider.short}"
    elif value.period is not None:
        about = f"the period {value.period}"
    else:
        about = "nothing that could be read"
    return f"it is about {about} ({value.id}), which is no target in SDMX 3"


def _flow(old: ReportedSet, sent: Sent, account: Account, place: Place) -> Urn | None:
    """The metadata flow, or the agreement, a set is of; told when it only says its structure."""
    linked = (link.urn for link in old.links if link.rel in _RELATIONS and link.urn is not None)
    of = sent.structures.get(old.structure or "") or next((Urn.parse(urn) for urn in linked), None)
    if of is None:
        return None
    if of.kind is Kind.METADATAFLOW:
        return of
    if of.kind is Kind.PROVISION_AGREEMENT:
        account.repaired(f"the agreement it is of, {of.short}, is read as one on metadata", place)
        return Urn(Kind.METADATA_PROVISION_AGREEMENT, of.agency, of.id, of.version)
    what = f"it is of {of.class_name} {of.short}; which flow or agreement it is of, it does not say"
    account.notes.append(Problem("left-out", what, place.where(), value=str(of)))
    return None
