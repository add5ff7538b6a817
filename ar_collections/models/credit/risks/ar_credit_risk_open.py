from odoo import api, fields, models

from ....core.credit.risks import BROKEN_PROMISE, FEED_STILL, NOT_SENT, UNMATCHED
from ....formats import format_amount, format_date
from ....messages import INSURANCE_STEPS, RISK_SENTENCES

#: The details that are ids of records, with their models.
NAMED = {"group": "res.partner", "journal": "account.journal", "company": "res.company"}


class ArCreditRiskOpen(models.Model):
    """What a risk is about in words, and the button that leads there."""

    _inherit = "ar.credit.risk"

    @api.depends("kind", "details")
    @api.depends_context("lang")
    def _compute_text(self):
        names = self._get_names()
        for risk in self:
            risk.text = risk._get_sentence(names) if risk.kind else False

    def _get_sentence(self, names):
        """Return the sentence about the risk. Extension point: an override adds those of its own kinds.

        :param dict names: see `_get_names`
        """
        self.ensure_one()
        details = self.details or {}
        if step := details.get("step"):
            sentence = self.env._(INSURANCE_STEPS[step])
            return sentence % {"day": self._format_detail("day", details["day"])}
        kind = self.kind
        for special in ("group", "cover"):
            if special in details:
                kind = f"{self.kind} {'group' if special == 'group' else details['cover']}"
        values = {name: self._format_detail(name, value) for name, value in details.items()}
        values |= {name: names.get((name, value), "") for name, value in details.items() if name in NAMED}
        sentence = self.env._(RISK_SENTENCES[kind])
        return sentence % values

    def _format_detail(self, name, value):
        """Return a stored value as people read it."""
        if name.startswith("amount"):
            return format_amount(self.env, float(value), self.currency_id)
        return format_date(self.env, fields.Date.to_date(value)) if name == "day" else value

    def _get_names(self):
        """Return {(name of the detail, stored id): name of the record}, each model read once."""
        found = {}
        for name, model in NAMED.items():
            values = {value for risk in self if (value := (risk.details or {}).get(name))}
            # The names alone, which are in the list; the user may not read journals or all contacts.
            records = self.env[model].sudo().browse(int(value) for value in values).exists()
            found |= {(name, str(record.id)): record.display_name for record in records}
        return found

    # === OPEN === #

    def action_open(self):
        """Open what the risk is about: the account, promises, findings, money to match, or the bank journal."""
        self.ensure_one()
        self._require("auditor")
        if self.kind == UNMATCHED:
            return self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_unmatched_payment_action")
        if self.kind == FEED_STILL:
            return self._open_record("account.journal", int(self.details["journal"]))
        if not self.customer_id:
            return self._open_record("res.partner", int(self.key))
        if self.kind == NOT_SENT:
            return self.customer_id.action_open_data_findings()
        if self.kind == BROKEN_PROMISE:
            action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_promise_action")
            domain = [("customer_id", "=", self.customer_id.id), ("state", "in", ("broken", "partly"))]
            return dict(action, domain=domain, context={})
        return self.customer_id._get_form_action()

    @api.model
    def _open_record(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self._require("auditor")
        return self.customer_id._get_form_action()
