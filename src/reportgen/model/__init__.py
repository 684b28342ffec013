"""What a report is: frozen records, and the rules that content must keep."""
