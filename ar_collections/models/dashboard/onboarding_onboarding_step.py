from odoo import api, models


class OnboardingOnboardingStep(models.Model):
    """Where the steps of the set-up lead, in the current company. They open windows, which check the access."""

    _inherit = "onboarding.onboarding.step"

    @api.model
    def action_open_ar_sender(self):
        """Open the company; who may not write it opens its contact, which holds the email address."""
        company = self.env.company
        return self._ar_open(company if company.has_access("write") else company.partner_id)

    @api.model
    def action_open_ar_bounce(self):
        """Open the company's alias domain, with bounce and catchall addresses, or the company to choose one."""
        domain = self.env.company.alias_domain_id
        return self._ar_open(domain or self.env.company)

    @api.model
    def action_open_ar_policy(self):
        """Open the company's credit policy, or the list where there are several."""
        return self._ar_open_one_of("ar_credit_policy_action", self.env["ar.setup"]._get_policies(self.env.company))

    @api.model
    def action_open_ar_schedule(self):
        """Open the reminder schedule of the company's policies, or the list where there are several."""
        schedules = self.env["ar.setup"]._get_policies(self.env.company).schedule_id
        return self._ar_open_one_of("ar_reminder_schedule_action", schedules)

    @api.model
    def action_open_ar_roles(self):
        """Open the customers without a collector, else the policies, which name a collector for all."""
        company = self.env.company
        domain = [("company_id", "=", company.id), ("balance", ">", 0), ("collector_id", "=", False)]
        if self.env["ar.customer"].search_count(domain, limit=1):
            action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_action")
            return dict(action, domain=domain, context={})
        return self.action_open_ar_policy()

    @api.model
    def action_open_ar_provider(self):
        """Open the payment providers."""
        return self.env["ir.actions.act_window"]._for_xml_id("payment.action_payment_provider")

    @api.model
    def action_open_ar_activation(self):
        """Open the dialog that shows what would be sent first, and activates."""
        return self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_activation_action")

    @api.model
    def _ar_open(self, record):
        """Return the action that opens the form of a record."""
        return {
            "type": "ir.actions.act_window",
            "name": record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @api.model
    def _ar_open_one_of(self, name, records):
        """Return the action of a list of ours, or of the form where there is one record.

        :param str name: XML id of the list's action, without the module
        """
        if len(records) == 1:
            return self._ar_open(records)
        action = self.env["ir.actions.act_window"]._for_xml_id(f"ar_collections.{name}")
        return dict(action, domain=[("id", "in", records.ids)] if records else [])
