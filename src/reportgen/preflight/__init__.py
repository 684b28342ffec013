"""What a printer, an archive or a screen reader would stumble over in a file, told first."""
