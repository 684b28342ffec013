"""For those who write content: new entries, one style, schemas, a check at each save."""
