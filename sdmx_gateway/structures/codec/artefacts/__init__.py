"""The descriptions of every artefact, after the official schemas: SDMXStructure*.xsd and sdmx-json-structure-schema.json."""
