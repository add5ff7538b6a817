"""What happens once, when the add-on is installed."""


def post_init_hook(env):
    """Give each company a policy, and each customer with receivables an account; nothing is sent before activation."""
    env["res.company"].search([("ar_policy_ids", "=", False)])._ar_ensure_policy()
    for company in env["res.company"].search([("ar_policy_ids", "!=", False)]):
        env["ar.customer"]._ensure_for_company(company)
