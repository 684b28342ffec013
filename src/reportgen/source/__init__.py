"""Source files with positions: each reader gives data, where it stands, and what is wrong with it."""
