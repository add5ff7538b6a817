"""`make replay`: the reminders that a history of invoices leads to, day by day."""
