"""`make bench`: speed and memory by the number of open invoices."""
