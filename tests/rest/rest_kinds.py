"""One artefact of every kind the model has, made up, around the flow of the other samples."""

from __future__ import annotations

from dataclasses import replace

from rest_samples import AGENCY, CATALOGUE, CODELISTS, FLOW, SCHEME, STRUCTURE

from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Artefact,
    AttachmentConstraint,
    Categorisation,
    Category,
    CategoryScheme,
    CategorySchemeMap,
    Codelist,
    CodelistExtension,
    ComponentMap,
    ConceptSchemeMap,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    CustomTypeScheme,
    DataConstraint,
    DataConsumerScheme,
    DataKey,
    DataKeySet,
    DataProvider,
    DataProviderScheme,
    GeographicCodelist,
    GeoGridCodelist,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    InnerHierarchy,
    ItemMap,
    MappedSpace,
    MappedValue,
    MemberSelection,
    MetadataConstraint,
    Metadataflow,
    MetadataProvider,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataSet,
    MetadataStructure,
    NamePersonalisationScheme,
    OrganisationSchemeMap,
    OrganisationUnitScheme,
    Process,
    ProvisionAgreement,
    ReportingTaxonomy,
    ReportingTaxonomyMap,
    RepresentationMap,
    Role,
    RulesetScheme,
    SelectedValue,
    StructureMap,
    StructureSet,
    Text,
    TransformationScheme,
    UserDefinedOperatorScheme,
    ValueItem,
    ValueList,
    ValueMapping,
    VtlMappingScheme,
)


def _own(ident: str) -> dict[str, object]:
    return {"agency": AGENCY, "id": ident, "names": Text.of(fr=ident, en=ident)}


def _made(of: type, ident: str, **more: object) -> Artefact:
    return of(**_own(ident), **more)  # type: ignore[no-any-return]


AREAS = CODELISTS["REF_AREA"]
EXTENDING = Codelist(
    agency=AGENCY,
    id="CL_EXTENDING",
    names=Text.of(en="Extending"),
    extensions=(CodelistExtension(codelist=AREAS.urn, prefix="A_"),),
)
THEMES = CategoryScheme(
    agency=AGENCY,
    id="THEMES",
    names=Text.of(en="Themes"),
    categories=(
        Category(id="JUSTICE", categories=(Category(id="CRIME", categories=(Category(id="LEAF"),)), Category(id="X"))),
        Category(id="MIGRATION"),
    ),
)
PROVIDERS = DataProviderScheme(
    agency=AGENCY, id="DATA_PROVIDERS", names=Text.of(en="Providers"), items=(DataProvider(id="POLICE"),)
)
METADATA_PROVIDERS = MetadataProviderScheme(
    agency=AGENCY, id="METADATA_PROVIDERS", names=Text.of(en="Providers"), items=(MetadataProvider(id="POLICE"),)
)
ATTACHED = ConstraintAttachment(artefacts=(FLOW.urn,))
ROBBERY = CubeRegion(keys=(MemberSelection(component="OFFENCE", values=(SelectedValue("ROBBERY"),)),))
KEY = DataKeySet(keys=(DataKey(keys=(MemberSelection(component="FREQ", values=(SelectedValue("A"),)),)),))
TREE = Hierarchy(
    agency=AGENCY,
    id="H_AREA",
    names=Text.of(en="Areas"),
    codes=(HierarchicalCode(id="FR", code=replace(AREAS.urn, item="FR")),),
)
MSD = MetadataStructure(agency=AGENCY, id="QUALITY", names=Text.of(en="Quality"))
MDF = Metadataflow(agency=AGENCY, id="QUALITY", names=Text.of(en="Quality"), structure=MSD.urn)
TABLE = RepresentationMap(
    agency=AGENCY,
    id="RM_AREA",
    names=Text.of(en="Areas"),
    sources=(MappedSpace(codelist=AREAS.urn),),
    targets=(MappedSpace(codelist=AREAS.urn),),
    mappings=(ValueMapping(sources=(MappedValue("FR"),), targets=("FR",)),),
)
RULES = RulesetScheme(agency=AGENCY, id="RULES", names=Text.of(en="Rules"))
TAXONOMY = ReportingTaxonomy(agency=AGENCY, id="TAXONOMY", names=Text.of(en="Taxonomy"))
UNITS = OrganisationUnitScheme(agency=AGENCY, id="UNITS", names=Text.of(en="Units"))
_MAP_FREQ = (ItemMap(source=MappedValue("FREQ"), target="FREQ"),)
_VERSIONED = CategoryScheme(agency=AGENCY, id="VERSIONED", names=Text.of(en="Versioned"))

