"""How a language writes, and what it says."""
