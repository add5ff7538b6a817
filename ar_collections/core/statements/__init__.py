"""Statements on a schedule: on which days they are sent, and to whom."""
