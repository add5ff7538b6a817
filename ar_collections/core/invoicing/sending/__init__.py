"""Invoices that are sent by themselves: when, after which checks, and what became of them."""
