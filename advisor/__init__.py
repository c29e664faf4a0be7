"""The living guide to exporting used vehicles from China."""
