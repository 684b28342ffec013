"""What has changed between two states of a report."""