_MADE: tuple[Artefact, ...] = (
    AgencyScheme(
        agency="SDMX",
        id="AGENCIES",
        names=Text.of(en="Agencies"),
        items=(Agency(id=AGENCY, names=Text.of(en="Made up")), Agency(id="OTHER", names=Text.of(en="Other"))),
    ),
    PROVIDERS,
    _made(DataConsumerScheme, "DATA_CONSUMERS"),
    METADATA_PROVIDERS,
    UNITS,
    EXTENDING,
    _made(GeographicCodelist, "CL_GEO"),
    _made(GeoGridCodelist, "CL_GRID"),
    _made(ValueList, "VL_SIGN", items=(ValueItem(id="€"), ValueItem(id="<"))),
    THEMES,
    *(replace(_VERSIONED, version=version) for version in ("1.0.0", "1.1.0", "2.0.0-draft")),
    _made(Categorisation, "CRIME_THEME", source=FLOW.urn, target=replace(THEMES.urn, item="JUSTICE.CRIME")),
    TAXONOMY,
    TREE,
    _made(HierarchyAssociation, "HA", hierarchy=TREE.urn, linked=FLOW.urn),
    MSD,
    MDF,
    _made(ProvisionAgreement, "PA", flow=FLOW.urn, provider=replace(PROVIDERS.urn, item="POLICE")),
    _made(MetadataProvisionAgreement, "MPA", flow=MDF.urn, provider=replace(METADATA_PROVIDERS.urn, item="POLICE")),
    _made(DataConstraint, "CC_CRIME", attachment=ATTACHED, regions=(ROBBERY,)),
    _made(MetadataConstraint, "MC", attachment=ConstraintAttachment(artefacts=(MDF.urn,))),
    _made(ContentConstraint, "CC_THERE", role=Role.ACTUAL, attachment=ATTACHED, regions=(ROBBERY,)),
    _made(AttachmentConstraint, "AC", attachment=ConstraintAttachment(artefacts=(STRUCTURE.urn,)), key_sets=(KEY,)),
    TABLE,
    _made(
        StructureMap,
        "SM",
        source=FLOW.urn,
        target=STRUCTURE.urn,
        components=(ComponentMap(sources=("REF_AREA",), targets=("REF_AREA",), representation_map=TABLE.urn),),
    ),
    _made(ConceptSchemeMap, "CSM", source=SCHEME.urn, target=SCHEME.urn, items=_MAP_FREQ),
    _made(CategorySchemeMap, "CATM", source=THEMES.urn, target=THEMES.urn),
    _made(OrganisationSchemeMap, "OSM", source=UNITS.urn, target=UNITS.urn),
    _made(ReportingTaxonomyMap, "RTM", source=TAXONOMY.urn, target=TAXONOMY.urn),
    _made(Process, "PROCESS"),
    RULES,
    _made(TransformationScheme, "TS", ruleset_schemes=(RULES.urn,)),
    _made(UserDefinedOperatorScheme, "UDO"),
    _made(CustomTypeScheme, "CTS"),
    _made(NamePersonalisationScheme, "NPS"),
    _made(VtlMappingScheme, "VMS"),
    _made(MetadataSet, "MS", flow=MDF.urn, targets=(Urn(Kind.DATAFLOW, AGENCY, FLOW.id, "1.0"),)),
    _made(
        HierarchicalCodelist,
        "HCL",
        codelists=(IncludedCodelist(codelist=AREAS.urn, alias="AREA"),),
        hierarchies=(InnerHierarchy(id="H", names=Text.of(en="H")),),
    ),
    _made(StructureSet, "SS"),
)
_SHARED = [replace(a, descriptions=Text.of(en="Described")) if a.urn == SCHEME.urn else a for a in CATALOGUE]
KINDS = Catalogue.of([*_SHARED, *_MADE])
CHECKED = KINDS.check()
