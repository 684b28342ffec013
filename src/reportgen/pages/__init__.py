"""From the model to HTML: one page source a part of the report, the same for every edition."""
