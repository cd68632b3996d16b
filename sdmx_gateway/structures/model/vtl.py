"""VTL: transformations, rulesets, operators, custom types and names (SDMX 3.1 Section 2, §13)."""

from __future__ import annotations

from dataclasses import dataclass

from sdmx_gateway.structures.model.base import Item, ItemScheme
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation(Item):
    """``result := expression``, kept if ``is_persistent``."""

    expression: str
    result: str
    is_persistent: bool = False


@dataclass(frozen=True, kw_only=True)
class TransformationScheme(ItemScheme[Transformation]):
    """Transformations that run together, and the schemes they draw on."""

    KIND = Kind.TRANSFORMATION_SCHEME

    vtl_version: str | None = None
    mapping_scheme: Urn | None = None
    name_scheme: Urn | None = None
    type_scheme: Urn | None = None
    ruleset_schemes: tuple[Urn, ...] = ()
    operator_schemes: tuple[Urn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset(Item):
    """A VTL ruleset."""

    definition: str
    type: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class RulesetScheme(ItemScheme[Ruleset]):
    """Rulesets."""

    KIND = Kind.RULESET_SCHEME

    vtl_version: str | None = None
    mapping_scheme: Urn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDefinedOperator(Item):
    """A VTL operator."""

    definition: str


@dataclass(frozen=True, kw_only=True)
class UserDefinedOperatorScheme(ItemScheme[UserDefinedOperator]):
    """Operators, and the rulesets they draw on."""

    KIND = Kind.USER_DEFINED_OPERATOR_SCHEME

    vtl_version: str | None = None
    mapping_scheme: Urn | None = None
    ruleset_schemes: tuple[Urn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomType(Item):
    """What a VTL scalar type is in SDMX."""

    scalar_type: str
    data_type: str
    literal_format: str | None = None
    output_format: str | None = None
    null_value: str | None = None


@dataclass(frozen=True, kw_only=True)
class CustomTypeScheme(ItemScheme[CustomType]):
    """Custom types."""

    KIND = Kind.CUSTOM_TYPE_SCHEME

    vtl_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePersonalisation(Item):
    """A name to be used instead of VTL's own."""

    default_name: str
    personalised_name: str
    vtl_artefact: str


@dataclass(frozen=True, kw_only=True)
class NamePersonalisationScheme(ItemScheme[NamePersonalisation]):
    """Names."""

    KIND = Kind.NAME_PERSONALISATION_SCHEME

    vtl_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VtlSpace:
    """How a flow and VTL data sets correspond: by which method, and by which components they are split."""

    method: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VtlMapping(Item):
    """The VTL name of a flow, a code list or a concept; ``artefact`` is absent where every flow is meant."""

    alias: str
    artefact: Urn | None = None
    to_vtl: VtlSpace | None = None
    from_vtl: VtlSpace | None = None


@dataclass(frozen=True, kw_only=True)
class VtlMappingScheme(ItemScheme[VtlMapping]):
    """VTL names."""

    KIND = Kind.VTL_MAPPING_SCHEME
