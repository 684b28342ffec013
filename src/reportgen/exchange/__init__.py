"""Tables in and out: what a report's records and numbers are in a spreadsheet."""
