"""Pure rules, without Odoo and without a clock."""
