"""Constraints, hierarchies and maps from one generation of SDMX to another, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import generations as g
import pytest
from generations import losses, refusal, refusals
from structures_samples import SEX, STRUCTURE

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    Artefact,
    Cascade,
    CategorySchemeMap,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    FixedValueMap,
    FrequencyFormat,
    HierarchicalCodelist,
    Hierarchy,
    MappedValue,
    MetadataConstraint,
    RepresentationMap,
    Role,
    SelectedValue,
    SetComponent,
    SetMapKind,
    SetReference,
    SetRepresentation,
    StructureMap,
    StructureSet,
    Text,
    ValueMapping,
)
from sdmx_gateway.structures.translation import translated
from sdmx_gateway.structures.translation.keys import MOST_KEYS

NEW = (Form.ML_3_0, Form.ML_3_1)
NUMBER = {Form.ML_2_1: "2.1", Form.ML_3_0: "3.0", Form.ML_3_1: "3.1"}
CONTEXT = (g.QUALITY, g.QUALITY_FLOW, STRUCTURE)


# Constraints


def test_what_there_actually_is_is_no_artefact_in_3_1() -> None:
    translation = translated([g.ACTUAL], Form.ML_3_1)
    assert translation.artefacts == ()
    assert "availability query" in losses(translation)
    kept = translated([g.ACTUAL], Form.ML_3_0).artefacts[0]
    assert isinstance(kept, DataConstraint)
    assert kept.role is Role.ACTUAL
    assert translated([kept], Form.ML_3_1).artefacts == ()


def test_a_release_calendar_ends_with_3_0() -> None:
    assert translated([g.PUNCTUAL], Form.ML_3_0).losses == ()
    assert "release calendar" in losses(translated([g.PUNCTUAL], Form.ML_3_1))


def test_a_constraint_of_metadata_becomes_one_of_metadata() -> None:
    translation = translated([g.OF_METADATA], Form.ML_3_0)
    made = translation.artefacts[0]
    assert isinstance(made, MetadataConstraint)
    assert made.regions[0].components == g.OF_METADATA.metadata_regions[0].components
    assert "FLOW of report REPORT" in losses(translation)


def test_a_constraint_of_an_agreement_on_metadata_follows_the_agreement() -> None:
    constraint = replace(
        g.PUNCTUAL, id="CN_OF_PA", attachment=ConstraintAttachment(artefacts=(g.AGREEMENT.urn,)), calendar=None
    )
    made = translated([constraint, g.AGREEMENT], Form.ML_3_0).artefacts
    assert isinstance(made[0], MetadataConstraint)
    assert made[0].attachment == ConstraintAttachment(artefacts=(made[1].urn,))


def test_a_constraint_of_a_data_set_is_attached_to_nothing_any_more() -> None:
    sets = ConstraintAttachment(data_sets=(SetReference(provider=g.PROVIDER, id="SET"),))
    said = losses(translated([replace(g.ALLOWED, attachment=sets)], Form.ML_3_0))
    assert "data or metadata set" in said
    assert "attached to nothing" in said


def test_regions_that_sdmx_3_cannot_hold_together_are_refused() -> None:
    twice = replace(g.ALLOWED, regions=(g.ALLOWED.regions[0],) * 2)
    assert "2 regions" in refusal([twice], "3.0")


def test_data_and_metadata_are_not_constrained_together_in_sdmx_3() -> None:
    both = replace(g.OF_METADATA, regions=g.ALLOWED.regions)
    assert "two constraints" in refusal([both], "3.0")


def test_a_percent_sign_would_be_a_pattern_in_sdmx_3() -> None:
    region = CubeRegion(components=(g.values("NOTE", "5 % more"),))
    assert "'5 % more'" in losses(translated([replace(g.ALLOWED, regions=(region,))], Form.ML_3_0))


def test_keys_with_several_values_are_several_keys() -> None:
    made = translated([g.DATA_CONSTRAINT], Form.ML_2_1).artefacts[0]
    assert isinstance(made, ContentConstraint)
    assert [[k.values[0].value for k in key.keys] for key in made.key_sets[0].keys] == [["A", "M"], ["A", "F"]]
    assert translated([g.DATA_CONSTRAINT], Form.ML_3_1).artefacts[0] is g.DATA_CONSTRAINT


def test_keys_are_not_multiplied_beyond_the_limit() -> None:
    many = tuple(SelectedValue(str(number)) for number in range(MOST_KEYS))
    keys = (replace(g.values("FREQ", "A"), values=many), g.values("SEX", "M"))
    at_most = replace(g.DATA_CONSTRAINT, key_sets=(DataKeySet(keys=(DataKey(keys=keys),)),))
    assert translated([at_most], Form.ML_2_1).refusals == ()
    one_over = replace(at_most, key_sets=(*at_most.key_sets, DataKeySet(keys=(DataKey(keys=(g.values("SEX", "M"),)),))))
    assert "too many" in refusals(translated([one_over], Form.ML_2_1))


def test_any_value_of_a_dimension_is_said_by_not_naming_it() -> None:
    made = translated([g.DATA_CONSTRAINT], Form.ML_2_1).artefacts[0]
    assert isinstance(made, ContentConstraint)
    assert [selection.component for selection in made.regions[0].keys] == ["SEX"]


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (CubeRegion(keys=(g.values("SEX", "_T", cascade=Cascade.EXCLUDE_ROOT),)), "without _T itself"),
        (CubeRegion(keys=(g.values("AREA", "FR%"),)), "pattern"),
        (CubeRegion(components=(g.values("CONTACT.NAME", "A"),)), "CONTACT.NAME"),
        (CubeRegion(components=(g.values("OBS_VALUE", "A"),)), "OBS_VALUE"),
    ],
)
def test_what_2_1_would_read_otherwise_is_refused(region: CubeRegion, reason: str) -> None:
    assert reason in refusal([replace(g.DATA_CONSTRAINT, regions=(region,))], "2.1")


def test_a_key_with_attributes_is_refused_in_2_1() -> None:
    key = DataKey(keys=(g.values("SEX", "F"),), components=(g.values("STATUS", "A"),))
    assert "dimensions only" in refusal([replace(g.DATA_CONSTRAINT, key_sets=(DataKeySet(keys=(key,)),))], "2.1")


def test_validity_of_values_is_told() -> None:
    dated = replace(g.values("SEX", "F"), values=(SelectedValue("F", valid_from="2020", language="fr"),))
    said = losses(translated([replace(g.DATA_CONSTRAINT, regions=(CubeRegion(keys=(dated,)),))], Form.ML_2_1))
    assert "from when to when" in said
    assert "language of a value, of SEX" in said


def test_a_region_of_metadata_has_no_target_to_name_in_2_1() -> None:
    made = translated([g.OF_METADATA], Form.ML_3_0).artefacts[0]
    assert "target and the report" in refusal([made], "2.1")


# Hierarchies


def test_each_hierarchy_of_a_list_becomes_one() -> None:
    translation = translated([g.ALIASED], Form.ML_3_0)
    members, others = translation.artefacts
    assert isinstance(members, Hierarchy)
    assert isinstance(others, Hierarchy)
    assert (members.id, others.id) == ("HCL_BY_ALIAS_MEMBERS", "HCL_BY_ALIAS_OTHERS")
    assert others.names == g.ALIASED.names
    assert members.codes[0].codes[0].code == g.code(g.AREAS, "FR")
    assert "versions of hierarchical codes" in losses(translation)


def test_an_id_comes_once_in_a_hierarchy_of_sdmx_3() -> None:
    members = translated([g.ALIASED], Form.ML_3_0).artefacts[0]
    assert isinstance(members, Hierarchy)
    assert [inner.id for outer in members.codes for inner in outer.codes] == ["FR", "EFTA_FR"]


def test_a_level_is_named_by_its_id_in_sdmx_3() -> None:
    made = translated([g.HIERARCHIES], Form.ML_3_0).artefacts[0]
    assert isinstance(made, Hierarchy)
    assert made.codes[0].codes[0].level == "L2"


def test_a_code_whose_list_is_not_known_leaves_the_list_as_it_is() -> None:
    assert "MEMBERS" not in (said := refusal([replace(g.ALIASED, codelists=())], "3.0"))
    assert "no code list is known for EU" in said


def test_lists_no_code_is_of_are_told() -> None:
    unused = replace(
        g.HIERARCHIES, codelists=(*g.HIERARCHIES.codelists, replace(g.HIERARCHIES.codelists[0], codelist=SEX.urn))
    )
    assert SEX.urn.short in losses(translated([unused], Form.ML_3_0))


def test_what_refers_to_a_list_of_hierarchies_refers_to_the_hierarchy() -> None:
    hierarchy, categorised = translated([g.HIERARCHIES, g.CATEGORISED], Form.ML_3_0).artefacts
    assert categorised == replace(g.CATEGORISED, source=hierarchy.urn)
    inside = replace(g.CATEGORISED, source=Urn(Kind.HIERARCHICAL_CODELIST, "MADE_UP", "HCL_BY_ALIAS", "1.0", "MEMBERS"))
    members, _, followed = translated([g.ALIASED, inside], Form.ML_3_0).artefacts
    assert followed == replace(inside, source=members.urn)
    code = replace(
        inside, source=Urn(Kind.HIERARCHICAL_CODELIST, "MADE_UP", "HCL_AREA", "1.0", "HCL_AREA.W", "HierarchicalCode")
    )
    assert translated([g.HIERARCHIES, code], Form.ML_3_0).artefacts[1] == replace(
        code, source=Urn(Kind.HIERARCHY, "MADE_UP", "HCL_AREA", "1.0", "W")
    )


def test_a_reference_to_a_class_that_is_gone_is_told() -> None:
    assert "HierarchicalCodelist MADE_UP:HCL_AREA(1.0)" in losses(translated([g.CATEGORISED], Form.ML_3_0))


def test_a_hierarchy_of_geographic_codes_is_refused_in_2_1() -> None:
    area = Urn(Kind.GEOGRAPHIC_CODELIST, "MADE_UP", "GEO", "1.0", "FR")
    codes = (replace(g.HIERARCHY.codes[0], code=area),)
    assert "MADE_UP:GEO(1.0).FR" in refusal([replace(g.HIERARCHY, codes=codes)], "2.1")


def test_the_lists_of_a_hierarchy_are_counted_in_2_1() -> None:
    made = translated([g.HIERARCHY], Form.ML_2_1).artefacts[0]
    assert isinstance(made, HierarchicalCodelist)
    assert [included.codelist for included in made.codelists] == [g.AREAS, g.GROUPS]


# Maps


def test_a_structure_set_is_taken_apart() -> None:
    codes, structures, texts = translated([g.SET], Form.ML_3_0).artefacts
    assert isinstance(codes, RepresentationMap)
    assert isinstance(structures, StructureMap)
    assert isinstance(texts, RepresentationMap)
    assert [c.representation_map for c in structures.components] == [None, codes.urn, texts.urn, None]
    assert [(m.sources[0].value, m.targets[0]) for m in texts.mappings] == [("provisoire", "P"), ("définitif", "A")]


def changed(**of_structure_map: object) -> StructureSet:
    return replace(g.SET, structure_maps=(replace(g.SET.structure_maps[0], **of_structure_map),))


def test_what_a_structure_map_of_sdmx_3_does_not_say_is_told() -> None:
    component = replace(g.SET.structure_maps[0].components[0], representation=SetRepresentation(to_value="Name"))
    said = losses(translated([changed(components=(component,), is_extension=True)], Form.ML_3_0))
    assert "maps FREQ to FREQ in a way SDMX 3 does not have" in said
    assert "extends its target" in said
    assert "related: MADE_UP:OTHER(1.0)" in losses(
        translated([replace(g.SET, related=(Urn(Kind.DATA_STRUCTURE, "MADE_UP", "OTHER"),))], Form.ML_3_0)
    )


def test_a_map_needs_its_structures_to_be_said_in_2_1() -> None:
    there = translated([g.SET], Form.ML_3_0).artefacts
    assert "structure is not translated with it" in refusal(there, "2.1")
    assert g.SET in translated([*there, STRUCTURE], Form.ML_2_1).artefacts


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"fixed": (FixedValueMap(target="FREQ", values=("A",)),)}, "fixed values"),
        ({"components": (replace(g.DATED.components[0], sources=("FREQ", "SEX")),)}, "one to one"),
        ({}, "patterns"),
    ],
)
def test_maps_2_1_does_not_know_are_refused(change: dict[str, object], reason: str) -> None:
    assert reason in refusal([replace(g.DATED, **change), g.PATTERNS, STRUCTURE], "2.1")  # type: ignore[arg-type]


def test_components_keep_their_class() -> None:
    there = translated([g.SET, STRUCTURE], Form.ML_3_0).artefacts
    back = next(a for a in translated(there, Form.ML_2_1).artefacts if isinstance(a, StructureSet))
    assert back.structure_maps[0].components[2].source == SetComponent("STATUS", "Attribute")


def test_a_map_between_categories_is_one_of_its_own_and_hierarchical_codes_are_not_mapped() -> None:
    themes = Urn(Kind.CATEGORY_SCHEME, "MADE_UP", "THEMES")
    of_themes = replace(
        g.CONCEPTS_MAP.item_maps[0], kind=SetMapKind.CATEGORY, id="THEMES", source=themes, target=themes
    )
    hybrid = replace(g.CODES, kind=SetMapKind.HYBRID, id="HYBRID", source=g.HIERARCHIES.urn)
    of_codes = replace(hybrid, id="LISTS", source=g.AREAS)
    translation = translated([replace(g.CONCEPTS_MAP, item_maps=(of_themes, hybrid, of_codes))], Form.ML_3_0)
    assert [a.urn.short for a in translation.artefacts] == [
        "MADE_UP:OLD_CONCEPTS_THEMES(1.0)",
        "MADE_UP:OLD_CONCEPTS_LISTS(1.0)",
    ]
    assert [type(a) for a in translation.artefacts] == [CategorySchemeMap, RepresentationMap]
    assert "HYBRID maps hierarchical codes" in losses(translation)


def test_what_holds_nothing_has_nothing_to_become() -> None:
    assert "no hierarchy" in refusal([replace(g.HIERARCHIES, hierarchies=())], "3.0")
    assert "no map" in refusal([replace(g.SET, item_maps=(), structure_maps=())], "3.0")


def test_names_of_what_held_a_hierarchy_are_told_when_they_are_others() -> None:
    renamed = replace(g.HIERARCHIES, names=Text.of(en="Every hierarchy"))
    assert "its own names are dropped" in losses(translated([renamed], Form.ML_3_0))


def test_an_id_that_comes_a_third_time_is_numbered() -> None:
    codes = tuple(replace(g.WORLD.codes[1], id="EU") for _ in range(3))
    inner = replace(g.WORLD, codes=(replace(g.WORLD.codes[0], codes=codes),))
    made = translated([replace(g.HIERARCHIES, hierarchies=(inner,))], Form.ML_3_0).artefacts[0]
    assert isinstance(made, Hierarchy)
    assert [code.id for code in made.codes[0].codes] == ["EU", "W_EU", "EU_2"]


TEXTS = replace(
    g.PATTERNS,
    id="TEXTS",
    targets=g.PATTERNS.sources,
    mappings=(ValueMapping(sources=(MappedValue("F"),), targets=("W",)),),
)
OTHER_TEXTS = replace(TEXTS, agency="OTHER")
THROUGH_TEXTS = replace(g.DATED, components=(replace(g.DATED.components[0], representation_map=TEXTS.urn),))


def test_a_map_between_texts_is_a_list_of_values_in_2_1() -> None:
    (made,) = (
        a for a in translated([THROUGH_TEXTS, TEXTS, STRUCTURE], Form.ML_2_1).artefacts if isinstance(a, StructureSet)
    )
    assert made.structure_maps[0].components[0].representation == SetRepresentation(values=(("F", "W"),))
    coded = replace(TEXTS, targets=g.PATTERNS.targets, names=Text.of(en="Sex"), descriptions=Text.of(en="of persons"))
    said = losses(translated([THROUGH_TEXTS, coded, STRUCTURE], Form.ML_2_1))
    assert "the types or code lists of its values, its names, its descriptions and annotations" in said


@pytest.mark.parametrize(
    ("structure_map", "representation_map", "reason"),
    [
        (THROUGH_TEXTS, SEX, "not among what is translated with it"),
        (replace(THROUGH_TEXTS, components=()), TEXTS, "maps some component"),
        (replace(THROUGH_TEXTS, frequency_formats=(FrequencyFormat(frequency="A", pattern="yyyy"),)), TEXTS, "dates"),
        (THROUGH_TEXTS, replace(TEXTS, sources=TEXTS.sources * 2), "several values at a time"),
        (THROUGH_TEXTS, replace(TEXTS, mappings=()), "maps no value"),
        (
            THROUGH_TEXTS,
            replace(TEXTS, mappings=(replace(TEXTS.mappings[0], valid_from="2020-01-01"),)),
            "within dates",
        ),
        (
            replace(
                THROUGH_TEXTS,
                components=(
                    *THROUGH_TEXTS.components,
                    replace(g.DATED.components[0], representation_map=OTHER_TEXTS.urn),
                ),
            ),
            TEXTS,
            "have one id",
        ),
    ],
)
def test_every_reason_a_map_stays_what_it_is_is_given(
    structure_map: StructureMap, representation_map: Artefact, reason: str
) -> None:
    assert reason in refusal([structure_map, representation_map, OTHER_TEXTS, STRUCTURE], "2.1")


def test_a_representation_map_of_its_own_is_a_set_if_it_maps_codes() -> None:
    codes = translated([replace(g.SET, structure_maps=())], Form.ML_3_0).artefacts
    (made,) = translated(codes, Form.ML_2_1).artefacts
    assert isinstance(made, StructureSet)
    assert made.item_maps[0].items == g.CODES.items
    assert "codes of code lists only" in refusal([TEXTS], "2.1")


def test_3_0_has_keys_with_one_value_of_each_dimension() -> None:
    made = translated([g.DATA_CONSTRAINT], Form.ML_3_0).artefacts[0]
    assert isinstance(made, DataConstraint)
    assert len(made.key_sets[0].keys) == 2
    sourced = replace(g.DATA_CONSTRAINT, attachment=ConstraintAttachment(simple_sources=("https://example.org/",)))
    said = losses(translated([sourced], Form.ML_3_1))
    assert "the source of data it is of" in said
    assert "attached to nothing" in said


def test_a_constraint_of_metadata_without_a_region_is_one_in_2_1() -> None:
    provider = Urn(Kind.METADATA_PROVIDER_SCHEME, "MADE_UP", "METADATA_PROVIDERS", "1.0", "POLICE")
    constraint = MetadataConstraint(
        agency="MADE_UP", id="CN_M", names=Text.of(en="M"), attachment=ConstraintAttachment(artefacts=(provider,))
    )
    made = translated([constraint], Form.ML_2_1).artefacts[0]
    assert isinstance(made, ContentConstraint)
    assert made.attachment == ConstraintAttachment(artefacts=(g.PROVIDER,))
    a_set = ConstraintAttachment(artefacts=(Urn(Kind.METADATA_SET, "MADE_UP", "SET"),))
    assert "not by a URN" in refusal([replace(constraint, attachment=a_set)], "2.1")


def test_a_key_that_leaves_everything_open_is_refused_in_2_1() -> None:
    keys = (DataKeySet(keys=(DataKey(keys=(g.values("SEX", "%"),)),)),)
    assert "some dimension at least" in refusal([replace(g.DATA_CONSTRAINT, key_sets=keys)], "2.1")
