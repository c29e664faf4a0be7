"""Finds what the guide says, in either language, whichever of the two a question is put in."""
