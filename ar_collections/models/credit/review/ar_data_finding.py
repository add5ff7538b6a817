from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from ....const import DATA_FINDING_STATES, DATA_FINDINGS
from ....formats import format_date
from ....messages import DATA_FINDING_ADVICE

#: Findings that are over are kept for this time.
KEPT_DAYS = 365


class ArDataFinding(models.Model):
    """What is missing, wrong or out of date in the data of a customer. Nothing is corrected by itself.

    The nightly run opens and ends findings; people correct the data, or let a finding rest until a day.
    """

    _name = "ar.data.finding"
    _inherit = ["ar.access.mixin"]
    _description = "Data Finding"
    _order = "code, since desc, id"

    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="customer_id.partner_id")
    collector_id = fields.Many2one(related="customer_id.collector_id")
    code = fields.Selection(DATA_FINDINGS, "Finding", required=True, readonly=True)
    details = fields.Json(readonly=True)
    text = fields.Char("About", compute="_compute_text")
    advice = fields.Char("What to Do", compute="_compute_advice")
    since = fields.Date(required=True, readonly=True, help="Day on which it was found.")
    state = fields.Selection(DATA_FINDING_STATES, required=True, readonly=True, default="open")
    ignored_until = fields.Date(readonly=True, help="Day on which it is listed again, if it is still so.")
    ignored_reason = fields.Char("Reason", readonly=True)
    ignored_by_id = fields.Many2one("res.users", "Ignored by", readonly=True)
    solved_on = fields.Date(readonly=True)

    _once = models.UniqueIndex("(customer_id, code) WHERE state <> 'solved'", "This was found already.")
    _open_idx = models.Index("(company_id, code) WHERE state = 'open'")

    @api.depends("code", "customer_id.partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for finding in self:
            finding.display_name = f"{labels.get(finding.code, '')}: {finding.customer_id.display_name}"

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_advice(self):
        for finding in self:
            finding.advice = self.env._(DATA_FINDING_ADVICE[finding.code]) if finding.code else False

    # === WHAT IT IS ABOUT === #

    @api.depends("details", "code")
    @api.depends_context("lang")
    def _compute_text(self):
        """Compute what a finding is about: names of records, addresses, days."""
        names = self._get_names()
        for finding in self:
            details = finding.details or {}
            known = [
                names[finding.code, number] for number in details.get("ids", ()) if (finding.code, number) in names
            ]
            texts = [finding._format_text(text) for text in details.get("texts", ())]
            more = details.get("number", 0) - len(details.get("ids", ()))
            text = ", ".join([*texts, *known])
            if more > 0:
                text = self.env._("%(names)s and %(number)s more", names=text, number=more)
            finding.text = text or False

    def _get_names(self):
        """Return {(code, id): name} of the records that the findings are about, each model read once.

        Names of what the user may not read are left out.
        """
        wanted = {}
        for finding in self:
            wanted.setdefault(finding._get_model(), set()).update(
                (finding.code, number) for number in (finding.details or {}).get("ids", ())
            )
        names = {}
        for model, pairs in wanted.items():
            records = self.env[model].with_context(active_test=False).browse({number for _code, number in pairs})
            records = records.exists()._filtered_access("read")
            found = {record.id: self._get_name(record) for record in records}
            names |= {(code, number): found[number] for code, number in pairs if number in found}
        return names

    @api.model
    def _get_name(self, record):
        if record._name == "account.move.line":
            return record.move_id.name
        return record.name if record._name == "account.move" else record.display_name

    def _get_model(self):
        """Return the model of the ids in the details."""
        self.ensure_one()
        if self.code in ("not_sent", "sending_failed", "other_name"):
            return "account.move"
        return "account.move.line" if self.code == "old_credit" else "res.partner"

    def _format_text(self, text):
        """Return an address or number as it is, a day in the user's format."""
        if self.code not in ("not_confirmed", "old_credit", "review_late"):
            return text
        return self.env._("since %(day)s", day=format_date(self.env, fields.Date.to_date(text)))

    # === IGNORE === #

    def action_ignore(self):
        """Open the dialog to let findings rest until a day."""
        self._require("collector")
        return self.env["ar.data.ignore"]._open_for(self.filtered(lambda finding: finding.state != "solved"))

    def _ignore(self, until, reason):
        """Let findings rest until a day, after the rights were checked."""
        for company, findings in self.grouped("company_id").items():
            if not until or until <= company._ar_today():
                raise UserError(self.env._("Choose a day after today."))
            if not (reason or "").strip():
                raise UserError(self.env._("Enter a reason."))
            # No role has write access; the dialog checks it.
            findings.sudo().filtered(lambda finding: finding.state != "solved").write(
                {
                    "state": "ignored",
                    "ignored_until": until,
                    "ignored_reason": reason.strip(),
                    "ignored_by_id": self.env.uid,
                }
            )

    def action_list_again(self):
        """List ignored findings again."""
        self._require("collector")
        # No role has write access; the role was checked.
        self.sudo().filtered(lambda finding: finding.state == "ignored")._reopen()

    def _reopen(self):
        """List findings again that rested."""
        if not self:
            return
        self.write({"state": "open", "ignored_until": False, "ignored_reason": False, "ignored_by_id": False})

    def _solve(self, today):
        """End findings: what was found is corrected, or gone."""
        if self:
            self.write({"state": "solved", "solved_on": today})

    @api.autovacuum
    def _remove_solved(self):
        """Delete findings that were over more than a year ago."""
        limit = fields.Date.today() - timedelta(days=KEPT_DAYS)
        self.search([("state", "=", "solved"), ("solved_on", "<", limit)], limit=GC_UNLINK_LIMIT).unlink()
