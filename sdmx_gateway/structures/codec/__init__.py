"""Reading and writing artefacts in every SDMX format, from one description of each.

A description (:mod:`.description`) lists the parts of a class: what each is called in XML and in JSON, in which forms it exists,
and what kind of part it is. Four walks over it, to and from XML and JSON, are all the code there is; what a form cannot
say of an artefact is what its description has no part for there.
"""
