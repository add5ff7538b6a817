from odoo import api, models
from odoo.tools import is_html_empty

from ...core.dashboard.setup import SetupFacts, done


class ArSetup(models.AbstractModel):
    """Reads what is set up in a company, and says it in a sentence for each step of the set-up."""

    _name = "ar.setup"
    _description = "Set-up of Collections"

    @api.model
    def _read_facts(self, company):
        """Return what is set up in the company.

        :rtype: SetupFacts
        """
        policies = self._get_policies(company)
        steps = policies.schedule_id.step_ids
        owing = [("company_id", "=", company.id), ("balance", ">", 0)]
        customers = self.env["ar.customer"]
        return SetupFacts(
            has_sender=bool(company.partner_id.email_normalized),
            has_reply_address=bool(company.catchall_email),
            has_bounce_address=bool(company.bounce_email),
            policies=len(policies),
            broken_policies=len(policies.filtered("warning")),
            uncovered_customers=customers.search_count([*owing, ("policy_id", "=", False)]),
            steps=len(steps),
            unwritten_steps=len(steps.filtered(self._is_unwritten)),
            policies_without_collector=len(
                policies.filtered(lambda policy: not policy.user_id._ar_works_for(company, "collector"))
            ),
            owing_customers=customers.search_count(owing, limit=1),
            unassigned_customers=customers.search_count([*owing, ("collector_id", "=", False)]),
            providers=len(self._get_providers(company).filtered(lambda provider: provider.state == "enabled")),
            is_active=company.ar_active,
        )

    @api.model
    def _get_policies(self, company):
        """Return the credit policies in use of a company."""
        return company.ar_policy_ids.filtered("active")

    @api.model
    def _is_unwritten(self, step):
        """Return whether the messages of a step would have no text; final demands have one of their own."""
        channel = self.env["ar.channel"]._get(step.channel)
        if channel._has_template:
            return not step.mail_template_id
        return channel._is_printable and not step.is_final_demand and is_html_empty(step.letter_text)

    @api.model
    def _get_providers(self, company):
        """Return the payment providers of a company that are published, those in test mode as well."""
        providers = self.env["payment.provider"].sudo()  # administrators' alone; only names and states are shown
        domain = [*providers._check_company_domain(company), ("state", "!=", "disabled"), ("is_published", "=", True)]
        return providers.search(domain)

    @api.model
    def _get_states(self, company):
        """Return {code of the step: (whether it is done, what the facts say about it)} of a company.

        Extension point: an override adds the steps that it added to the panel.
        """
        facts = self._read_facts(company)
        texts = {
            "sender": self._get_sender_text(company, facts),
            "bounce": self._get_bounce_text(company),
            "policy": self._get_policy_text(company, facts),
            "schedule": self._get_schedule_text(company, facts),
            "roles": self._get_roles_text(company, facts),
            "provider": self._get_provider_text(company),
            "activation": self._get_activation_text(company),
        }
        return {code: (is_done, texts[code]) for code, is_done in done(facts).items()}

    # === TEXTS === #

    @api.model
    def _get_sender_text(self, company, facts):
        """Return from whom messages come, and whom answers reach."""
        if not facts.has_sender:
            return self.env._("The company has no email address: nothing can be sent.")
        if not facts.has_reply_address:
            return self.env._("There is no catchall address: replies do not reach Odoo.")
        values = {"sender": company.partner_id.email_normalized, "reply": company.catchall_email}
        return self.env._("Messages come from %(sender)s or the collector, replies go to %(reply)s.", **values)

    @api.model
    def _get_bounce_text(self, company):
        """Return where returned mail goes, and who has to pass it on where Odoo does not fetch it."""
        address = company.bounce_email
        if not address:
            return self.env._("The company has no alias domain with a bounce address.")
        servers = self.env["fetchmail.server"].sudo()  # administrators' alone; only whether there is one is shown
        if servers.search_count([("state", "=", "done")], limit=1):
            return self.env._("Returned mail goes to %(address)s.", address=address)
        return self.env._(
            "Returned mail goes to %(address)s. Odoo has no incoming mail server: your mail server has to pass it on.",
            address=address,
        )

    @api.model
    def _get_policy_text(self, company, facts):
        """Return which policies apply, or what does not work about them."""
        policies = self._get_policies(company)
        if not policies:
            return self.env._("There is no credit policy: nobody is reminded.")
        if broken := policies.filtered("warning"):
            return self.env._("Check %(policies)s: some settings do not work.", policies=_join(broken))
        if facts.uncovered_customers:
            return self.env._(
                "Customers with open invoices to whom no policy applies: %(number)s.", number=facts.uncovered_customers
            )
        return self.env._("In use: %(policies)s.", policies=_join(policies))

    @api.model
    def _get_schedule_text(self, company, facts):
        """Return how far the schedules reach, or what is missing in them."""
        schedules = self._get_policies(company).schedule_id
        if not facts.steps:
            return self.env._("The schedule has no steps: nothing is sent.")
        if unwritten := schedules.step_ids.filtered(self._is_unwritten):
            return self.env._("Steps without a text: %(steps)s.", steps=_join(unwritten))
        return self.env._("%(schedules)s. Steps: %(number)s.", schedules=_join(schedules), number=facts.steps)

    @api.model
    def _get_roles_text(self, company, facts):
        """Return how many collectors there are, or who has none."""
        if facts.unassigned_customers:
            return self.env._("Customers without a collector: %(number)s.", number=facts.unassigned_customers)
        if not facts.owing_customers and facts.policies_without_collector:
            return self.env._("Name a default collector in the credit policy.")
        users = company._ar_get_users("collector")
        return self.env._("Users who may work on accounts: %(number)s.", number=len(users))

    @api.model
    def _get_provider_text(self, company):
        """Return how customers can pay online."""
        providers = self._get_providers(company)
        if enabled := providers.filtered(lambda provider: provider.state == "enabled"):
            return self.env._("Customers pay by: %(providers)s.", providers=_join(enabled))
        if providers:
            return self.env._("In test mode, no money is moved: %(providers)s.", providers=_join(providers))
        return self.env._("Customers can only pay by bank transfer.")

    @api.model
    def _get_activation_text(self, company):
        """Return whether something is sent, and how much of it a day."""
        if company.ar_is_elsewhere:
            return self.env._("Activated in another database: nothing is sent until you continue here.")
        if not company.ar_active:
            return self.env._("Nothing is sent before you activate.")
        if company.ar_daily_ramp:
            return self.env._("Active, with at most %(number)s messages a day.", number=company.ar_daily_ramp)
        return self.env._("Active.")


def _join(records):
    return ", ".join(records.mapped("display_name"))
