"""What all artefacts share: annotations, links, names, the attributes of a maintained artefact (SDMXCommon.xsd).

SDMX-JSON has no ``uri`` of its own: "additional information about the resource" is the ``uri`` of a link to the resource
itself, and there it is written and read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures.codec import lexical
from sdmx_gateway.structures.codec.description import COMMON, NOWHERE, Description, Part, add
from sdmx_gateway.structures.codec.form import EVERY, JSON, JSON_2, OF_2_1, OF_3, OF_3_1, XML, XML_3, Form
from sdmx_gateway.structures.codec.language import TAG, usual
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import LANGUAGE, JsonNode, XmlNode, words
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.scalar import ADDRESS, BOOLEAN, ID, MOMENT, NAME, NESTED_NAME, STRING, Scalar
from sdmx_gateway.structures.codec.singles import Attr, Leaf, Texts, unfit
from sdmx_gateway.structures.model.base import Annotation, AnnotationUrl, Link
from sdmx_gateway.structures.urn import Urn
from sdmx_gateway.structures.xml_guard import Element

SELF: Final = "self"


@dataclass(frozen=True, kw_only=True)
class Addresses(Part):
    """Where an annotation leads to: ``AnnotationURL`` elements, in JSON links. The first without a language is ``url``."""

    def fields(self, form: Form) -> Iterator[str]:
        """Both fields of an annotation that hold addresses; SDMX-ML 2.1 has one address only."""
        yield "url"
        if form is not Form.ML_2_1:
            yield "more_urls"

    def to_xml(self, parent: Element, value: Annotation, form: Form) -> None:
        """One element for each address."""
        if value.url is not None:
            add(parent, form, COMMON, "AnnotationURL").text = value.url
        for more in value.more_urls if form is not Form.ML_2_1 else ():
            element = add(parent, form, COMMON, "AnnotationURL")
            element.text = more.address
            if more.language is not None:
                element.set(LANGUAGE, more.language)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each address."""
        _hold([(words(e).strip(), e.get(LANGUAGE)) for e in node.take("AnnotationURL")], values)

    def to_json(self, members: dict[str, Any], value: Annotation, form: Form) -> None:  # noqa: ARG002
        """A link for each address."""
        links: list[dict[str, str]] = [] if value.url is None else [{"rel": SELF, "href": value.url}]
        for more in value.more_urls:
            language = {} if more.language is None else {"hreflang": TAG.to_json(more.language)}
            links.append({"rel": SELF, "href": more.address, **language})
        if links:
            members["links"] = links

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The address of each link; what else it says is not held."""
        found = []
        for link in node.objects("links"):
            link.take("rel")
            address, language = link.take("href"), usual(link.take("hreflang"))
            if address is not None:
                found.append((str(address), language))
            link.close()
        _hold(found, values)

    def losses(self, value: Annotation, form: Form, path: str) -> Iterator[Problem]:
        """Addresses and languages that are none."""
        addresses = [] if value.url is None else [value.url]
        for address in (*addresses, *(more.address for more in value.more_urls)):
            if not lexical.is_address(address, form):
                yield unfit(address, "url", ADDRESS.name, path)
        for more in value.more_urls:
            if more.language is not None and not TAG.fits(more.language, form):
                yield unfit(more.language, "language", TAG.name, path)


def _hold(found: list[tuple[str, str | None]], values: dict[str, Any]) -> None:
    if found and found[0][1] is None:
        values["url"] = found[0][0]
        found = found[1:]
    if found:
        values["more_urls"] = tuple(AnnotationUrl(address, language) for address, language in found)


ANNOTATION: Final = Description(
    Annotation,
    (
        Attr(field="id", name="id", json="id"),
        Leaf(field="title", name="AnnotationTitle", json="title", space=COMMON),
        Leaf(field="type", name="AnnotationType", json="type", space=COMMON),
        Addresses(field=""),
        Texts(field="text", name="AnnotationText", json="texts", best="text"),
        Leaf(field="value", name="AnnotationValue", json="value", space=COMMON, forms=OF_3),
    ),
)
ANNOTATIONS: Final = Nested(
    field="annotations",
    variants=(Variant("Annotation", "annotations", ANNOTATION),),
    many=True,
    space=COMMON,
    within="Annotations",
)


def _is_linkable(text: Any, form: Form) -> bool:
    """A URN; one of a class SDMX 3 can refer to, in SDMX-JSON from 2.0 on."""
    if form not in JSON_2:
        return lexical.is_address(text, form)
    try:
        return why_not(Urn.parse(text), form, is_any=True) is None
    except StructureError:
        return False


def _leads_somewhere(link: Link, form: Form) -> Iterator[str]:
    if not form.is_xml and link.url is None and link.urn is None:
        yield "a link leads to no url and no urn"


LINK: Final = Description(
    Link,
    (
        Attr(field="rel", name="rel", json="rel"),
        Attr(field="url", name="url", json="href", scalar=ADDRESS, needed=XML_3),
        Attr(field="urn", name="urn", json="urn", scalar=STRING.where("a URN that can be linked to", _is_linkable)),
        Attr(field="type", name="type", json="type"),
        Texts(field="titles", name="Title", json="titles", best="title", forms=JSON),
        Attr(field="language", name="hreflang", json="hreflang", scalar=TAG, forms=JSON),
        Attr(field="uri", name="uri", json="uri", scalar=ADDRESS, forms=JSON),
    ),
    rules=(_leads_somewhere,),
)


@dataclass(frozen=True, kw_only=True)
class Links(Nested):
    """Links; in SDMX-JSON with the one to the resource itself that carries its ``uri``.

    Of links to the resource itself those that only say again which it is are left out: JSON messages like to have them.
    """

    has_uri: bool = True

    def fields(self, form: Form) -> Iterator[str]:
        """The links; in SDMX-JSON the ``uri`` too."""
        yield "links"
        if self.has_uri and not form.is_xml:
            yield "uri"

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each link."""
        super().to_xml(parent, value.links, form)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """An object for each link, that of the resource itself first."""
        super().to_json(members, value.links, form)
        uri = value.uri if self.has_uri else None
        if uri is not None:
            members["links"] = [{"rel": SELF, "href": uri, "uri": uri}, *members.get("links", ())]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each link, and the ``uri`` of the one to the resource itself."""
        super().from_json(node, values)
        held = []
        for link in values.pop("links", ()):
            own = link
            if self.has_uri and link.rel == SELF and link.uri is not None and "uri" not in values:
                values["uri"] = link.uri
                own = replace(link, uri=None, url=None if link.url == link.uri else link.url)
            if own.url is not None or own.uri is not None or own.rel != SELF:
                held.append(own)
        if held:
            values["links"] = tuple(held)

    def _hold(self, found: list[tuple[Any, Any]], values: dict[str, Any], node: XmlNode | JsonNode) -> None:  # noqa: ARG002
        held = tuple(link for _, link in found if link is not None)
        if held:
            values["links"] = held

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """What the form cannot say of them."""
        yield from super().losses(value.links, form, path)
        if self.has_uri and not form.is_xml and value.uri is not None and not lexical.is_address(value.uri, form):
            yield unfit(value.uri, "uri", ADDRESS.name, path)


_LINK: Final = (Variant("Link", "links", LINK),)
LINKS: Final = Links(field="", variants=_LINK, many=True, space=COMMON, forms=EVERY - {Form.ML_2_1})
LINKS_ONLY: Final = replace(LINKS, has_uri=False)
"""Links of what has no ``uri``."""
URI: Final = Attr(field="uri", name="uri", json="", scalar=ADDRESS, forms=XML)
IDENTIFIABLE: Final = (Attr(field="id", name="id", json="id", scalar=ID), URI, ANNOTATIONS, LINKS)
NAMED_IDENTIFIABLE: Final = (Attr(field="id", name="id", json="id", scalar=NAME), URI, ANNOTATIONS, LINKS)
"""Identifiable by a name: what schemas of agencies, concepts and components ask for."""
NAMES: Final = Texts(field="names", name="Name", json="names", best="name")
DESCRIPTIONS: Final = Texts(field="descriptions", name="Description", json="descriptions", best="description")
NAMEABLE: Final = (*IDENTIFIABLE, NAMES, DESCRIPTIONS)
NAMED: Final = (*NAMED_IDENTIFIABLE, NAMES, DESCRIPTIONS)


def maintainable(
    version: frozenset[Form] = EVERY, own_id: Scalar = ID, *, named: frozenset[Form] = NOWHERE
) -> tuple[Part, ...]:
    """The parts of every maintained artefact.

    Args:
        version: the forms in which the class says its version.
        own_id: what its id must be like.
        named: forms in which it must be a name all the same.
    """
    identification = (
        Attr(field="id", name="id", json="id", scalar=own_id, forms=EVERY - named),
        Attr(field="id", name="id", json="id", scalar=NAME, forms=named),
    )
    return (
        *identification,
        URI,
        Attr(field="agency", name="agencyID", json="agencyID", scalar=NESTED_NAME),
        Attr(field="version", name="version", json="version", always=True, forms=version, reads=EVERY),
        Attr(field="is_final", name="isFinal", json="isFinal", scalar=BOOLEAN, forms=OF_2_1, reads=OF_3),
        Attr(field="valid_from", name="validFrom", json="validFrom", scalar=MOMENT),
        Attr(field="valid_to", name="validTo", json="validTo", scalar=MOMENT),
        Attr(field="is_external_reference", name="isExternalReference", json="isExternalReference", scalar=BOOLEAN),
        Attr(
            field="is_partial_language",
            name="isPartialLanguage",
            json="isPartialLanguage",
            scalar=BOOLEAN,
            forms=OF_3_1,
        ),
        Attr(field="structure_url", name="structureURL", json="", scalar=ADDRESS, forms=XML),
        Attr(field="service_url", name="serviceURL", json="", scalar=ADDRESS, forms=XML),
        ANNOTATIONS,
        LINKS,
        NAMES,
        DESCRIPTIONS,
    )


OPTIONALLY_IDENTIFIED: Final = (Attr(field="id", name="id", json="id", scalar=ID), URI, ANNOTATIONS, LINKS)
"""What may go without an id."""
