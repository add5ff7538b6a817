"""Payments that customers say they have made: which reports are accepted, how long they hold, how they end."""
