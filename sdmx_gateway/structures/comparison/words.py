"""What the parts of artefacts are called in French and in English, and how much a change of each changes.

Two tables that :mod:`.changes` walks by. Levels are those of the SDMX Technical Working Group's guidelines (repository
sdmx-twg/semver, commit a42401a, "Artefact Specific Recommendations"), but that annotations count as PATCH, as SDMX 3.0 Section 6,
§14.2, has it. Of what neither speaks of (VTL, the classes of SDMX 2.1, the level of a hierarchical code) the levels are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.structures.comparison.levels import Level

PATCH, MINOR, MAJOR = Level


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a class: what it is called, and how much it changes when its value does.

    Attributes:
        fr: what it is called in French.
        en: what it is called in English.
        changed: when its value becomes another one.
        added: when there is a value where there was none, or one more of several.
        removed: when a value goes.
        order: when several values stand in another order.
    """

    fr: str
    en: str
    changed: Level = MAJOR
    added: Level = MAJOR
    removed: Level = MAJOR
    order: Level = PATCH


def _part(fr: str, en: str, level: Level = MAJOR, **other: Level) -> Part:
    """A part that changes so much whatever becomes of it, but for what is said besides."""
    return Part(fr, en, **({"changed": level, "added": level, "removed": level} | other))


def _parts(fr: str, en: str, *, added: Level = MINOR, removed: Level = MAJOR, order: Level = PATCH) -> Part:
    """A list of parts that may grow and should not shrink."""
    return Part(fr, en, changed=MAJOR, added=added, removed=removed, order=order)


