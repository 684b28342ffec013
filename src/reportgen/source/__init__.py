"""Source files with positions: each reader gives data, its places, and what is wrong with it."""
