from odoo import models


class ArCommunication(models.Model):
    """Messages about payment plans: where they lead, and how their schedule reads as text."""

    _inherit = "ar.communication"

    def _get_pay_url(self):
        """Override: a message about installments alone leads to the page of their plan."""
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        plan = items.plan_installment_id.sudo().plan_id  # the recipient's own
        if len(plan) == 1 and all(line.plan_installment_id for line in items):
            return plan._get_page_url()
        return super()._get_pay_url()

    def _get_table_texts(self):
        """Override to tell a plan's schedule line by line."""
        texts = super()._get_table_texts()
        if self.agreement_model == "ar.payment.plan":
            plan = self._get_agreement().with_context(lang=self.lang)
            texts.append(("//table[contains(@class, 'o_ar_plan_table')]", plan._get_schedule_texts(self.notice)))
        return texts
