"""Tools for people who work on the add-ons: set-up, tests, lint, mail sink. Nothing here is needed in production."""
