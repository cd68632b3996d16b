"""A recipient's module as an SDMX 3.0 structure message: structure maps and the representation maps they use.

What the standard can say is said in its words: constants are fixed values, copies and code tables component maps, code tables
representation maps. What it cannot say (roll-ups, complete sets, statuses that follow from relations) stands in annotations of the
structure map, so that nobody takes the map for the whole module. Element order: SDMXStructureStructureMappings.xsd of SDMX 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from lxml import etree

from sdmx_gateway.errors import MappingError, Where
from sdmx_gateway.mapping.module import FILE, Module
from sdmx_gateway.mapping.spec import LEFT_OUT, FlowSource, Rule
from sdmx_gateway.structures import Catalogue, Header
from sdmx_gateway.structures.model import Component, Text

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
_MES, _STR, _COM = (f"{{{_BASE}/{part}}}" for part in ("message", "structure", "common"))
_NAMESPACES: Final = {part[:3]: f"{_BASE}/{part}" for part in ("message", "structure", "common")}
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_URN: Final = "urn:sdmx:org.sdmx.infomodel.structuremapping"


def structure_map(module: Module, catalogue: Catalogue, header: Header) -> bytes:
    """The module as an SDMX-ML 3.0 structure message.

    Raises:
        MappingError: the module is fed from files, for which the standard has no words.
    """
    if not module.spec.flows:
        raise MappingError(
            f"{module.name} is fed from files",
            where=Where(file=f"{module.name}/{FILE}"),
            why="an SDMX structure map goes from one dataflow to another",
            remedy="export a module that is fed from a dataflow: sdmx-gateway mappings list",
        )
    root = etree.Element(f"{_MES}Structure", nsmap=_NAMESPACES)
    _header(root, header)
    structures = etree.SubElement(root, f"{_MES}Structures")
    representations = etree.SubElement(structures, f"{_STR}RepresentationMaps")
    maps = etree.SubElement(structures, f"{_STR}StructureMaps")
    agency = module.spec.module.urn.agency
    for number, source in enumerate(module.spec.flows, 1):
        ident = module.spec.module.id if len(module.spec.flows) == 1 else f"{module.spec.module.id}_{number}"
        element = _maintained(
            maps, "StructureMap", agency, ident, module.spec.module.names, list(_unsaid(module, source))
        )
        _add(element, "Source", str(source.urn))
        _add(element, "Target", str(module.spec.module.urn))
        _component_maps(element, representations, module, source, ident, catalogue)
    if not len(representations):
        structures.remove(representations)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _header(root: etree._Element, header: Header) -> None:
    element = etree.SubElement(root, f"{_MES}Header")
    for name, text in (
        ("ID", header.id),
        ("Test", str(header.test).lower()),
        ("Prepared", header.prepared.isoformat()),
    ):
        etree.SubElement(element, f"{_MES}{name}").text = text
    etree.SubElement(element, f"{_MES}Sender", id=header.sender)


def _maintained(
    parent: etree._Element, kind: str, agency: str, ident: str, names: Text, remarks: list[str]
) -> etree._Element:
    urn = f"{_URN}.{kind}={agency}:{ident}(1.0)"
    element = etree.SubElement(parent, f"{_STR}{kind}", id=ident, agencyID=agency, version="1.0", urn=urn)
    if remarks:
        annotations = etree.SubElement(element, f"{_COM}Annotations")
        for remark in remarks:
            annotation = etree.SubElement(annotations, f"{_COM}Annotation")
            etree.SubElement(annotation, f"{_COM}AnnotationType").text = "NOT_EXPRESSED"
            etree.SubElement(annotation, f"{_COM}AnnotationText", {_LANG: "en"}).text = remark
    for language, text in names:
        etree.SubElement(element, f"{_COM}Name", {_LANG: language}).text = text
    return element


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{_STR}{name}")
    element.text = text
    return element


def _component_maps(
    element: etree._Element,
    representations: etree._Element,
    module: Module,
    source: FlowSource,
    ident: str,
    catalogue: Catalogue,
) -> None:
    from_structure = catalogue.structure_of(catalogue.dataflow(source.urn)).components
    to_structure = catalogue.structure_of(catalogue.dataflow(module.spec.module.urn)).components
    rules = module.spec.rules_for(source)
    for target, rule in rules.items():
        if not rule.columns or any(column.startswith("@") for column in rule.columns) or rule.pattern is not None:
            continue
        one = etree.SubElement(element, f"{_STR}ComponentMap")
        for column in rule.columns:
            _add(one, "Source", column)
        _add(one, "Target", target)
        if rule.codes is not None:
            name = f"{ident}_{target}"
            urn = _representation(
                representations, module, rule, name, [from_structure[c] for c in rule.columns], to_structure[target]
            )
            _add(one, "RepresentationMap", urn)
    for target, rule in rules.items():
        if rule.constant is not None:
            fixed = etree.SubElement(element, f"{_STR}FixedValueMap")
            _add(fixed, "Target", target)
            _add(fixed, "Value", rule.constant)


def _representation(
    parent: etree._Element, module: Module, rule: Rule, name: str, sources: list[Component], target: Component
) -> str:
    assert rule.codes is not None
    table = module.codes[rule.codes, ("source",) if len(rule.columns) == 1 else rule.columns]
    left_out = table.frame.filter(pl.col("relation") == LEFT_OUT)
    remarks = [
        f"left out: {' / '.join(row[:-1])}: {row[-1]}" for row in left_out.select(*table.keys, "note").iter_rows()
    ]
    agency = module.spec.module.urn.agency
    element = _maintained(
        parent, "RepresentationMap", agency, name, Text.of(en=f"{', '.join(rule.columns)} to {target.id}"), remarks
    )
    for side, components in (("Source", sources), ("Target", [target])):
        for component in components:
            codelist = component.representation.codelist
            if codelist is not None:
                _add(element, f"{side}Codelist", str(codelist))
            else:
                _add(element, f"{side}DataType", component.representation.data_type.value)
    for row in (
        table.frame.filter(pl.col("relation") != LEFT_OUT).select(*table.keys, "target", "relation", "note").iter_rows()
    ):
        *keys, code, relation, note = row
        mapping = etree.SubElement(element, f"{_STR}RepresentationMapping")
        annotation = etree.SubElement(etree.SubElement(mapping, f"{_COM}Annotations"), f"{_COM}Annotation")
        etree.SubElement(annotation, f"{_COM}AnnotationType").text = "RELATION"
        etree.SubElement(annotation, f"{_COM}AnnotationText", {_LANG: "en"}).text = (
            f"{relation}: {note}" if note else relation
        )
        for key in keys:
            _add(mapping, "SourceValue", key)
        _add(mapping, "TargetValue", code)
    return f"{_URN}.RepresentationMap={agency}:{name}(1.0)"


def _unsaid(module: Module, source: FlowSource) -> Iterator[str]:
    """What the module does that a structure map has no words for."""
    spec = module.spec
    for name, patterns in source.where.items():
        yield f"only {name} {', '.join(patterns)}: {source.because}"
    for declared in spec.complete:
        ((column, parts),) = declared.parts.items()
        yield f"{declared.component} {declared.target} only where {column} {', '.join(parts)} are all present: {declared.because}"
    if spec.aggregate is not None:
        yield f"observations of one key are summed: {spec.aggregate.because}"
    for rollup in spec.rollup:
        yield f"{rollup.dimension} is rolled up from {', '.join(rollup.base)} along its code list: {rollup.because}"
    for target, rule in spec.rules_for(source).items():
        if (
            rule.lookup is not None
            or rule.note_of is not None
            or rule.pattern is not None
            or any(c.startswith("@") for c in rule.columns)
        ):
            words = rule.model_dump(by_alias=True, exclude_defaults=True)
            yield f"{target} follows a rule of the module: {', '.join(f'{k} = {v}' for k, v in words.items())}"
