"""Made-up artefacts as one generation of SDMX has them and the other has not, after the way agencies really use them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from structures_samples import HEADER, STRUCTURE, concept

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Kind, Urn, write_structures_reporting
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    Association,
    Boundary,
    Cascade,
    Categorisation,
    ComponentMap,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataType,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    IncludedCodelist,
    InnerHierarchy,
    Level,
    MappedSpace,
    MappedValue,
    MemberSelection,
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    MetadataTarget,
    MetadataTargetRegion,
    ProvisionAgreement,
    ReferencePeriod,
    ReleaseCalendar,
    ReportStructure,
    Representation,
    RepresentationMap,
    Role,
    SelectedValue,
    SetComponent,
    SetComponentMap,
    SetItemMap,
    SetMapKind,
    SetRepresentation,
    SetStructureMap,
    StructureMap,
    StructureSet,
    TargetKind,
    TargetObject,
    Text,
    TimeRange,
    ValueMapping,
)
from sdmx_gateway.structures.translation import Translation

AREAS = Urn(Kind.CODELIST, "MADE_UP", "CL_AREA", "1.0")
GROUPS = Urn(Kind.CODELIST, "MADE_UP", "CL_GROUP", "1.0")
FLOW = Urn(Kind.DATAFLOW, "MADE_UP", "CRIME", "1.0")
CATEGORY = Urn(Kind.CATEGORY_SCHEME, "MADE_UP", "THEMES", "1.0", "JUSTICE")


def code(of: Urn, own_id: str) -> Urn:
    return Urn(of.kind, of.agency, of.id, of.version, own_id)


def values(component: str, *codes: str, cascade: Cascade | None = None, included: bool = True) -> MemberSelection:
    return MemberSelection(
        component=component, values=tuple(SelectedValue(c, cascade) for c in codes), is_included=included
    )


# Constraints

ALLOWED = ContentConstraint(
    agency="MADE_UP",
    id="CN_CRIME",
    version="1.0",
    names=Text.of(fr="Périmètre", en="Scope"),
    annotations=(Annotation(type="WHY", text=Text.of(en="agreed in 2024")),),
    valid_from=datetime(2024, 1, 1, tzinfo=UTC),
    role=Role.ALLOWED,
    attachment=ConstraintAttachment(artefacts=(FLOW,)),
    key_sets=(DataKeySet(keys=(DataKey(keys=(values("FREQ", "A"), values("SEX", "_T"))),), is_included=False),),
    regions=(
        CubeRegion(
            keys=(
                values("SEX", "_T", cascade=Cascade.YES),
                values("FREQ", "M", included=False),
                MemberSelection(
                    component="TIME_PERIOD", time_range=TimeRange(start=Boundary("2020"), end=Boundary("2024", False))
                ),
            ),
            components=(values("STATUS", "A", "E"),),
        ),
        CubeRegion(keys=(values("SEX", "F"),), is_included=False),
    ),
)
PUNCTUAL = ContentConstraint(
    agency="MADE_UP",
    id="CN_CALENDAR",
    version="1.0",
    names=Text.of(en="Calendar"),
    role=Role.ALLOWED,
    attachment=ConstraintAttachment(artefacts=(FLOW,)),
    calendar=ReleaseCalendar(periodicity="P1Y", offset="P2M", tolerance="P5D"),
)
ACTUAL = ContentConstraint(
    agency="MADE_UP",
    id="CR_CRIME",
    version="1.0",
    names=Text.of(en="What there is"),
    attachment=ConstraintAttachment(artefacts=(FLOW,)),
    regions=(CubeRegion(keys=(values("FREQ", "A"),)),),
    period=ReferencePeriod(start="2016-01-01T00:00:00", end="2024-12-31T00:00:00"),
)
PROVIDER = Urn(Kind.DATA_PROVIDER_SCHEME, "MADE_UP", "DATA_PROVIDERS", "1.0", "POLICE")
METADATA_FLOW = Urn(Kind.METADATAFLOW, "MADE_UP", "QUALITY", "1.0")
OF_METADATA = ContentConstraint(
    agency="MADE_UP",
    id="CN_QUALITY",
    version="1.0",
    names=Text.of(en="What is reported"),
    role=Role.ALLOWED,
    attachment=ConstraintAttachment(artefacts=(METADATA_FLOW,)),
    metadata_regions=(MetadataTargetRegion(components=(values("COVERAGE", "FULL"),), target="FLOW", report="REPORT"),),
)

# Hierarchies

WORLD = InnerHierarchy(
    id="HCL_AREA",
    names=Text.of(en="Areas"),
    codes=(
        HierarchicalCode(
            id="W", code=code(AREAS, "W"), codes=(HierarchicalCode(id="FR", code=code(AREAS, "FR"), level="L1.L2"),)
        ),
        HierarchicalCode(id="EU", code=code(GROUPS, "EU"), valid_from=datetime(1993, 11, 1, tzinfo=UTC)),
    ),
    level=Level(id="L1", names=Text.of(en="World"), below=Level(id="L2", names=Text.of(en="Country"))),
    is_leveled=True,
)
HIERARCHIES = HierarchicalCodelist(
    agency="MADE_UP",
    id="HCL_AREA",
    version="1.0",
    names=Text.of(en="Areas"),
    annotations=(Annotation(type="ORDER", title="1"),),
    codelists=(
        IncludedCodelist(codelist=AREAS, alias=AREAS.id),
        IncludedCodelist(codelist=GROUPS, alias=GROUPS.id),
    ),
    hierarchies=(WORLD,),
)
ALIASED = HierarchicalCodelist(
    agency="MADE_UP",
    id="HCL_BY_ALIAS",
    version="1.0",
    names=Text.of(en="Areas"),
    codelists=(IncludedCodelist(codelist=AREAS, alias="A"), IncludedCodelist(codelist=GROUPS, alias="G")),
    hierarchies=(
        InnerHierarchy(
            id="MEMBERS",
            names=Text.of(en="Members"),
            codes=tuple(
                HierarchicalCode(
                    id=group,
                    alias="G",
                    code_id=group,
                    codes=(HierarchicalCode(id="FR", alias="A", code_id="FR", code_version="1.1"),),
                )
                for group in ("EU", "EFTA")
            ),
        ),
        InnerHierarchy(id="OTHERS", codes=(HierarchicalCode(id="W", alias="A", code_id="W"),)),
    ),
)
CATEGORISED = Categorisation(
    agency="MADE_UP",
    id="CAT_AREA",
    version="1.0",
    names=Text.of(en="Areas"),
    source=HIERARCHIES.urn,
    target=CATEGORY,
)

# Maps

OURS = STRUCTURE.urn
CODES = SetItemMap(
    kind=SetMapKind.CODELIST,
    id="CRIME_TO_UN_AREAS",
    names=Text.of(en="Areas"),
    source=AREAS,
    target=GROUPS,
    items=(Association(source="FR", target="EU"), Association(source="DE", target="EU")),
)
SET = StructureSet(
    agency="MADE_UP",
    id="CRIME_TO_UN",
    version="1.0",
    names=Text.of(en="To the UN"),
    item_maps=(CODES,),
    structure_maps=(
        SetStructureMap(
            id="CRIME_TO_UN",
            names=Text.of(en="To the UN"),
            source=OURS,
            target=OURS,
            components=(
                SetComponentMap(source=SetComponent("FREQ"), target=SetComponent("FREQ")),
                SetComponentMap(
                    source=SetComponent("SEX"),
                    target=SetComponent("SEX"),
                    representation=SetRepresentation(codelist_map="CRIME_TO_UN_AREAS"),
                ),
                SetComponentMap(
                    source=SetComponent("STATUS", "Attribute"),
                    target=SetComponent("STATUS", "Attribute"),
                    representation=SetRepresentation(values=(("provisoire", "P"), ("définitif", "A"))),
                ),
                SetComponentMap(
                    source=SetComponent("TIME_PERIOD", "TimeDimension"),
                    target=SetComponent("TIME_PERIOD", "TimeDimension"),
                ),
            ),
        ),
    ),
)
SCHEMES = Urn(Kind.CONCEPT_SCHEME, "MADE_UP", "CONCEPTS", "1.0")
CONCEPTS_MAP = StructureSet(
    agency="MADE_UP",
    id="OLD_CONCEPTS",
    version="1.0",
    names=Text.of(en="Concepts"),
    item_maps=(
        SetItemMap(
            kind=SetMapKind.CONCEPT,
            id="OLD_CONCEPTS",
            names=Text.of(en="Concepts"),
            source=SCHEMES,
            target=SCHEMES,
            items=(Association(source="SEX", target="SEX"),),
        ),
    ),
)
DATED = StructureMap(
    agency="MADE_UP",
    id="DATED",
    version="1.0",
    names=Text.of(en="Patterns"),
    source=OURS,
    target=OURS,
    components=(
        ComponentMap(
            sources=("SEX",),
            targets=("SEX",),
            representation_map=Urn(Kind.REPRESENTATION_MAP, "MADE_UP", "PATTERNS", "1.0"),
        ),
    ),
)
PATTERNS = RepresentationMap(
    agency="MADE_UP",
    id="PATTERNS",
    version="1.0",
    names=Text.of(en="Patterns"),
    sources=(MappedSpace(data_type=DataType.STRING),),
    targets=(MappedSpace(codelist=AREAS),),
    mappings=(ValueMapping(sources=(MappedValue("F.*", is_regex=True),), targets=("F",)),),
)

# Metadata

REPORT = ReportStructure(
    id="REPORT",
    attributes=(
        MetadataAttribute(
            id="COVERAGE", concept=concept("NOTE"), representation=Representation(max_length=200), max_occurs=None
        ),
    ),
    targets=("FLOW",),
)
QUALITY = MetadataStructure(
    agency="MADE_UP",
    id="QUALITY",
    version="1.0",
    names=Text.of(en="Quality"),
    targets=(
        MetadataTarget(
            id="FLOW",
            objects=(
                TargetObject(
                    id="DATAFLOW",
                    kind=TargetKind.OBJECT,
                    representation=Representation(data_type=DataType.IDENTIFIABLE_REFERENCE),
                    object_type="Dataflow",
                ),
            ),
        ),
    ),
    reports=(REPORT,),
)
QUALITY_FLOW = Metadataflow(
    agency="MADE_UP", id="QUALITY", version="1.0", names=Text.of(en="Quality"), structure=QUALITY.urn
)
AGREEMENT = ProvisionAgreement(
    agency="MADE_UP",
    id="PA_QUALITY",
    version="1.0",
    names=Text.of(en="Quality, by the police"),
    flow=METADATA_FLOW,
    provider=PROVIDER,
)
OF_2_1 = (
    ALLOWED, PUNCTUAL, ACTUAL, OF_METADATA, HIERARCHIES, ALIASED, CATEGORISED, SET, CONCEPTS_MAP, QUALITY, QUALITY_FLOW,
    AGREEMENT,
)  # fmt: skip

# SDMX 3

DATA_CONSTRAINT = DataConstraint(
    agency="MADE_UP",
    id="CN_3",
    version="2.1.0",
    names=Text.of(en="Scope"),
    attachment=ConstraintAttachment(artefacts=(FLOW,)),
    key_sets=(DataKeySet(keys=(DataKey(keys=(values("FREQ", "A"), values("SEX", "M", "F"))),)),),
    regions=(CubeRegion(keys=(values("FREQ", "%"), values("SEX", "F"))),),
)
HIERARCHY = Hierarchy(
    agency="MADE_UP",
    id="H_AREA",
    version="1.0",
    names=Text.of(en="Areas"),
    codes=(HierarchicalCode(id="W", code=code(AREAS, "W"), level="L1"), WORLD.codes[1]),
    level=WORLD.level,
    has_formal_levels=True,
)
METADATA_AGREEMENT = MetadataProvisionAgreement(
    agency="MADE_UP",
    id="MPA",
    version="1.0",
    names=Text.of(en="Quality"),
    flow=METADATA_FLOW,
    provider=Urn(Kind.METADATA_PROVIDER_SCHEME, "MADE_UP", "METADATA_PROVIDERS", "1.0", "POLICE"),
    targets=(Urn(Kind.DATAFLOW, "MADE_UP", "*", "*"),),
)
STATUS = next(a for a in STRUCTURE.attributes if a.id == "STATUS")


def losses(translation: Translation) -> str:
    return "\n".join(note.what for note in translation.losses)


def refusals(translation: Translation) -> str:
    return "\n".join(str(note) for note in translation.refusals)


def refusal(artefacts: Iterable[Artefact], version: str) -> str:
    with pytest.raises(StructureError) as caught:
        write_structures_reporting(artefacts, version, HEADER)
    return str(caught.value)
