"""Processes (SDMXStructureProcess)."""

from __future__ import annotations

from typing import Final

from sdmx_gateway.structures.codec.artefacts.common import (
    ANNOTATIONS,
    NAMEABLE,
    OPTIONALLY_IDENTIFIED,
    maintainable,
)
from sdmx_gateway.structures.codec.description import STRUCTURE, Description
from sdmx_gateway.structures.codec.form import EVERY
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.references import Local, Reference
from sdmx_gateway.structures.codec.rules import no_two
from sdmx_gateway.structures.codec.scalar import ID, NESTED_ID
from sdmx_gateway.structures.codec.singles import Attr, Texts
from sdmx_gateway.structures.model import process as m

_LOCAL_ID: Final = Attr(field="local_id", name="localID", json="localID", scalar=ID)
ARTEFACT: Final = Description(
    m.ProcessArtefact,
    (_LOCAL_ID, ANNOTATIONS, Reference(field="artefact", name="ObjectReference", json="objectReference")),
)
COMPUTATION: Final = Description(
    m.Computation,
    (
        _LOCAL_ID,
        Attr(field="package", name="softwarePackage", json="softwarePackage"),
        Attr(field="language", name="softwareLanguage", json="softwareLanguage"),
        Attr(field="version", name="softwareVersion", json="softwareVersion"),
        ANNOTATIONS,
        Texts(field="descriptions", name="Description", json="descriptions", best="description", needed=EVERY),
    ),
)
TRANSITION: Final = Description(
    m.Transition,
    (
        *OPTIONALLY_IDENTIFIED,
        _LOCAL_ID,
        Local(field="target", name="TargetStep", json="targetStep", scalar=NESTED_ID),
        Texts(field="conditions", name="Condition", json="conditions", best="condition", space=STRUCTURE, needed=EVERY),
    ),
)
STEP: Final[Description] = Description(
    m.ProcessStep,
    (
        *NAMEABLE,
        Nested(field="inputs", variants=(Variant("Input", "inputs", ARTEFACT),), many=True),
        Nested(field="outputs", variants=(Variant("Output", "outputs", ARTEFACT),), many=True),
        Nested(field="computation", variants=(Variant("Computation", "computation", COMPUTATION),)),
        Nested(field="transitions", variants=(Variant("Transition", "transitions", TRANSITION),), many=True),
        Nested(field="steps", variants=(Variant("ProcessStep", "processSteps", lambda: STEP),), many=True),
    ),
    rules=(no_two("steps"),),
)
PROCESS: Final = Description(
    m.Process,
    (*maintainable(), Nested(field="steps", variants=(Variant("ProcessStep", "processSteps", STEP),), many=True)),
    rules=(no_two("steps"),),
)
