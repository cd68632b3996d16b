"""Processes (SDMX 3.1 Section 2, §10)."""

from __future__ import annotations

from dataclasses import dataclass

from sdmx_gateway.structures.model.base import Annotable, Maintainable, Nameable, OptionallyIdentified, Text
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessArtefact(Annotable):
    """What a step takes or gives."""

    artefact: Urn
    local_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation(Annotable):
    """How a step does what it does, in words, and with which software."""

    descriptions: Text
    local_id: str | None = None
    package: str | None = None
    language: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(OptionallyIdentified):
    """The step that follows where a condition holds."""

    target: str
    conditions: Text
    local_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStep(Nameable):
    """A step, with those it is made of."""

    inputs: tuple[ProcessArtefact, ...] = ()
    outputs: tuple[ProcessArtefact, ...] = ()
    computation: Computation | None = None
    transitions: tuple[Transition, ...] = ()
    steps: tuple[ProcessStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Process(Maintainable):
    """A process."""

    KIND = Kind.PROCESS

    steps: tuple[ProcessStep, ...] = ()
