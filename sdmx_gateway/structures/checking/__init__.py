"""Whether artefacts hold together: :mod:`.integrity` begins."""
