"""Strategies for the other kinds of artefacts: hierarchies, metadata, constraints, maps, processes, VTL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from structures_artefacts import ARTEFACTS, artefact, concept_urns
from structures_strategies import BASIC, Strategy, data_types, facets, filled, of, representations, strategy, times
from structures_values import (
    addresses,
    days,
    ids,
    languages,
    maybe_words,
    names,
    nested_ids,
    optional,
    periods,
    several,
    standard_periods,
    texts,
    things,
    urns,
    whole,
    words,
    written_moments,
)

from sdmx_gateway.structures import model as m
from sdmx_gateway.structures.codec.artefacts.metadata import OBJECT_TYPES
from sdmx_gateway.structures.codec.form import JSON, OF_2_1, OF_3, OF_3_1, XML, Form
from sdmx_gateway.structures.model import DataType, Kind, Representation, TargetKind
from sdmx_gateway.structures.model.maps import SetMapKind

__all__ = ["ARTEFACTS"]
NONE = st.just(())


def one_each(of_them: Strategy, *, least: int = 0) -> Strategy:
    """A few with ids of their own."""
    return several(of_them, least=least, by=lambda each: each.id)


@strategy(m.Level)
def levels(form: Form) -> Strategy:
    positive = {
        name: optional(st.integers(1, 9).map(Decimal))
        for name in ("start_value", "end_value", "min_value", "max_value")
    }
    some = facets(form, multilingual=False, coded=True)
    untimed = {name: st.none() for name in ("time_interval", "start_time", "end_time")}
    kinds = st.sampled_from([DataType.STRING, DataType.ALPHA, DataType.ALPHANUMERIC, DataType.NUMERIC])
    coding = st.builds(Representation, data_type=kinds, **{**some, **positive, **untimed})
    bottom = filled(m.Level, form, coding=optional(coding), below=st.none())
    return filled(m.Level, form, coding=optional(coding), below=optional(bottom))


def hierarchical_codes(form: Form, depth: int) -> Strategy:
    below = one_each(hierarchical_codes(form, depth - 1)) if depth else NONE
    codes = urns(form, Kind.CODELIST, item=ids)
    more: dict[str, Strategy] = {"codes": below, "level": optional(ids)}
    if form in OF_2_1:
        more["code_version"] = optional(st.sampled_from(["1.0", "2"]))
    by_urn = filled(m.HierarchicalCode, form, code=codes, alias=st.none(), code_id=st.none(), **more)
    if form in OF_3:
        return by_urn
    return by_urn | filled(m.HierarchicalCode, form, code=st.none(), alias=ids, code_id=ids, **more)


def all_ids(hierarchy: Any) -> tuple[list[str], list[str]]:
    """Ids of all codes and of all levels of a hierarchy."""
    waiting, codes, levels_found, level = list(hierarchy.codes), [], [], hierarchy.level
    while waiting:
        code = waiting.pop()
        codes.append(code.id)
        waiting += code.codes
    while level is not None:
        levels_found.append(level.id)
        level = level.below
    return codes, levels_found


def tells_apart(hierarchy: Any) -> bool:
    """No id twice among codes or levels."""
    return all(len(set(found)) == len(found) for found in all_ids(hierarchy))


@artefact(m.Hierarchy)
def hierarchies(form: Form) -> Strategy:
    codes = one_each(hierarchical_codes(form, 1), least=1 if form in XML else 0)
    return filled(m.Hierarchy, form, codes=codes).filter(tells_apart)


@artefact(m.HierarchyAssociation)
def associations(form: Form) -> Strategy:
    hierarchy, linked = urns(form, Kind.HIERARCHY), things(form)
    if form in JSON:
        hierarchy, linked = optional(hierarchy), optional(linked)
    return filled(m.HierarchyAssociation, form, hierarchy=hierarchy, linked=linked, context=optional(things(form)))


@artefact(m.HierarchicalCodelist)
def hierarchical_codelists(form: Form) -> Strategy:
    included = st.builds(m.IncludedCodelist, codelist=urns(form, Kind.CODELIST), alias=optional(ids))
    lists = st.lists(included, max_size=2, unique_by=lambda each: each.alias or each.codelist.id).map(tuple)
    if form in JSON:
        lists = lists.filter(lambda all_of_them: all(each.alias != each.codelist.id for each in all_of_them))
    inner = filled(m.InnerHierarchy, form, codes=one_each(hierarchical_codes(form, 1), least=1)).filter(tells_apart)
    return filled(m.HierarchicalCodelist, form, codelists=lists, hierarchies=one_each(inner))


def metadata_attributes(form: Form, depth: int) -> Strategy:
    below = one_each(metadata_attributes(form, depth - 1)) if depth else NONE
    return filled(
        m.MetadataAttribute,
        form,
        id=names,
        concept=concept_urns(form),
        representation=representations(form, BASIC, (Kind.CODELIST,)),
        max_occurs=optional(whole),
        attributes=below,
    )


TARGETS = {
    TargetKind.KEY: ("DIMENSION_DESCRIPTOR_VALUES_TARGET", DataType.KEY_VALUES),
    TargetKind.DATA_SET: ("DATA_SET_TARGET", DataType.DATA_SET_REFERENCE),
    TargetKind.CONSTRAINT: ("CONSTRAINT_CONTENT_TARGET", DataType.ATTACHMENT_CONSTRAINT_REFERENCE),
}


def target_objects(form: Form) -> Strategy:
    """What metadata is about, in the order of the kinds: SDMX-JSON 1.0 has a list for each."""
    bare = [
        filled(
            m.TargetObject,
            form,
            id=st.just(own_id),
            kind=st.just(kind),
            representation=st.just(Representation(data_type=data_type)),
            object_type=st.none(),
        )
        for kind, (own_id, data_type) in TARGETS.items()
    ]
    period = filled(
        m.TargetObject,
        form,
        id=st.just("REPORT_PERIOD_TARGET"),
        kind=st.just(TargetKind.REPORT_PERIOD),
        representation=times(form),
        object_type=st.none(),
    )
    schemes = st.builds(Representation, codelist=urns(form, Kind.CODELIST, Kind.CATEGORY_SCHEME, Kind.AGENCY_SCHEME))
    found = filled(
        m.TargetObject,
        form,
        id=names.filter(lambda name: not name.endswith("TARGET")),
        kind=st.just(TargetKind.OBJECT),
        representation=st.just(Representation(data_type=DataType.IDENTIFIABLE_REFERENCE)) | schemes,
        object_type=st.sampled_from(sorted(OBJECT_TYPES)),
    )
    order = list(TargetKind)
    return st.lists(st.one_of(*bare, period, found), min_size=1, max_size=3, unique_by=lambda each: each.id).map(
        lambda drawn: tuple(sorted(drawn, key=lambda each: order.index(each.kind)))
    )


@artefact(m.MetadataStructure)
def metadata_structures(form: Form) -> Strategy:
    if form in OF_3:
        return filled(m.MetadataStructure, form, attributes=one_each(metadata_attributes(form, 2)))
    target = filled(m.MetadataTarget, form, objects=target_objects(form))
    attributes = one_each(metadata_attributes(form, 1), least=1)
    report = filled(m.ReportStructure, form, attributes=attributes, targets=several(ids, least=1))
    full = filled(m.MetadataStructure, form, targets=one_each(target, least=1), reports=one_each(report, least=1))
    return full | filled(m.MetadataStructure, form, targets=NONE, reports=NONE)


def patterns(form: Form, least: int = 0) -> Strategy:
    """References to artefacts, some of which mean all there are."""
    version = st.just("*")
    every = st.builds(m.Urn, st.just(Kind.DATAFLOW), st.just("*"), st.just("*"), version)
    some = st.builds(m.Urn, st.just(Kind.DATA_STRUCTURE), names, st.just("*"), version)
    return several(every | some | things(form), least=least)


@artefact(m.Metadataflow)
def metadataflows(form: Form) -> Strategy:
    structure = optional(urns(form, Kind.METADATA_STRUCTURE))
    return filled(m.Metadataflow, form, structure=structure, targets=patterns(form, 1 if form in XML & OF_3 else 0))


def ends(form: Form, flow: Strategy, provider: Strategy, *, can_lack: bool) -> dict[str, Strategy]:
    return {"flow": optional(flow) if can_lack else flow, "provider": optional(provider) if can_lack else provider}


@artefact(m.ProvisionAgreement)
def agreements(form: Form) -> Strategy:
    kinds = (Kind.DATAFLOW, Kind.METADATAFLOW) if form in OF_2_1 else (Kind.DATAFLOW,)
    provider = urns(form, Kind.DATA_PROVIDER_SCHEME, item=ids)
    return filled(m.ProvisionAgreement, form, **ends(form, urns(form, *kinds), provider, can_lack=form in JSON & OF_3))


@artefact(m.MetadataProvisionAgreement)
def metadata_agreements(form: Form) -> Strategy:
    provider = urns(form, Kind.METADATA_PROVIDER_SCHEME, item=ids)
    both = ends(form, urns(form, Kind.METADATAFLOW), provider, can_lack=form in JSON)
    return filled(m.MetadataProvisionAgreement, form, **both, targets=patterns(form))


PERIOD_ENDS = {"valid_from": optional(standard_periods), "valid_to": optional(standard_periods)}


def ranges(form: Form) -> Strategy:
    end = st.builds(m.Boundary, periods, st.booleans())
    lasting = PERIOD_ENDS if form in (XML & OF_3) | OF_3_1 else {}
    return st.one_of(
        st.builds(m.TimeRange, before=end, **lasting),
        st.builds(m.TimeRange, after=end, **lasting),
        st.builds(m.TimeRange, start=end, end=end, **lasting),
    )


def values(form: Form, *, language: bool = True, lasting: bool = True, cascade: bool = True) -> Strategy:
    """Values of a component; those that cascade last, as SDMX-JSON 1.0 has them."""
    new = form in OF_3
    cascades = st.none() | (st.just(m.Cascade.YES) if not new else st.sampled_from(m.Cascade))
    value = st.builds(
        m.SelectedValue,
        value=words,
        cascade=cascades if cascade else st.none(),
        language=optional(languages) if new and language else st.none(),
        **(PERIOD_ENDS if new and lasting else {}),
    )
    drawn = st.lists(value, min_size=1, max_size=3).map(tuple)
    return (
        drawn.map(lambda all_of_them: tuple(sorted(all_of_them, key=lambda each: each.cascade is not None)))
        if not new
        else drawn
    )


def selections(
    form: Form, component: Strategy, chosen: Strategy, *, time: bool, none: bool, lasting: bool = False
) -> Strategy:
    """Values, a range of time, or neither."""
    fields: dict[str, Strategy] = {
        "component": component,
        "is_included": st.just(True) if form is Form.JSON_1_0 else st.booleans(),
        "remove_prefix": optional(st.booleans()) if form in OF_3 else st.none(),
        "objects": NONE,
        "data_sets": NONE,
        "data_keys": NONE,
        **(PERIOD_ENDS if lasting and form in OF_3 else {"valid_from": st.none(), "valid_to": st.none()}),
    }
    ways = [filled(m.MemberSelection, form, values=chosen, time_range=st.none(), **fields)]
    if time:
        ways.append(filled(m.MemberSelection, form, values=NONE, time_range=ranges(form), **fields))
    if none:
        ways.append(filled(m.MemberSelection, form, values=NONE, time_range=st.none(), **fields))
    return st.one_of(ways)


def notes(form: Form) -> dict[str, Strategy]:
    return {"annotations": NONE} if form in OF_2_1 else {}


def component_ids(form: Form) -> Strategy:
    return names if form in OF_2_1 else st.lists(names, min_size=1, max_size=2).map(".".join)


@strategy(m.CubeRegion)
def regions(form: Form) -> Strategy:
    keys = selections(form, names, values(form, language=False), time=True, none=form in JSON, lasting=True)
    components = selections(form, component_ids(form), values(form), time=True, none=True)
    return filled(
        m.CubeRegion,
        form,
        keys=several(keys, by=lambda each: each.component),
        components=several(components, by=lambda each: each.component),
        **notes(form),
    )


def key_selections(form: Form) -> Strategy:
    bare = st.builds(m.SelectedValue, value=words)
    several_values = st.lists(bare, min_size=1, max_size=2 if form in OF_3_1 else 1).map(tuple)
    prefix = optional(st.booleans()) if form in OF_3 else st.none()
    return st.builds(m.MemberSelection, component=names, values=several_values, remove_prefix=prefix)


def data_keys(form: Form) -> Strategy:
    keys = several(key_selections(form), least=1, by=lambda each: each.component)
    if form in OF_2_1:
        return st.builds(m.DataKey, keys=keys)
    components = selections(form, component_ids(form), values(form, lasting=False), time=True, none=True)
    return filled(
        m.DataKey, form, keys=keys, components=several(components, by=lambda each: each.component), **PERIOD_ENDS
    )


@strategy(m.DataKeySet)
def key_sets(form: Form) -> Strategy:
    return st.builds(
        m.DataKeySet, keys=st.lists(data_keys(form), min_size=1, max_size=2).map(tuple), is_included=st.booleans()
    )


def set_references(form: Form) -> Strategy:
    return st.builds(m.SetReference, provider=urns(form, Kind.DATA_PROVIDER_SCHEME, item=ids), id=ids)


def about(form: Form, most: int) -> list[dict[str, Strategy]]:
    """The ways of saying what a target object of SDMX 2.1 is."""
    bare = st.builds(m.SelectedValue, value=words)
    sorts = {
        "values": bare,
        "objects": urns(form, Kind.DATAFLOW, Kind.CODELIST),
        "data_sets": set_references(form),
        "data_keys": data_keys(form),
    }
    return [{name: st.lists(sort, min_size=1, max_size=most).map(tuple)} for name, sort in sorts.items()]


@strategy(m.MetadataKeySet)
def metadata_key_sets(form: Form) -> Strategy:
    selection = st.one_of([st.builds(m.MemberSelection, component=names, **way) for way in about(form, 1)])
    keys = several(selection, least=1, by=lambda each: each.component)
    key = st.builds(m.MetadataKey, report=ids, target=ids, keys=keys)
    return st.builds(m.MetadataKeySet, keys=st.lists(key, min_size=1, max_size=2).map(tuple), is_included=st.booleans())


@strategy(m.MetadataTargetRegion)
def metadata_regions(form: Form) -> Strategy:
    component = st.lists(names, min_size=1, max_size=2).map(".".join)
    components = several(
        selections(form, component, values(form), time=True, none=True), by=lambda each: each.component
    )
    if form in OF_3:
        return filled(
            m.MetadataTargetRegion,
            form,
            components=components,
            target=st.none(),
            report=st.none(),
            keys=NONE,
            **PERIOD_ENDS,
            **({"annotations": NONE} if form in XML else {}),
        )
    included = st.booleans() if form in XML else st.just(True)
    ways = [*about(form, 2), {"time_range": ranges(form)}]
    selection = st.one_of([st.builds(m.MemberSelection, component=names, is_included=included, **way) for way in ways])
    keys = several(selection, by=lambda each: each.component)
    return st.builds(
        m.MetadataTargetRegion, components=components, is_included=st.booleans(), target=ids, report=ids, keys=keys
    )


OLD = (Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATAFLOW, Kind.PROVISION_AGREEMENT)


def attachments(
    form: Form, kinds: tuple[Kind, ...], provider: Kind | None, *, sets: bool, most: int, queryable: bool = True
) -> Strategy:
    """What a constraint is of: artefacts of one class, a provider, sets, sources."""
    source = filled(
        m.QueryableSource, form, url=addresses(form), wsdl=optional(addresses(form)), wadl=optional(addresses(form))
    )
    asking = st.lists(source, max_size=2).map(tuple) if queryable and form not in OF_3_1 else NONE
    ways = [
        st.builds(m.ConstraintAttachment, artefacts=several(urns(form, kind), least=1), queryable_sources=asking)
        for kind in kinds
    ]
    if provider is not None:
        ways.append(st.builds(m.ConstraintAttachment, artefacts=st.tuples(urns(form, provider, item=ids))))
    if form not in OF_3_1:
        simple = several(addresses(form), least=1, most=most)
        ways.append(st.builds(m.ConstraintAttachment, simple_sources=simple))
    if sets:
        several_sets = st.lists(set_references(form), min_size=1, max_size=most).map(tuple)
        ways.append(st.builds(m.ConstraintAttachment, data_sets=several_sets))
        ways.append(st.builds(m.ConstraintAttachment, metadata_sets=several_sets))
    return optional(st.one_of(ways))


def included_or_not(regions: Strategy) -> Strategy:
    """One region that is included, one that is not, at most."""
    return several(regions, by=lambda region: region.is_included)


@artefact(m.DataConstraint)
def data_constraints(form: Form) -> Strategy:
    kinds = (Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.PROVISION_AGREEMENT)
    attached = attachments(form, kinds, Kind.DATA_PROVIDER_SCHEME, sets=False, most=2)
    return filled(m.DataConstraint, form, attachment=attached, regions=included_or_not(of(m.CubeRegion, form)))


@artefact(m.MetadataConstraint)
def metadata_constraints(form: Form) -> Strategy:
    kinds = (Kind.METADATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_PROVISION_AGREEMENT)
    attached = attachments(form, kinds, Kind.METADATA_PROVIDER_SCHEME, sets=False, most=2)
    if form is Form.JSON_2_0:
        reported = several(urns(form, Kind.METADATA_SET), least=1)
        attached |= st.builds(m.ConstraintAttachment, artefacts=reported)
    both = included_or_not(of(m.MetadataTargetRegion, form))
    return filled(m.MetadataConstraint, form, attachment=attached, regions=both)


@strategy(m.ReferencePeriod)
def reference_periods(form: Form) -> Strategy:
    return st.builds(m.ReferencePeriod, start=written_moments, end=written_moments)


@strategy(m.ReleaseCalendar)
def calendars(form: Form) -> Strategy:
    return filled(m.ReleaseCalendar, form)


@artefact(m.ContentConstraint)
def content_constraints(form: Form) -> Strategy:
    attached = attachments(form, OLD, Kind.DATA_PROVIDER_SCHEME, sets=True, most=1)
    return filled(m.ContentConstraint, form, attachment=attached)


@artefact(m.AttachmentConstraint)
def attachment_constraints(form: Form) -> Strategy:
    attached = attachments(form, OLD, None, sets=True, most=2, queryable=False)
    return filled(m.AttachmentConstraint, form, attachment=attached)


MAPPED = (Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATAFLOW)


def both_ends(form: Form, *kinds: Kind) -> dict[str, Strategy]:
    end = urns(form, *kinds) if form in XML else optional(urns(form, *kinds))
    return {"source": end, "target": end}


@strategy(m.ComponentMap)
def component_maps(form: Form) -> Strategy:
    return filled(
        m.ComponentMap,
        form,
        sources=st.lists(ids, min_size=1, max_size=2).map(tuple),
        targets=st.lists(ids, min_size=1, max_size=2).map(tuple),
        representation_map=optional(urns(form, Kind.REPRESENTATION_MAP)),
    )


@strategy(m.FixedValueMap)
def fixed_values(form: Form) -> Strategy:
    return filled(m.FixedValueMap, form, source=ids, target=st.none()) | filled(
        m.FixedValueMap, form, source=st.none(), target=ids
    )


def date_maps(cls: type, form: Form) -> Strategy:
    pairs = st.lists(st.tuples(ids, ids), min_size=1, max_size=2).map(tuple)
    from_dimension = {
        "frequency_dimension": ids,
        "target_frequency": st.none(),
        "mapped_frequencies": st.lists(ids, max_size=2).map(tuple),
    }
    of_its_own = {"frequency_dimension": st.none(), "target_frequency": ids, "mapped_frequencies": NONE}
    return st.one_of([filled(cls, form, components=pairs, **way) for way in (from_dimension, of_its_own)])


@strategy(m.EpochMap)
def epochs(form: Form) -> Strategy:
    return date_maps(m.EpochMap, form)


@strategy(m.DatePatternMap)
def date_patterns(form: Form) -> Strategy:
    return date_maps(m.DatePatternMap, form)


@strategy(m.FrequencyFormat)
def frequency_formats(form: Form) -> Strategy:
    return filled(m.FrequencyFormat, form, frequency=ids)


DATE_MAPS = (("epochs", m.EpochMap), ("date_patterns", m.DatePatternMap))


@artefact(m.StructureMap)
def structure_maps(form: Form) -> Strategy:
    maps = {
        name: st.lists(of(cls, form), max_size=2, unique_by=lambda each: each.id).map(tuple) for name, cls in DATE_MAPS
    }
    return filled(m.StructureMap, form, **both_ends(form, *MAPPED), **maps)


@strategy(m.MappedValue)
def mapped_values(form: Form) -> Strategy:
    return filled(m.MappedValue, form)


DAYS = {"valid_from": optional(days), "valid_to": optional(days)}


@strategy(m.ValueMapping)
def value_mappings(form: Form) -> Strategy:
    sources = st.lists(of(m.MappedValue, form), min_size=1, max_size=2).map(tuple)
    return filled(m.ValueMapping, form, sources=sources, **DAYS)


def spaces(form: Form) -> Strategy:
    listed = st.builds(m.MappedSpace, codelist=urns(form, Kind.CODELIST, Kind.VALUE_LIST))
    typed = st.builds(m.MappedSpace, data_type=data_types(form, frozenset(DataType)))
    return st.lists(listed | typed, min_size=1 if form in XML else 0, max_size=2).map(tuple)


@artefact(m.RepresentationMap)
def representation_maps(form: Form) -> Strategy:
    return filled(m.RepresentationMap, form, sources=spaces(form), targets=spaces(form))


@strategy(m.ItemMap)
def item_maps(form: Form) -> Strategy:
    return filled(m.ItemMap, form, **DAYS)


ORGANISATIONS = (Kind.AGENCY_SCHEME, Kind.DATA_PROVIDER_SCHEME, Kind.DATA_CONSUMER_SCHEME)
for _cls, _kinds in (
    (m.ConceptSchemeMap, (Kind.CONCEPT_SCHEME,)),
    (m.CategorySchemeMap, (Kind.CATEGORY_SCHEME,)),
    (m.OrganisationSchemeMap, (*ORGANISATIONS, Kind.METADATA_PROVIDER_SCHEME)),
    (m.ReportingTaxonomyMap, (Kind.REPORTING_TAXONOMY,)),
):
    artefact(_cls)(lambda form, cls=_cls, kinds=_kinds: filled(cls, form, **both_ends(form, *kinds)))

SET_KINDS = {
    SetMapKind.ORGANISATION: ORGANISATIONS,
    SetMapKind.CATEGORY: (Kind.CATEGORY_SCHEME,),
    SetMapKind.CODELIST: (Kind.CODELIST,),
    SetMapKind.CONCEPT: (Kind.CONCEPT_SCHEME,),
    SetMapKind.REPORTING: (Kind.REPORTING_TAXONOMY,),
    SetMapKind.HYBRID: (Kind.CODELIST, Kind.HIERARCHICAL_CODELIST),
}


@strategy(m.SetItemMap)
def set_item_maps(form: Form) -> Strategy:
    def of_kind(kind: SetMapKind) -> Strategy:
        item = nested_ids if kind is SetMapKind.CATEGORY else ids
        associations = st.lists(filled(m.Association, form, source=item, target=item), min_size=1, max_size=2)
        schemes = urns(form, *SET_KINDS[kind])
        return filled(
            m.SetItemMap, form, kind=st.just(kind), source=schemes, target=schemes, items=associations.map(tuple)
        )

    return st.one_of([of_kind(kind) for kind in SetMapKind])


@strategy(m.SetComponent)
def set_components(form: Form) -> Strategy:
    of_data = st.sampled_from(["Dimension", "TimeDimension", "Attribute", "PrimaryMeasure", "MeasureDimension"])
    return st.builds(m.SetComponent, ids, of_data) | st.builds(m.SetComponent, ids, st.just("MetadataAttribute"), ids)


@strategy(m.SetRepresentation)
def set_representations(form: Form) -> Strategy:
    text = st.builds(Representation, data_type=data_types(form, frozenset(DataType)), **facets(form, multilingual=True))
    pairs = st.lists(st.tuples(words, words), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(m.SetRepresentation, codelist_map=ids),
        st.builds(m.SetRepresentation, to_text=text, to_value=st.sampled_from(["Value", "Name", "Description"])),
        st.builds(m.SetRepresentation, values=pairs),
    )


@strategy(m.SetComponentMap)
def set_component_maps(form: Form) -> Strategy:
    return filled(m.SetComponentMap, form)


@strategy(m.SetStructureMap)
def set_structure_maps(form: Form) -> Strategy:
    mapped = urns(form, *MAPPED)
    components = st.lists(of(m.SetComponentMap, form), min_size=1, max_size=2).map(tuple)
    return filled(m.SetStructureMap, form, source=mapped, target=mapped, components=components)


@artefact(m.StructureSet)
def structure_sets(form: Form) -> Strategy:
    order = list(SetMapKind)
    maps = one_each(of(m.SetItemMap, form)).map(
        lambda drawn: tuple(sorted(drawn, key=lambda each: order.index(each.kind)))
    )
    structures = one_each(of(m.SetStructureMap, form))
    return filled(m.StructureSet, form, related=several(urns(form, *MAPPED)), item_maps=maps, structure_maps=structures)


@strategy(m.ProcessArtefact)
def process_artefacts(form: Form) -> Strategy:
    return filled(m.ProcessArtefact, form, artefact=things(form), local_id=optional(ids))


@strategy(m.Computation)
def computations(form: Form) -> Strategy:
    return filled(m.Computation, form, descriptions=texts, local_id=optional(ids), version=maybe_words)


@strategy(m.Transition)
def transitions(form: Form) -> Strategy:
    return filled(m.Transition, form, target=nested_ids, conditions=texts, local_id=optional(ids))


def steps(form: Form, depth: int) -> Strategy:
    return filled(m.ProcessStep, form, steps=one_each(steps(form, depth - 1)) if depth else NONE)


@artefact(m.Process)
def processes(form: Form) -> Strategy:
    return filled(m.Process, form, steps=one_each(steps(form, 1)))


def vtl(scheme: Any, item: type, *, has_version: bool = True, **references: tuple[Kind, bool]) -> None:
    """A VTL scheme: its items, and the schemes it draws on, one or several."""

    def drawn(form: Form) -> Strategy:
        said: dict[str, Strategy] = {
            name: several(urns(form, kind)) if many else optional(urns(form, kind))
            for name, (kind, many) in references.items()
        }
        if has_version:
            said["vtl_version"] = words if form in XML else maybe_words
        inside = filled(item, form, parent=st.none()) if item is not m.VtlMapping else vtl_mappings(form)
        listed = one_each(inside)
        if item is m.VtlMapping:
            listed = listed.filter(lambda drawn: len({each.alias for each in drawn}) == len(drawn))
        return filled(scheme, form, items=listed, **said)

    artefact(scheme)(drawn)


def vtl_mappings(form: Form) -> Strategy:
    space = filled(m.VtlSpace, form, keys=several(names))
    flow = filled(
        m.VtlMapping,
        form,
        parent=st.none(),
        artefact=optional(urns(form, Kind.DATAFLOW)),
        to_vtl=optional(space),
        from_vtl=optional(space),
    )
    others = urns(form, Kind.CODELIST) | concept_urns(form)
    if form in OF_2_1:
        others |= urns(form, Kind.CONCEPT_SCHEME)
    other = filled(m.VtlMapping, form, parent=st.none(), artefact=others, to_vtl=st.none(), from_vtl=st.none())
    return flow | other


MAPPINGS = (Kind.VTL_MAPPING_SCHEME, False)
RULESETS = (Kind.RULESET_SCHEME, True)
vtl(
    m.TransformationScheme,
    m.Transformation,
    mapping_scheme=MAPPINGS,
    name_scheme=(Kind.NAME_PERSONALISATION_SCHEME, False),
    type_scheme=(Kind.CUSTOM_TYPE_SCHEME, False),
    ruleset_schemes=RULESETS,
    operator_schemes=(Kind.USER_DEFINED_OPERATOR_SCHEME, True),
)
vtl(m.RulesetScheme, m.Ruleset, mapping_scheme=MAPPINGS)
vtl(m.UserDefinedOperatorScheme, m.UserDefinedOperator, mapping_scheme=MAPPINGS, ruleset_schemes=RULESETS)
vtl(m.CustomTypeScheme, m.CustomType)
vtl(m.NamePersonalisationScheme, m.NamePersonalisation)
vtl(m.VtlMappingScheme, m.VtlMapping, has_version=False)