NAME: Final = Part("nom", "name", PATCH, PATCH, PATCH)
REPRESENTATION: Final = Part("valeurs admises", "allowed values")
_VALIDITY: Final[Mapping[str, Part]] = {
    f"*.{name}": _part(fr, en, PATCH)
    for name, fr, en in (
        ("names", "nom", "name"),
        ("descriptions", "description", "description"),
        ("annotations", "annotation", "annotation"),
        ("links", "lien", "link"),
        ("uri", "adresse (uri)", "address (uri)"),
        ("is_final", "définitif", "final"),
        ("valid_from", "valable à partir de", "valid from"),
        ("valid_to", "valable jusqu'à", "valid to"),
        ("is_external_reference", "simple renvoi", "external reference"),
        ("is_partial", "liste partielle", "partial list"),
        ("is_partial_language", "langues partielles", "partial languages"),
        ("structure_url", "adresse de la structure", "structure address"),
        ("service_url", "adresse du service", "service address"),
        ("contacts", "contact", "contact"),
    )
}
_SCHEMES: Final[Mapping[str, Part]] = {
    "*.items": _parts("élément", "item"),
    "*.parent": _part("parent", "parent"),
    "*.extensions": _parts("extension", "extension", order=MINOR),
    "CodelistExtension.codelist": _part("liste étendue", "extended list"),
    "CodelistExtension.prefix": _part("préfixe", "prefix"),
    "CodelistExtension.inclusive": Part("choix", "selection", MAJOR, MINOR, MAJOR),
    "CodelistExtension.exclusive": Part("exclusion", "exclusion", MAJOR, MAJOR, MINOR),
    "SelectedCode.cascade": _part("cascade", "cascade"),
    "GeoFeatureSetCode.value": _part("objets géographiques", "features", PATCH),
    "GeoGridCode.cell": _part("maille", "cell", PATCH),
    "GeoGridCodelist.grid": _part("grille", "grid", PATCH),
    "Concept.representation": REPRESENTATION,
    "Concept.iso": Part("concept ISO 11179", "ISO 11179 concept", added=MINOR),
    "CategoryScheme.categories": _parts("catégorie", "category"),
    "Category.categories": _parts("catégorie", "category"),
    "Categorisation.source": _part("artefact classé", "categorised artefact"),
    "Categorisation.target": _part("catégorie", "category"),
    "ReportingTaxonomy.categories": _parts("catégorie de rapport", "reporting category"),
    "ReportingCategory.categories": _parts("catégorie de rapport", "reporting category"),
    "ReportingCategory.structures": _part("structure", "structure", MINOR),
    "ReportingCategory.flows": _part("flux", "flow", MINOR),
}
_HIERARCHIES: Final[Mapping[str, Part]] = {
    "*.codes": _parts("code hiérarchique", "hierarchical code"),
    "Hierarchy.level": _parts("niveau", "level"),
    "InnerHierarchy.level": _parts("niveau", "level"),
    "*.below": _parts("niveau", "level"),
    "Level.coding": _part("forme des codes", "coding format", PATCH),
    "HierarchicalCode.code": _part("code visé", "code meant"),
    "HierarchicalCode.level": _part("niveau", "level", MINOR),
    "HierarchicalCode.alias": _part("alias de la liste", "list alias"),
    "HierarchicalCode.code_id": _part("code visé", "code meant"),
    "HierarchicalCode.code_version": _part("version", "version", PATCH),
    "*.has_formal_levels": _part("niveaux formels", "formal levels", PATCH),
    "*.is_leveled": _part("niveaux formels", "formal levels", PATCH),
    "HierarchyAssociation.hierarchy": _part("hiérarchie", "hierarchy", PATCH),
    "HierarchyAssociation.linked": _part("artefact associé", "linked artefact", PATCH),
    "HierarchyAssociation.context": _part("contexte", "context", PATCH),
    "HierarchicalCodelist.codelists": _parts("liste incluse", "included list"),
    "HierarchicalCodelist.hierarchies": _parts("hiérarchie", "hierarchy"),
    "IncludedCodelist.codelist": _part("liste", "list"),
    "IncludedCodelist.alias": _part("alias", "alias"),
}
_STRUCTURES: Final[Mapping[str, Part]] = {
    "DataStructure.dimensions": _parts("dimension", "dimension", added=MAJOR, order=MAJOR),
    "DataStructure.measures": _parts("mesure", "measure"),
    "DataStructure.attributes": _parts("attribut", "attribute"),
    "DataStructure.groups": _parts("groupe", "group"),
    "DataStructure.metadata_usages": _parts("attribut de métadonnées en usage", "metadata attribute in use"),
    "DataStructure.metadata": Part("structure de métadonnées", "metadata structure", added=PATCH),
    "DataStructure.is_evolving": _part("structure évolutive", "evolving structure"),
    "*.representation": REPRESENTATION,
    "*.concept": _part("concept", "concept"),
    "*.roles": _part("rôle", "role", MINOR),
    "Dimension.is_time": _part("dimension temporelle", "time dimension"),
    "*.mandatory": _part("obligatoire", "mandatory"),
    "*.relationship": _part("rattachement", "attachment"),
    "Attribute.measures": _part("mesure qualifiée", "qualified measure"),
    "Group.dimensions": _part("dimension", "dimension"),
    "Group.attachment_constraint": _part("contrainte de rattachement", "attachment constraint"),
    "MetadataAttributeUsage.metadata_attribute": _part("attribut de métadonnées", "metadata attribute"),
    "Dataflow.structure": _part("structure", "structure"),
    "Dataflow.dimensions": _part("dimension retenue", "dimension in use"),
}
_METADATA: Final[Mapping[str, Part]] = {
    "*.attributes": _parts("attribut de métadonnées", "metadata attribute"),
    "MetadataStructure.targets": _parts("cible", "target"),
    "MetadataStructure.reports": _parts("rapport", "report"),
    "MetadataAttribute.min_occurs": _part("occurrences au moins", "occurrences at least"),
    "MetadataAttribute.max_occurs": _part("occurrences au plus", "occurrences at most"),
    "MetadataAttribute.is_presentational": _part("de présentation", "presentational"),
    "MetadataTarget.objects": _parts("objet cible", "target object", added=MAJOR),
    "TargetObject.kind": _part("sorte d'objet", "kind of object"),
    "TargetObject.object_type": _part("classe d'objet", "object class"),
    "ReportStructure.targets": _part("cible", "target"),
    "Metadataflow.structure": _part("structure", "structure"),
    "Metadataflow.targets": Part("cible", "target", MAJOR, PATCH, MAJOR),
    "ProvisionAgreement.flow": _part("flux", "flow"),
    "*.provider": _part("fournisseur", "provider"),
    "MetadataProvisionAgreement.flow": _part("flux", "flow"),
    "MetadataProvisionAgreement.targets": _part("cible", "target", PATCH),
    "MetadataSet.flow": _part("flux", "flow"),
    "MetadataSet.targets": _part("cible", "target"),
    "ReportedAttribute.values": _part("valeur", "value", MINOR),
    "ReportedAttribute.text": _part("texte", "text", MINOR),
    "ReportedAttribute.structured": _part("texte", "text", MINOR),
    "MetadataSet.action": _part("action", "action", PATCH),
    "MetadataSet.reporting_begin": _part("début de la période", "reporting begin", MINOR),
    "MetadataSet.reporting_end": _part("fin de la période", "reporting end", MINOR),
    "MetadataSet.publication_period": _part("période de publication", "publication period", MINOR),
    "MetadataSet.publication_year": _part("année de publication", "publication year", MINOR),
    "MetadataSet.set_id": _part("identifiant du jeu", "set id", PATCH),
}
_CONSTRAINTS: Final[Mapping[str, Part]] = {
    "*.role": _part("rôle", "role"),
    "*.attachment": _part("rattachement", "attachment", PATCH),
    "ConstraintAttachment.artefacts": _part("artefact contraint", "constrained artefact", PATCH),
    "ConstraintAttachment.simple_sources": _part("source", "source", PATCH),
    "ConstraintAttachment.queryable_sources": _part("source interrogeable", "queryable source", PATCH),
    "ConstraintAttachment.data_sets": _part("jeu de données", "data set", PATCH),
    "ConstraintAttachment.metadata_sets": _part("jeu de métadonnées", "metadata set", PATCH),
    "QueryableSource.is_rest": _part("REST", "REST", PATCH),
    "QueryableSource.is_web_service": _part("service web", "web service", PATCH),
    "QueryableSource.wsdl": _part("WSDL", "WSDL", PATCH),
    "QueryableSource.wadl": _part("WADL", "WADL", PATCH),
    "*.key_sets": _parts("ensemble de clés", "key set", added=MAJOR, removed=MINOR),
    "*.regions": _parts("région", "region", added=MAJOR, removed=MINOR),
    "*.metadata_regions": _parts("région de métadonnées", "metadata region", added=MAJOR, removed=MINOR),
    "*.calendar": _part("calendrier", "calendar", PATCH),
    "*.periodicity": _part("périodicité", "periodicity", PATCH),
    "*.offset": _part("délai", "offset", PATCH),
    "*.tolerance": _part("tolérance", "tolerance", PATCH),
    "*.period": _part("période de référence", "reference period", PATCH),
    "ReferencePeriod.start": _part("début", "start", PATCH),
    "ReferencePeriod.end": _part("fin", "end", PATCH),
    "*.is_included": _part("sens de la contrainte", "what is meant"),
    "DataKeySet.keys": _parts("clé", "key"),
    "*.metadata_key_sets": _parts("ensemble de clés", "key set", added=MAJOR, removed=MINOR),
    "MetadataKeySet.keys": _parts("clé", "key"),
    "MetadataKey.report": _part("rapport", "report"),
    "MemberSelection.component": _part("composante", "component"),
    "MemberSelection.objects": _parts("artefact", "artefact"),
    "MemberSelection.data_sets": _parts("jeu de données", "data set"),
    "MemberSelection.data_keys": _parts("clé", "key"),
    "*.keys": _parts("sélection", "selection", added=MAJOR, removed=MINOR),
    "*.components": _parts("sélection", "selection", added=MAJOR, removed=MINOR),
    "MemberSelection.values": _parts("valeur", "value"),
    "MemberSelection.time_range": _part("période", "time range"),
    "MemberSelection.remove_prefix": _part("préfixe retiré", "prefix removed"),
    "SelectedValue.cascade": _part("cascade", "cascade"),
    "SelectedValue.language": _part("langue", "language"),
    "SetReference.id": _part("identifiant", "id", PATCH),
    "TimeRange.before": _part("avant", "before"),
    "TimeRange.after": _part("après", "after"),
    "TimeRange.start": _part("de", "from"),
    "TimeRange.end": _part("à", "to"),
    "MetadataTargetRegion.target": _part("cible", "target"),
    "MetadataTargetRegion.report": _part("rapport", "report"),
}
_MAPS: Final[Mapping[str, Part]] = {
    "*.source": _part("source", "source"),
    "*.target": _part("cible", "target"),
    "StructureMap.epochs": _part("datation par époque", "epoch map", MINOR),
    "StructureMap.date_patterns": _part("datation par modèle", "date pattern map", MINOR),
    "StructureMap.frequency_formats": _part("format de fréquence", "frequency format", MINOR),
    "StructureMap.components": _part("correspondance", "component map", MINOR),
    "StructureMap.fixed": _part("valeur fixe", "fixed value", MINOR),
    "ComponentMap.sources": _part("source", "source", MINOR),
    "ComponentMap.targets": _part("cible", "target", MINOR),
    "ComponentMap.representation_map": Part("table des valeurs", "representation map", MAJOR, MINOR, MINOR),
    "FixedValueMap.source": _part("source", "source", MINOR),
    "FixedValueMap.target": _part("cible", "target", MINOR),
    "FixedValueMap.values": _part("valeur", "value", MINOR),
    "DateMap.components": _part("composante", "component", MINOR),
    "*.frequency_dimension": _part("dimension de fréquence", "frequency dimension", MINOR),
    "*.target_frequency": _part("fréquence cible", "target frequency", MINOR),
    "*.mapped_frequencies": _part("fréquence convertie", "mapped frequency", MINOR),
    "*.resolve": _part("jour retenu", "day meant", MINOR),
    "EpochMap.base": _part("origine", "base", MINOR),
    "EpochMap.unit": _part("unité", "unit", MINOR),
    "*.pattern": _part("modèle", "pattern", MINOR),
    "*.locale": _part("locale", "locale", MINOR),
    "FrequencyFormat.frequency": _part("fréquence", "frequency", MINOR),
    "RepresentationMap.sources": _part("colonne source", "source column", order=MAJOR),
    "RepresentationMap.targets": _part("colonne cible", "target column", order=MAJOR),
    "RepresentationMap.mappings": _part("ligne", "row", PATCH),
    "MappedSpace.codelist": _part("liste", "list"),
    "MappedSpace.data_type": _part("type", "type"),
    "ValueMapping.sources": _part("valeur source", "source value", PATCH),
    "ValueMapping.targets": _part("valeur cible", "target value", PATCH),
    "MappedValue.is_regex": _part("expression régulière", "regular expression", PATCH),
    "MappedValue.start": _part("début de la partie lue", "start of the part read", PATCH),
    "MappedValue.end": _part("fin de la partie lue", "end of the part read", PATCH),
    "ItemSchemeMap.items": _part("ligne", "row", PATCH),
    "ItemMap.source": _part("source", "source", PATCH),
    "ItemMap.target": _part("cible", "target", PATCH),
    "StructureSet.related": _part("structure associée", "related structure", PATCH),
    "StructureSet.item_maps": _part("correspondance", "item map", MINOR),
    "StructureSet.structure_maps": _part("correspondance de structures", "structure map", MINOR),
    "SetItemMap.kind": _part("sorte", "kind", MINOR),
    "SetItemMap.items": _part("ligne", "row", PATCH),
    "Association.target": _part("cible", "target", PATCH),
    "SetStructureMap.components": _part("correspondance", "component map", MINOR),
    "SetStructureMap.is_extension": _part("extension", "extension", MINOR),
    "SetComponentMap.representation": _part("valeurs", "values", MINOR),
    "SetComponent.item_class": _part("classe", "class", MINOR),
    "SetComponent.container": _part("rapport ou cible", "report or target", MINOR),
    "SetComponentMap.target": _part("cible", "target", MINOR),
    "SetRepresentation.codelist_map": _part("table des codes", "code map", MINOR),
    "SetRepresentation.to_text": _part("texte", "text", MINOR),
    "SetRepresentation.to_value": _part("valeur", "value", MINOR),
    "SetRepresentation.values": _part("valeur", "value", MINOR),
}
_PROCESSES: Final[Mapping[str, Part]] = {
    "*.steps": _parts("étape", "step"),
    "ProcessStep.inputs": _part("entrée", "input", PATCH),
    "ProcessStep.outputs": _part("sortie", "output", PATCH),
    "ProcessStep.computation": _part("calcul", "computation", PATCH),
    "ProcessStep.transitions": _part("transition", "transition", PATCH),
    "ProcessArtefact.artefact": _part("artefact", "artefact", PATCH),
    "*.local_id": _part("identifiant local", "local id"),
    "Computation.package": _part("logiciel", "software", PATCH),
    "Computation.language": _part("langage", "language", PATCH),
    "Computation.version": _part("version", "version", PATCH),
    "Transition.target": _part("étape suivante", "next step", PATCH),
    "Transition.conditions": _part("condition", "condition", PATCH),
}
_VTL: Final[Mapping[str, Part]] = {
    "*.vtl_version": _part("version de VTL", "VTL version"),
    "*.mapping_scheme": _part("noms VTL", "VTL names"),
    "*.name_scheme": _part("noms personnalisés", "personalised names"),
    "*.type_scheme": _part("types", "types"),
    "*.ruleset_schemes": _parts("jeux de règles", "ruleset scheme"),
    "*.operator_schemes": _parts("opérateurs", "operator scheme"),
    "Transformation.expression": _part("expression", "expression"),
    "Transformation.result": _part("résultat", "result"),
    "Transformation.is_persistent": _part("conservé", "kept"),
    "*.definition": _part("définition", "definition"),
    "Ruleset.type": _part("type", "type"),
    "Ruleset.scope": _part("portée", "scope"),
    "CustomType.scalar_type": _part("type scalaire", "scalar type"),
    "CustomType.data_type": _part("type", "type"),
    "CustomType.literal_format": _part("format littéral", "literal format"),
    "CustomType.output_format": _part("format de sortie", "output format"),
    "CustomType.null_value": _part("valeur nulle", "null value"),
    "NamePersonalisation.default_name": _part("nom par défaut", "default name"),
    "NamePersonalisation.personalised_name": _part("nom personnalisé", "personalised name"),
    "NamePersonalisation.vtl_artefact": _part("artefact VTL", "VTL artefact"),
    "VtlMapping.alias": _part("alias", "alias"),
    "VtlMapping.artefact": _part("artefact", "artefact"),
    "VtlMapping.to_vtl": _part("vers VTL", "to VTL"),
    "VtlMapping.from_vtl": _part("depuis VTL", "from VTL"),
    "VtlSpace.method": _part("méthode", "method"),
    "VtlSpace.keys": _part("clé", "key"),
}
PARTS: Final[Mapping[str, Part]] = {
    **_VALIDITY, **_SCHEMES, **_HIERARCHIES, **_STRUCTURES, **_METADATA, **_CONSTRAINTS, **_MAPS, **_PROCESSES, **_VTL,
}  # fmt: skip
"""The parts by ``Class.field``, or ``*.field`` where they are the same wherever they are."""

