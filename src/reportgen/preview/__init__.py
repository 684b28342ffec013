"""The pages of a report as they are now, shown in a browser while its files are edited."""
