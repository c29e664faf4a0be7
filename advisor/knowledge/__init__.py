"""What the guide knows: read from files, checked, compiled into one read-only artefact, opened."""
