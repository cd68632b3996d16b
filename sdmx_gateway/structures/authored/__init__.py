"""``dsd/`` as it is authored, in TOML and CSV, read into artefacts: :mod:`.loading` begins; each other module reads one kind of file."""
