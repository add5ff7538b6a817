"""Tools for people who work on the add-ons; nothing here is needed in production. See CONTRIBUTING.md."""
