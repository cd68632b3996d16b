"""VTL schemes (SDMXStructureTransformation). SDMX-JSON 1.0 has none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.artefacts.common import NAMEABLE, maintainable
from sdmx_gateway.structures.codec.artefacts.schemes import IS_PARTIAL, ONCE_EACH, items
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import XML, Form
from sdmx_gateway.structures.codec.nested import Box, Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode, name_of
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import Reference, read_reference, write_reference
from sdmx_gateway.structures.codec.rules import no_two
from sdmx_gateway.structures.codec.scalar import BOOLEAN, NAME
from sdmx_gateway.structures.codec.singles import Attr, Leaf
from sdmx_gateway.structures.model import vtl as m
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element

_VTL_VERSION: Final = Attr(field="vtl_version", name="vtlVersion", json="vtlVersion", needed=XML)
_MAPPINGS: Final = Reference(
    field="mapping_scheme",
    name="VtlMappingScheme",
    json="vtlMappingScheme",
    kinds=(Kind.VTL_MAPPING_SCHEME,),
    item=False,
)
_RULESETS: Final = Reference(
    field="ruleset_schemes",
    name="RulesetScheme",
    json="rulesetSchemes",
    kinds=(Kind.RULESET_SCHEME,),
    item=False,
    many=True,
)
_HEAD: Final = (*maintainable(), IS_PARTIAL, _VTL_VERSION)
TRANSFORMATION_SCHEME: Final = Description(
    m.TransformationScheme,
    (
        *_HEAD,
        items(
            "Transformation",
            "transformations",
            Description(
                m.Transformation,
                (
                    *NAMEABLE,
                    Attr(field="is_persistent", name="isPersistent", json="isPersistent", scalar=BOOLEAN, always=True),
                    Leaf(field="expression", name="Expression", json="expression"),
                    Leaf(field="result", name="Result", json="result"),
                ),
            ),
        ),
        _MAPPINGS,
        Reference(
            field="name_scheme",
            name="NamePersonalisationScheme",
            json="namePersonalisationScheme",
            kinds=(Kind.NAME_PERSONALISATION_SCHEME,),
            item=False,
        ),
        Reference(
            field="type_scheme",
            name="CustomTypeScheme",
            json="customTypeScheme",
            kinds=(Kind.CUSTOM_TYPE_SCHEME,),
            item=False,
        ),
        _RULESETS,
        Reference(
            field="operator_schemes",
            name="UserDefinedOperatorScheme",
            json="userDefinedOperatorSchemes",
            kinds=(Kind.USER_DEFINED_OPERATOR_SCHEME,),
            item=False,
            many=True,
        ),
    ),
    rules=ONCE_EACH,
)
RULESET_SCHEME: Final = Description(
    m.RulesetScheme,
    (
        *_HEAD,
        items(
            "Ruleset",
            "rulesets",
            Description(
                m.Ruleset,
                (
                    *NAMEABLE,
                    Attr(field="type", name="rulesetType", json="rulesetType"),
                    Attr(field="scope", name="rulesetScope", json="rulesetScope"),
                    Leaf(field="definition", name="RulesetDefinition", json="rulesetDefinition"),
                ),
            ),
        ),
        _MAPPINGS,
    ),
    rules=ONCE_EACH,
)
OPERATOR_SCHEME: Final = Description(
    m.UserDefinedOperatorScheme,
    (
        *_HEAD,
        items(
            "UserDefinedOperator",
            "userDefinedOperators",
            Description(
                m.UserDefinedOperator,
                (*NAMEABLE, Leaf(field="definition", name="OperatorDefinition", json="operatorDefinition")),
            ),
        ),
        _MAPPINGS,
        _RULESETS,
    ),
    rules=ONCE_EACH,
)
CUSTOM_TYPE_SCHEME: Final = Description(
    m.CustomTypeScheme,
    (
        *_HEAD,
        items(
            "CustomType",
            "customTypes",
            Description(
                m.CustomType,
                (
                    *NAMEABLE,
                    Leaf(field="scalar_type", name="VtlScalarType", json="vtlScalarType"),
                    Leaf(field="data_type", name="DataType", json="dataType"),
                    Leaf(field="literal_format", name="VtlLiteralFormat", json="vtlLiteralFormat"),
                    Leaf(field="output_format", name="OutputFormat", json="outputFormat"),
                    Leaf(field="null_value", name="NullValue", json="nullValue"),
                ),
            ),
        ),
    ),
    rules=ONCE_EACH,
)
NAME_SCHEME: Final = Description(
    m.NamePersonalisationScheme,
    (
        *_HEAD,
        items(
            "NamePersonalisation",
            "namePersonalisations",
            Description(
                m.NamePersonalisation,
                (
                    *NAMEABLE,
                    Attr(field="vtl_artefact", name="vtlArtefact", json="vtlArtefact"),
                    Leaf(field="default_name", name="VtlDefaultName", json="vtlDefaultName"),
                    Leaf(field="personalised_name", name="PersonalisedName", json="personalisedName"),
                ),
            ),
        ),
    ),
    rules=ONCE_EACH,
)
_MAPPED: Final = {
    "Dataflow": ("dataflow", Kind.DATAFLOW),
    "Codelist": ("codelist", Kind.CODELIST),
    "Concept": ("concept", Kind.CONCEPT_SCHEME),
    "ConceptScheme": ("conceptScheme", Kind.CONCEPT_SCHEME),
}


@dataclass(frozen=True, kw_only=True)
class Mapped(Part):
    """What an alias stands for: a flow, a code list, a concept (in SDMX 2.1 also a concept scheme), or every flow."""

    def to_xml(self, parent: Element, value: Urn | None, form: Form) -> None:
        """The reference under the name of its class."""
        if value is None:
            self.child(parent, form, "GenericDataflow")
            return
        write_reference(self.child(parent, form, _name(value)), form, value)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The reference, whichever it is."""
        node.take("GenericDataflow")
        for element in node.take(*_MAPPED):
            kind = _MAPPED[name_of(element)][1]
            values[self.field] = read_reference(node.inside(element), (kind,))

    def to_json(self, members: dict[str, Any], value: Urn | None, form: Form) -> None:  # noqa: ARG002
        """The URN under the name of its class."""
        if value is None:
            members["genericDataflow"] = {}
        else:
            members[_MAPPED[_name(value)][0]] = str(value)

    def losses(self, value: Urn | None, form: Form, path: str) -> Iterator[Problem]:
        """A reference to what no alias stands for, or that the form cannot make."""
        if value is None:
            return
        named = _name(value)
        is_item = value.kind is Kind.CONCEPT_SCHEME and value.item is not None
        if named not in _MAPPED or (named == "ConceptScheme" and not form.is_of_2_1) or (value.item and not is_item):
            yield Problem("wrong-reference", f"{path} refers to {value}, which is no such thing", Where(key=path))
            return
        reason = why_not(value, form)
        if reason is not None:
            yield Problem("not-expressible", f"{path}: {form} cannot refer to {value}: {reason}", Where(key=path))

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The URN, whichever it is."""
        node.take("genericDataflow")
        for json, kind in _MAPPED.values():
            Reference(field=self.field, name=json, json=json, kinds=(kind,)).from_json(node, values)


def _name(urn: Urn) -> str:
    if urn.kind is Kind.CONCEPT_SCHEME:
        return "Concept" if urn.item else "ConceptScheme"
    return urn.kind.value


def _distinct(space: m.VtlSpace, form: Form) -> Iterator[str]:
    if not form.is_xml and len(set(space.keys)) != len(space.keys):
        yield "a key is listed twice"


def _of_flows(mapping: m.VtlMapping, form: Form) -> Iterator[str]:  # noqa: ARG001
    if (
        mapping.artefact is not None
        and mapping.artefact.kind is not Kind.DATAFLOW
        and (mapping.to_vtl or mapping.from_vtl)
    ):
        yield "only flows are mapped to VTL and back"


def _space(name: str, json: str) -> Description:
    return Description(
        m.VtlSpace,
        (
            Attr(field="method", name="method", json="method"),
            Box(name=name, json=json, parts=(Leaf(field="keys", name="Key", json="keys", many=True, scalar=NAME),)),
        ),
        rules=(_distinct,),
    )


VTL_MAPPING_SCHEME: Final = Description(
    m.VtlMappingScheme,
    (
        *maintainable(),
        IS_PARTIAL,
        items(
            "VtlMapping",
            "vtlMappings",
            Description(
                m.VtlMapping,
                (
                    *NAMEABLE,
                    Attr(field="alias", name="alias", json="alias"),
                    Mapped(field="artefact", always=True),
                    Nested(
                        field="to_vtl",
                        variants=(Variant("ToVtlMapping", "toVtlMapping", _space("ToVtlSubSpace", "toVtlSubSpace")),),
                    ),
                    Nested(
                        field="from_vtl",
                        variants=(
                            Variant(
                                "FromVtlMapping", "fromVtlMapping", _space("FromVtlSuperSpace", "fromVtlSuperSpace")
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    rules=(*ONCE_EACH, no_two("items", by="alias")),
)
