"""`make demo`: the demo company, with some weeks of simulated work, in Odoo to look at."""
