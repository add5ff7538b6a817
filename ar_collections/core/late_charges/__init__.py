"""Late charges: interest for late payment, day by day on what was open, and the lump sum per invoice."""
