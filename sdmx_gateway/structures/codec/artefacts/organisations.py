"""Organisations of every kind (SDMXStructureOrganisation)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sdmx_gateway.structures.codec.artefacts.common import NAMEABLE, NAMED, NAMES, maintainable
from sdmx_gateway.structures.codec.artefacts.schemes import IS_PARTIAL, ONCE_EACH, PARENT, items
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import EVERY, OF_2_1, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.referable import fixed_id
from sdmx_gateway.structures.codec.scalar import ADDRESS, ID, MAIL
from sdmx_gateway.structures.codec.singles import Attr, Leaf, Texts
from sdmx_gateway.structures.model import schemes as m

CONTACT: Final = Description(
    m.Contact,
    (
        Attr(field="id", name="id", json="id", scalar=ID, forms=EVERY - {Form.JSON_1_0}),
        NAMES,
        Texts(field="departments", name="Department", json="departments", best="department", space="structure"),
        Texts(field="roles", name="Role", json="roles", best="role", space="structure"),
        Leaf(field="telephones", name="Telephone", json="telephones", many=True),
        Leaf(field="faxes", name="Fax", json="faxes", many=True),
        Leaf(field="x400s", name="X400", json="x400s", many=True),
        Leaf(field="uris", name="URI", json="uris", many=True, scalar=ADDRESS),
        Leaf(field="emails", name="Email", json="emails", many=True, scalar=MAIL),
    ),
)
CONTACTS: Final = Nested(field="contacts", variants=(Variant("Contact", "contacts", CONTACT),), many=True)
_NO_VERSION: Final = OF_2_1
"""Organisation schemes say no version from SDMX 3.0 on: it is 1.0."""


def _fixed(scheme: Any, form: Form) -> Iterator[str]:
    """Most organisation schemes are called alike, and never final, wherever they are from."""
    own_id = fixed_id(scheme.KIND)
    if own_id is None:
        return
    if (scheme.id, scheme.version) != (own_id, "1.0"):
        yield f"a {scheme.KIND.value} is always {own_id}(1.0)"
    if scheme.is_final and form is Form.ML_2_1:
        yield f"a {scheme.KIND.value} is never final there"


def _organisations(scheme: type, item: type, name: str, json: str, *more: Part) -> Description:
    of = Description(item, (*(NAMED if item is m.Agency else NAMEABLE), *more, CONTACTS))
    parts = (*maintainable(_NO_VERSION), IS_PARTIAL, items(name, json, of))
    return Description(scheme, parts, rules=(_fixed, *ONCE_EACH))


AGENCIES: Final = _organisations(m.AgencyScheme, m.Agency, "Agency", "agencies")
DATA_PROVIDERS: Final = _organisations(m.DataProviderScheme, m.DataProvider, "DataProvider", "dataProviders")
DATA_CONSUMERS: Final = _organisations(m.DataConsumerScheme, m.DataConsumer, "DataConsumer", "dataConsumers")
METADATA_PROVIDERS: Final = _organisations(
    m.MetadataProviderScheme, m.MetadataProvider, "MetadataProvider", "metadataProviders"
)
ORGANISATION_UNITS: Final = _organisations(
    m.OrganisationUnitScheme, m.OrganisationUnit, "OrganisationUnit", "organisationUnits", PARENT
)
