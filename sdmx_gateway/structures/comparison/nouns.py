"""What the members of artefacts are called in French and in English, one or many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Noun:
    """A word in both languages, with what it needs to agree and to be counted."""

    fr: str
    en: str
    feminine: bool = False
    fr_plural: str = ""
    en_plural: str = ""

    def count(self, number: int) -> tuple[str, str]:
        """The word for so many of them, in French and in English."""
        if number == 1:
            return self.fr, self.en
        return self.fr_plural or f"{self.fr}s", self.en_plural or f"{self.en}s"


NOUNS: Final[Mapping[str, Noun]] = {
    "Annotation": Noun("annotation", "annotation", feminine=True),
    "AnnotationUrl": Noun("adresse", "address", feminine=True, en_plural="addresses"),
    "Link": Noun("lien", "link"),
    "Contact": Noun("contact", "contact"),
    "Agency": Noun("agence", "agency", feminine=True, en_plural="agencies"),
    "DataProvider": Noun("fournisseur de données", "data provider", fr_plural="fournisseurs de données"),
    "DataConsumer": Noun("destinataire de données", "data consumer", fr_plural="destinataires de données"),
    "MetadataProvider": Noun("fournisseur de métadonnées", "metadata provider", fr_plural="fournisseurs de métadonnées"),
    "OrganisationUnit": Noun("unité", "unit", feminine=True),
    "Code": Noun("code", "code"),
    "GeoFeatureSetCode": Noun("code géographique", "geographic code", fr_plural="codes géographiques"),
    "GeoGridCode": Noun("code de maille", "grid code", fr_plural="codes de maille"),
    "CodelistExtension": Noun("extension", "extension", feminine=True),
    "SelectedCode": Noun("code choisi", "selected code", fr_plural="codes choisis"),
    "ValueItem": Noun("valeur", "value", feminine=True),
    "Concept": Noun("concept", "concept"),
    "IsoConcept": Noun("concept ISO 11179", "ISO 11179 concept", fr_plural="concepts ISO 11179"),
    "Category": Noun("catégorie", "category", feminine=True, en_plural="categories"),
    "ReportingCategory": Noun(
        "catégorie de rapport", "reporting category", True, "catégories de rapport", "reporting categories"
    ),
    "HierarchicalCode": Noun("code hiérarchique", "hierarchical code", fr_plural="codes hiérarchiques"),
    "Level": Noun("niveau", "level", fr_plural="niveaux"),
    "IncludedCodelist": Noun("liste incluse", "included list", True, "listes incluses"),
    "InnerHierarchy": Noun("hiérarchie", "hierarchy", feminine=True, en_plural="hierarchies"),
    "Dimension": Noun("dimension", "dimension", feminine=True),
    "Measure": Noun("mesure", "measure", feminine=True),
    "Attribute": Noun("attribut", "attribute"),
    "Group": Noun("groupe", "group"),
    "MetadataAttributeUsage": Noun(
        "attribut de métadonnées en usage", "metadata attribute in use",
        fr_plural="attributs de métadonnées en usage", en_plural="metadata attributes in use",
    ),
    "MetadataAttribute": Noun("attribut de métadonnées", "metadata attribute", fr_plural="attributs de métadonnées"),
    "MetadataTarget": Noun("cible", "target", feminine=True),
    "TargetObject": Noun("objet cible", "target object", fr_plural="objets cibles"),
    "ReportStructure": Noun("rapport", "report"),
    "ReportedAttribute": Noun("attribut renseigné", "reported attribute", fr_plural="attributs renseignés"),
    "SentinelValue": Noun("valeur sentinelle", "sentinel value", True, "valeurs sentinelles"),
    "CubeRegion": Noun("région", "region", feminine=True),
    "MetadataTargetRegion": Noun("région de métadonnées", "metadata region", True, "régions de métadonnées"),
    "DataKeySet": Noun("ensemble de clés", "key set", fr_plural="ensembles de clés"),
    "MetadataKeySet": Noun("ensemble de clés", "key set", fr_plural="ensembles de clés"),
    "MetadataKey": Noun("clé", "key", feminine=True),
    "DataKey": Noun("clé", "key", feminine=True),
    "MemberSelection": Noun("sélection", "selection", feminine=True),
    "SelectedValue": Noun("valeur", "value", feminine=True),
    "QueryableSource": Noun("source interrogeable", "queryable source", True, "sources interrogeables"),
    "SetReference": Noun("jeu", "set", fr_plural="jeux"),
    "ComponentMap": Noun("correspondance", "component map", feminine=True),
    "FixedValueMap": Noun("valeur fixe", "fixed value", True, "valeurs fixes"),
    "EpochMap": Noun("datation par époque", "epoch map", True, "datations par époque"),
    "DatePatternMap": Noun("datation par modèle", "date pattern map", True, "datations par modèle"),
    "FrequencyFormat": Noun("format de fréquence", "frequency format", fr_plural="formats de fréquence"),
    "MappedSpace": Noun("colonne", "column", feminine=True),
    "ValueMapping": Noun("ligne", "row", feminine=True),
    "MappedValue": Noun("valeur", "value", feminine=True),
    "ItemMap": Noun("ligne", "row", feminine=True),
    "SetItemMap": Noun("correspondance", "item map", feminine=True),
    "SetStructureMap": Noun("correspondance de structures", "structure map", True, "correspondances de structures"),
    "SetComponentMap": Noun("correspondance", "component map", feminine=True),
    "Association": Noun("ligne", "row", feminine=True),
    "ProcessStep": Noun("étape", "step", feminine=True),
    "ProcessArtefact": Noun("artefact", "artefact"),
    "Transition": Noun("transition", "transition", feminine=True),
    "Transformation": Noun("transformation", "transformation", feminine=True),
    "Ruleset": Noun("jeu de règles", "ruleset", fr_plural="jeux de règles"),
    "UserDefinedOperator": Noun("opérateur", "operator"),
    "CustomType": Noun("type", "type"),
    "NamePersonalisation": Noun("nom", "name"),
    "VtlMapping": Noun("nom VTL", "VTL name", fr_plural="noms VTL"),
}  # fmt: skip
"""What the members of lists are called, by class."""


def noun(of: type[Any]) -> Noun:
    """What a member of a list is called; by its class where the table does not know it."""
    found = next((NOUNS[each.__name__] for each in of.__mro__ if each.__name__ in NOUNS), None)
    return found or Noun(of.__name__, of.__name__)
