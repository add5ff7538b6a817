"""What happens once, when the add-on is installed."""


def post_init_hook(env):
    """Open an account for every customer who has receivables already; nothing is sent before activation."""
    for company in env["res.company"].search([]):
        env["ar.customer"]._ensure_for_company(company)
