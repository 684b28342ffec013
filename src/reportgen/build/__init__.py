"""From a project to its checked output files."""
