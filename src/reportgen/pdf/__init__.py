"""From laid-out pages to a checked file: one small module a standard."""