FACETS: Final[Mapping[str, Part]] = {
    "codelist": _part("liste", "list"),
    "data_type": _part("type", "type"),
    "min_length": _part("longueur minimale", "minimum length"),
    "max_length": _part("longueur maximale", "maximum length"),
    "min_value": _part("valeur minimale", "minimum value"),
    "max_value": _part("valeur maximale", "maximum value"),
    "start_value": _part("valeur initiale", "start value"),
    "end_value": _part("valeur finale", "end value"),
    "interval": _part("pas", "interval"),
    "is_sequence": _part("suite", "sequence"),
    "time_interval": _part("pas de temps", "time interval"),
    "start_time": _part("temps initial", "start time"),
    "end_time": _part("temps final", "end time"),
    "decimals": _part("décimales", "decimals"),
    "pattern": _part("modèle", "pattern"),
    "is_multilingual": _part("multilingue", "multilingual"),
    "min_occurs": _part("valeurs au moins", "values at least"),
    "max_occurs": _part("valeurs au plus", "values at most"),
    "sentinels": _part("valeurs sentinelles", "sentinel values"),
}
"""The facets of a representation."""

_FOUND: dict[tuple[type[Any], str], Part] = {}


def part(of: type[Any], name: str) -> Part:
    """The words and levels of a field; of one that the tables do not know its own name, and the highest level."""
    found = _FOUND.get((of, name))
    if found is None:
        classes = (*(each.__name__ for each in of.__mro__), "*")
        found = next((PARTS[key] for each in classes if (key := f"{each}.{name}") in PARTS), None)
        plain = name.replace("_", " ")
        found = _FOUND[of, name] = found or Part(plain, plain)
    return found
