from odoo import api, fields, models

from ....const import CREDIT_RISKS
from ....core.credit.risks import (
    CLASS_WORSE,
    CONCENTRATION,
    COVER_ENDS,
    INSURER_DATE,
    OVER_LIMIT,
    UNINSURED,
    rank,
)

#: What a credit manager looks after; the rest is the collector's, or of whoever answers for the company.
OF_CREDIT_MANAGER = (CONCENTRATION, OVER_LIMIT, UNINSURED, CLASS_WORSE, COVER_ENDS, INSURER_DATE)


class ArCreditRisk(models.Model):
    """The risk register: what could cost money now, one ranked list for a root company with its branches.

    The nightly run makes it anew: what is gone disappears, and what stays keeps its owner, note and next look.
    """

    _name = "ar.credit.risk"
    _inherit = ["ar.access.mixin", "ar.list.export.mixin"]
    _description = "Risk"
    _order = "amount desc, id"

    _writable = {"credit_manager": ("user_id", "look_on", "note")}

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(CREDIT_RISKS, "Risk", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Tells rows of one kind apart.")
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="customer_id.partner_id", string="Customer", store=True, index=True)
    amount = fields.Monetary("At Risk", readonly=True, help="What it could cost, in the currency of the company.")
    details = fields.Json(readonly=True)
    text = fields.Char("About", compute="_compute_text")
    since = fields.Date(required=True, readonly=True, help="Day on which it was found.")
    user_id = fields.Many2one(
        "res.users", "Owner", domain=[("share", "=", False)], index=True, ondelete="set null",
        help="Who looks after it: the collector or a credit manager, unless somebody else is entered.",
    )  # fmt: skip
    look_on = fields.Date(
        "Next Look", help="Day on which somebody looks at it again; until then it is not listed with the others."
    )
    note = fields.Char(help="What was found, or decided.")

    _once = models.UniqueIndex("(company_id, kind, key)", "This risk is listed already.")

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for risk in self:
            risk.display_name = ": ".join(filter(None, (labels.get(risk.kind), risk.partner_id.display_name)))

    # === NIGHT === #

    @api.model
    def _rebuild_company(self, company, today, auto_commit=False):
        """Step of the nightly run: make the register of a root company anew, once a day.

        A kind that cannot be read is a problem of the company, and keeps its rows. All kinds are read in one turn,
        whatever time is left: nothing is stored before the last, and a turn that stopped would begin with the first.

        :param date today: the company's date
        :param bool auto_commit: as in other steps; commits nothing here
        """
        if company.parent_id or company.ar_risks_on == today:
            return True
        reader = self.env["ar.risk.reader"].with_company(company)
        facts = reader._read_facts(company, today)
        found, read = [], []

        def work(method):
            found.extend(getattr(reader, method)(facts))
            read.append(method)

        methods = reader._get_readers()
        self.env["ar.nightly"]._batch_run(company, "risks").over_values(methods, work)
        self._store(company, rank(found), today, is_complete=len(read) == len(methods))
        company.ar_risks_on = today
        return True

    @api.model
    def _store(self, company, found, today, is_complete=True):
        """Create, update and delete rows; what did not change is not written.

        :param found: [core.credit.risks.Risk, …]
        :param bool is_complete: all kinds were read; else nothing is deleted
        """
        known = self.search([("company_id", "=", company.id)])
        rows = self._match(known, found)
        for risk, row in rows.items():
            if changed := row._get_changes(risk):
                row.write(changed)
        new = [self._prepare_vals(company, risk, today) for risk in found if risk not in rows]
        if is_complete:
            (known - self.union(*rows.values())).unlink()
        self._set_owners(self.create(new))

    @api.model
    def _match(self, known, found):
        """Return {risk: row} of the risks that are listed already.

        A row whose key is unknown is that of its customer: accounts and contacts are merged.
        """
        by_key = {(row.kind, row.key): row for row in known}
        rows = {risk: row for risk in found if (row := by_key.get((risk.kind, risk.key)))}
        left = known - self.union(*rows.values())
        by_customer = {(row.kind, row.customer_id.id, _get_part(row.key)): row for row in left if row.customer_id}
        for risk in found:
            row = by_customer.pop((risk.kind, risk.customer_id, _get_part(risk.key)), None)
            if risk not in rows and row:
                rows[risk] = row
        return rows

    def _get_changes(self, risk):
        """Return the values of this row that differ from what was found."""
        details, customer_id = dict(risk.details), risk.customer_id or False
        changed = {} if self.key == risk.key else {"key": risk.key}
        if self.currency_id.compare_amounts(self.amount, float(risk.amount)):
            changed["amount"] = float(risk.amount)
        if self.details != details:
            changed["details"] = details
        if self.customer_id.id != customer_id:
            changed["customer_id"] = customer_id
        return changed

    @api.model
    def _prepare_vals(self, company, risk, today):
        """Return the values of a new row."""
        return {
            "company_id": company.id,
            "kind": risk.kind,
            "key": risk.key,
            "customer_id": risk.customer_id,
            "amount": float(risk.amount),
            "details": dict(risk.details),
            "since": today,
        }

    @api.model
    def _set_owners(self, risks):
        """Set who looks after new risks."""
        for company, own in risks.grouped("company_id").items():
            managers, responsible = company._ar_get_credit_contacts(), company._ar_get_responsible()
            for risk in own:
                if risk.kind in OF_CREDIT_MANAGER:
                    risk.user_id = managers[:1] or responsible
                else:
                    risk.user_id = risk.customer_id.collector_id or responsible


def _get_part(key):
    """Return what a key tells apart beside the customer."""
    return key.partition(" ")[2]
