from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, is_html_empty

#: The switches of what customers can do on their page.
OFFERS = ("promise_portal", "dispute_portal", "plan_portal")


class ArCreditPolicyTerms(models.Model):
    """The published terms of a policy: on the customer's page, in mails, and printed with the schedule of reminders."""

    _inherit = "ar.credit.policy"

    terms = fields.Html(
        "Published Terms",
        help=(
            "What customers of this policy may read: on their page, in emails that use it, and on the printed "
            "policy. A change of it applies at once; what customers should know before is announced. Example: "
            "“Our invoices are due within 30 days. If you cannot pay in time, please tell us early.”"
        ),
    )
    terms_ids = fields.One2many(
        "ar.credit.terms",
        "policy_id",
        "Announced Terms",
        help="New terms that are announced to the customers and apply from their day.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_announced(self):
        """Refuse to delete a policy whose terms were announced: who was told on which day would be lost with it.

        :raise UserError: with the way out
        """
        for policy in self:
            if policy.terms_ids.filtered(lambda terms: terms.state != "draft"):
                raise UserError(
                    self.env._(
                        "“%(policy)s” has terms that were announced to customers, which stays on record: archive it.",
                        policy=policy.name,
                    )
                )

    def _get_published_terms(self):
        """Return the terms in force today, in the context's language; empty where there are none.

        Announced terms apply from their day, also before the nightly run of that day makes them those of the policy.
        """
        self.ensure_one()
        policy = self.sudo()  # for customers, whatever the visitor may read
        today = policy.company_id._ar_today()
        begun = policy.terms_ids.filtered(
            lambda terms: terms.state == "announced" and not terms.applied_on and terms.applies_from <= today
        )
        text = begun.sorted("applies_from")[-1:].text if begun else policy.terms
        return "" if is_html_empty(text) else text

    def action_prepare_terms(self):
        """Prepare new terms from the present ones, in all languages; they are changed there and announced."""
        self.ensure_one()
        self._require("manager")
        terms = self.env["ar.credit.terms"].create({"policy_id": self.id})
        self._copy_terms(self, "terms", terms, "text")
        return terms._get_form_action()

    @api.model
    def _copy_terms(self, source, name, target, target_name):
        """Copy a translated text from one record to another, in all languages as they are.

        Written one after the other, the text of one language would drop the translations into others.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s target SET %s = source.%s FROM %s source WHERE target.id = %s AND source.id = %s",
                SQL.identifier(target._table),
                SQL.identifier(target_name),
                SQL.identifier(name),
                SQL.identifier(source._table),
                target.id,
                source.id,
            )
        )
        target.invalidate_recordset([target_name])

    # === PRINTED POLICY === #

    def _get_published_values(self):
        """Return the values of the printed policy: only what customers may know, in the context's language.

        :return: {terms, schedule: [(when, how)], offers: sentences, bank: `res.partner.bank`, page: address}
        """
        self.ensure_one()
        self.check_access("read")  # customers get it from their page; reports can be asked for by everybody
        policy = self.sudo()  # bank account and schedule are printed, whatever the user may read
        bank = self.env["ar.bank.details"].sudo()._get_company_account(policy.company_id, policy.currency_id)
        return {
            "terms": policy._get_published_terms(),
            "schedule": policy._get_published_schedule(),
            "offers": policy._get_published_offers(),
            "bank": bank,
            "page": f"{policy.get_base_url()}/my/receivables",
        }

    def _get_published_schedule(self):
        """Return the steps of the schedule as customers may know them: [(when, through which channel)]."""
        steps = self.schedule_id.step_ids
        channels = dict(steps._fields["channel"]._description_selection(self.env))
        return [(self._get_step_text(step.days), channels[step.channel]) for step in steps.sorted("days")]

    def _get_step_text(self, days):
        """Return in words when a step is reached."""
        if not days:
            return self.env._("On the due date")
        if abs(days) == 1:
            return self.env._("1 day after the due date") if days > 0 else self.env._("1 day before the due date")
        if days > 0:
            return self.env._("%(days)s days after the due date", days=days)
        return self.env._("%(days)s days before the due date", days=-days)

    def _get_published_offers(self):
        """Return what customers can do on their page, as sentences."""
        texts = {
            "promise_portal": self.env._("Tell us the day on which you will pay."),
            "dispute_portal": self.env._("Report a problem with an invoice; we look into it."),
            "plan_portal": self.env._("Ask to pay in installments."),
        }
        return [texts[name] for name in OFFERS if self[name]]
