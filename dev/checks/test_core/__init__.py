"""`make test-core`: Odoo's own tests with and without our add-ons."""
