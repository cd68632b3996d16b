"""Strategies for every kind of artefact: :data:`ARTEFACTS`, by kind, each for a form. Item schemes, structures and flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from structures_strategies import (
    BASIC,
    SIMPLE,
    Strategy,
    filled,
    fixed_id,
    items,
    lists_of,
    name_or_id,
    of,
    representations,
    strategy,
    times,
)
from structures_values import (
    addresses,
    ids,
    maybe_texts,
    names,
    nested_ids,
    optional,
    several,
    things,
    urns,
    words,
)

from sdmx_gateway.structures import model as m
from sdmx_gateway.structures.codec.form import JSON, OF_2_1, OF_3, XML, Form
from sdmx_gateway.structures.model import Attachment, DataType, Kind, Relationship, Representation

ARTEFACTS: dict[Kind, Callable[[Form], Strategy]] = {}


def artefact(cls: Any) -> Callable[[Callable[[Form], Strategy]], Callable[[Form], Strategy]]:
    """Say how a kind of artefact is drawn."""

    def said(function: Callable[[Form], Strategy]) -> Callable[[Form], Strategy]:
        ARTEFACTS[cls.KIND] = function
        return function

    return said


@strategy(m.Contact)
def contacts(form: Form) -> Strategy:
    mails = st.sampled_from(["a@b.c", "statistics@interieur.gouv.fr"])
    return filled(
        m.Contact,
        form,
        uris=st.lists(addresses(form), max_size=2).map(tuple),
        emails=st.lists(mails if form in JSON else words, max_size=2).map(tuple),
    )


def organisations(scheme: Any, item: type, own_id: str | None, *, parents: bool = False) -> None:
    def drawn(form: Form) -> Strategy:
        inside = items(item, form, names if item is m.Agency else ids, with_parents=parents)
        if own_id is not None:
            return filled(scheme, form, items=inside, **fixed_id(scheme.KIND, own_id, form))
        version = {"version": st.just("1.0")} if form in OF_3 else {}
        return filled(scheme, form, items=inside, **version)

    artefact(scheme)(drawn)


organisations(m.AgencyScheme, m.Agency, "AGENCIES")
organisations(m.DataProviderScheme, m.DataProvider, "DATA_PROVIDERS")
organisations(m.DataConsumerScheme, m.DataConsumer, "DATA_CONSUMERS")
organisations(m.MetadataProviderScheme, m.MetadataProvider, "METADATA_PROVIDERS")
organisations(m.OrganisationUnitScheme, m.OrganisationUnit, None, parents=True)


@strategy(m.CodelistExtension)
def extensions(form: Form) -> Strategy:
    in_xml = st.text("ABab01_@$%", min_size=1, max_size=4)
    plainly = in_xml if form in XML else ids
    cascade = st.none() | st.sampled_from(m.Cascade)
    codes = several(st.builds(m.SelectedCode, plainly, cascade), least=1)
    if form in JSON:
        patterns = several(st.builds(m.SelectedCode, ids.map(lambda text: f"{text}%")), most=2)
        codes = st.tuples(patterns, codes).map(lambda parts: (*parts[0], *parts[1]))
    none = st.just(())
    ways = [(none, none), (codes, none), (none, codes)]
    return st.one_of(
        filled(m.CodelistExtension, form, codelist=urns(form, Kind.CODELIST), inclusive=one, exclusive=other)
        for one, other in ways
    )


@artefact(m.Codelist)
def codelists(form: Form) -> Strategy:
    return filled(m.Codelist, form, id=names, items=items(m.Code, form, ids, with_parents=True))


@artefact(m.GeographicCodelist)
def geographic_codelists(form: Form) -> Strategy:
    return filled(m.GeographicCodelist, form, id=names, items=items(m.GeoFeatureSetCode, form, ids, with_parents=True))


@artefact(m.GeoGridCodelist)
def grids(form: Form) -> Strategy:
    inside = items(m.GeoGridCode, form, ids, with_parents=True)
    return filled(m.GeoGridCodelist, form, id=names, items=inside, grid=words if form in XML else optional(words))


@strategy(m.ValueItem)
def value_items(form: Form) -> Strategy:
    return filled(m.ValueItem, form, id=words, names=maybe_texts)


@artefact(m.ValueList)
def value_lists(form: Form) -> Strategy:
    inside = several(of(m.ValueItem, form), by=lambda item: item.id)
    return filled(m.ValueList, form, id=name_or_id(form), items=inside)


@artefact(m.ConceptScheme)
def concept_schemes(form: Form) -> Strategy:
    core = optional(representations(form, BASIC, lists_of(form), inherits=False, occurs=True))
    texts_of_iso = names if form is Form.JSON_1_0 else words
    iso = optional(st.builds(m.IsoConcept, agency=texts_of_iso, scheme=texts_of_iso, concept=texts_of_iso))
    inside = items(m.Concept, form, names, with_parents=True, representation=core, iso=iso)
    return filled(m.ConceptScheme, form, id=names, items=inside)


def tree(cls: type, form: Form, depth: int, **given: Strategy) -> Strategy:
    """Categories inside categories."""
    below = several(tree(cls, form, depth - 1, **given), by=lambda each: each.id) if depth else st.just(())
    return filled(cls, form, categories=below, **given)


@artefact(m.CategoryScheme)
def category_schemes(form: Form) -> Strategy:
    return filled(
        m.CategoryScheme, form, id=names, categories=several(tree(m.Category, form, 1), by=lambda each: each.id)
    )


@artefact(m.Categorisation)
def categorisations(form: Form) -> Strategy:
    both = filled(m.Categorisation, form, source=things(form), target=urns(form, Kind.CATEGORY_SCHEME, item=nested_ids))
    return both | filled(m.Categorisation, form, source=st.none(), target=st.none())


@artefact(m.ReportingTaxonomy)
def taxonomies(form: Form) -> Strategy:
    structures = several(urns(form, Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE))
    flows = several(urns(form, Kind.DATAFLOW, Kind.METADATAFLOW))
    none = st.just(())
    category = st.one_of(
        tree(m.ReportingCategory, form, 1, structures=structures, flows=none),
        tree(m.ReportingCategory, form, 0, structures=none, flows=flows),
    )
    return filled(m.ReportingTaxonomy, form, categories=several(category, by=lambda each: each.id))


def concept_urns(form: Form) -> Strategy:
    return urns(form, Kind.CONCEPT_SCHEME, item=ids)


def component(cls: type, form: Form, own_id: str, values: Strategy, **given: Strategy) -> Strategy:
    roles = several(concept_urns(form))
    fields = {"roles": roles, **given}
    return filled(cls, form, id=st.just(own_id), concept=concept_urns(form), representation=values, **fields)


def dimension_values(form: Form) -> Strategy:
    return representations(form, SIMPLE, (Kind.CODELIST,), is_dimension=True)


@st.composite
def dimensions(draw: st.DrawFn, form: Form, own_ids: list[str]) -> tuple[m.Dimension, ...]:
    is_time = st.just(False)
    made = [draw(component(m.Dimension, form, own_id, dimension_values(form), is_time=is_time)) for own_id in own_ids]
    if form in OF_2_1 and draw(st.booleans()):
        of_concepts = st.builds(Representation, codelist=urns(form, Kind.CONCEPT_SCHEME))
        made.insert(0, draw(component(m.Dimension, form, "MEASURES", of_concepts, is_time=is_time)))
    if draw(st.booleans()):
        no_roles = {"roles": st.just(()), "is_time": st.just(True)}
        made.append(draw(component(m.Dimension, form, "TIME_PERIOD", times(form), **no_roles)))
    return tuple(made)


def relationships(form: Form, named: list[str], groups: list[str]) -> Strategy:
    keys = several(st.sampled_from(named), least=1, most=3)
    either = [
        st.just(Relationship(Attachment.DATASET)),
        st.just(Relationship(Attachment.OBSERVATION)),
        *(st.just(Relationship(Attachment.GROUP, group=group)) for group in groups),
    ]
    if form in OF_2_1:
        asides = [st.just(()), *([several(st.sampled_from(groups), least=1, most=2)] if groups else [])]
        return st.one_of(
            *either,
            *(
                st.builds(Relationship, st.just(Attachment.DIMENSIONS), keys, attachment_groups=aside)
                for aside in asides
            ),
        )

    def some_optional(key: tuple[str, ...]) -> Strategy:
        chosen = st.sets(st.sampled_from(key)).map(lambda names: tuple(name for name in key if name in names))
        return st.builds(Relationship, st.just(Attachment.DIMENSIONS), st.just(key), optional=chosen)

    return st.one_of(*either, keys.flatmap(some_optional))


@st.composite
def data_structures(draw: st.DrawFn, form: Form) -> m.DataStructure:
    taken = {"TIME_PERIOD", "OBS_VALUE", "MEASURES", "REPORTING_YEAR_START_DAY", "M2", "G0", "G1"}
    own_ids = draw(st.lists(names.filter(lambda name: name not in taken), unique=True, min_size=1, max_size=5))
    cut = draw(st.integers(1, max(1, len(own_ids) // 2)) | st.just(len(own_ids)))
    made = draw(dimensions(form, own_ids[:cut]))
    named = [dimension.id for dimension in made]
    constraint = urns(form, Kind.ATTACHMENT_CONSTRAINT)
    group_ids = [f"G{number}" for number in range(draw(st.integers(0, 2)))]
    no_constraint = {"dimensions": several(st.sampled_from(named), least=1), "attachment_constraint": st.none()}
    groups = [draw(filled(m.Group, form, id=st.just(group), **no_constraint)) for group in group_ids]
    if form in OF_2_1 and draw(st.booleans()):
        groups.append(
            draw(filled(m.Group, form, id=st.just("GC"), dimensions=st.just(()), attachment_constraint=constraint))
        )
    values = representations(form, BASIC if form in OF_3 else SIMPLE, lists_of(form), occurs=True)
    measure_ids = ["OBS_VALUE"] if form in OF_2_1 else ["OBS_VALUE", "M2"][: draw(st.integers(0, 2))]
    measures = [draw(component(m.Measure, form, measure, values)) for measure in measure_ids]
    related = relationships(form, named, [group.id for group in groups])
    about = several(st.sampled_from(measure_ids)) if measure_ids else st.just(())
    attributes = [
        draw(component(m.Attribute, form, own_id, values, relationship=related, measures=about))
        for own_id in own_ids[cut:]
    ]
    if draw(st.booleans()):
        month_day = st.just(Representation(data_type=DataType.MONTH_DAY))
        more = {"relationship": related, "measures": about, "roles": st.just(())}
        start = draw(component(m.Attribute, form, "REPORTING_YEAR_START_DAY", month_day, **more))
        attributes.insert(0, start)
    usage = filled(m.MetadataAttributeUsage, form, metadata_attribute=names, relationship=related)
    if form in XML:
        usage = usage.filter(lambda each: len(each.links) < 2)
    return draw(
        filled(
            m.DataStructure,
            form,
            dimensions=st.just(made),
            groups=st.just(tuple(groups)),
            measures=st.just(tuple(measures)),
            attributes=st.just(tuple(attributes)),
            metadata_usages=st.lists(usage, max_size=2).map(tuple),
            metadata=optional(urns(form, Kind.METADATA_STRUCTURE)),
            is_external_reference=st.just(False),
        )
    )


@artefact(m.DataStructure)
def structures_or_stubs(form: Form) -> Strategy:
    nothing = {name: st.just(()) for name in ("dimensions", "groups", "measures", "attributes", "metadata_usages")}
    stub = filled(m.DataStructure, form, **nothing, metadata=st.none(), is_external_reference=st.just(True))
    return data_structures(form) | stub


@artefact(m.Dataflow)
def dataflows(form: Form) -> Strategy:
    return filled(m.Dataflow, form, structure=optional(urns(form, Kind.DATA_STRUCTURE)), dimensions=several(names))
