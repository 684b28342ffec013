"""How long things take, measured as a user meets it: whole processes, beside those of others."""
