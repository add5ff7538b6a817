"""Hooks of the add-on's installation."""


def post_init_hook(env):
    """Create a credit policy for each company, and an account for each customer with open receivables.

    Nothing is sent before a manager activates collections.
    """
    env["res.company"].search([("ar_policy_ids", "=", False)])._ar_ensure_policy()
    for company in env["res.company"].search([("ar_policy_ids", "!=", False)]):
        env["ar.customer"]._ensure_for_company(company)
