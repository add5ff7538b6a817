from collections import defaultdict

from odoo import fields, models
from odoo.tools.misc import format_amount, format_date


class ArCommunicationMessage(models.Model):
    """What a message shows, ready to print: the parts that mail templates and letters put between their sentences."""

    _inherit = "ar.communication"

    items_html = fields.Html(
        "Items", compute="_compute_parts", sanitize=False, help="The table of items, per currency."
    )
    pay_html = fields.Html("Pay Button", compute="_compute_parts", sanitize=False)
    contact_html = fields.Html("Contact", compute="_compute_parts", sanitize=False, help="Who helps, and how to ask.")

    def _compute_parts(self):
        qweb = self.env["ir.qweb"]
        for communication in self:
            values = communication._get_message_values()
            for part in ("items", "pay", "contact"):
                communication[f"{part}_html"] = qweb.with_context(lang=communication.lang)._render(
                    f"ar_collections.communication_{part}", values, minimal_qcontext=True, lang=communication.lang
                )

    def _get_message_values(self):
        """Return what the parts need: amounts and dates as text in the customer's language, money per currency.

        :return: {object, tables: [{rows, total}], deadline, pay_url, pay_name, item_count}
        """
        self.ensure_one()
        by_currency = defaultdict(list)
        for line in self.line_ids:
            by_currency[line.currency_id].append(line)
        items = [line for line in self.line_ids if line.kind == "item"]
        oldest = min(items, key=lambda line: (line.date_due, line.id), default=None)
        return {
            "object": self,
            "tables": [self._get_table(currency, lines) for currency, lines in by_currency.items()],
            "deadline": self._format_date(self.deadline),
            "pay_url": oldest._get_portal_url() if oldest else False,
            "pay_name": oldest.name if oldest else False,
            "item_count": len(items),
        }

    def _get_table(self, currency, lines):
        """Return the rows and the total of one currency; items first, credits after, each by due date."""
        lines = sorted(lines, key=lambda line: (line.kind != "item", line.date_due, line.id))
        return {
            "rows": [self._get_row(line, currency) for line in lines],
            "total": self._format_amount(sum(line.amount_left for line in lines), currency),
        }

    def _get_row(self, line, currency):
        """Return one line as text. Left may be less than original minus paid: a disputed part is not asked for."""
        return {
            "name": line.name,
            "url": line._get_portal_url(),
            "kind": line.kind,
            "date": self._format_date(line.date),
            "date_due": self._format_date(line.date_due),
            "days_late": max(line.days_late, 0),
            "original": self._format_amount(line.amount_original, currency),
            "has_paid": bool(line.amount_paid),
            "paid": self._format_amount(line.amount_paid, currency),
            "left": self._format_amount(line.amount_left, currency),
        }

    def _format_amount(self, amount, currency):
        return format_amount(self.env, amount, currency, lang_code=self.lang)

    def _format_date(self, day):
        return format_date(self.env, day, lang_code=self.lang)
