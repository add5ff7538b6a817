from odoo import models


class ArCommunication(models.Model):
    """Messages about payment plans: their link, and their schedule in the plain-text alternative."""

    _inherit = "ar.communication"

    def _get_pay_url(self):
        """Override to link to the page of the plan where a message lists installments of one plan only."""
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        plan = items.plan_installment_id.sudo().plan_id  # sudo: the plan of the recipient
        if len(plan) == 1 and all(line.plan_installment_id for line in items):
            return plan._get_page_address()
        return super()._get_pay_url()

    def _get_selection(self):
        """Override to add the installments that the messages list."""
        installments = frozenset(self.line_ids.plan_installment_id.ids)
        return {**super()._get_selection(), "installments": installments}

    def _get_table_texts(self):
        """Override to add the schedule of a plan, line by line, for notices about a plan."""
        texts = super()._get_table_texts()
        if self.agreement_model == "ar.payment.plan":
            plan = self._get_agreement().with_context(lang=self.lang)
            texts.append(("//table[contains(@class, 'o_ar_plan_table')]", plan._get_schedule_texts(self.notice)))
        return texts
