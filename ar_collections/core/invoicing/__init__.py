"""How invoices reach customers."""
