"""`make faults`: simulated days in which processes are killed and the mail server fails."""
