"""What changed between two states of artefacts, how much it changes, and what the next version has to be."""
