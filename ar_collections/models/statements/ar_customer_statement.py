from decimal import Decimal

from odoo import api, fields, models

from ...const import STATEMENT_KINDS
from ...core.money import ZERO
from ...formats import format_date, get_colon, get_formats
from ...messages import ITEM_STATUSES

#: Rows of one table in an email; more are on the customer's page and in the PDF.
ROWS_IN_MAIL = 100


class ArCustomerStatement(models.Model):
    """A statement that was sent to a customer, or why a customer got none on a scheduled day.

    One on a schedule exists once for each account and scheduled day, so that a run may be repeated and continued. What
    it says is stored as it was read; before each delivery it is read again, and written anew where it has changed.
    """

    _name = "ar.customer.statement"
    _inherit = ["ar.access.mixin", "ar.renewed.mixin"]
    _description = "Statement to a Customer"
    _order = "day desc, id desc"

    _notice = "account_statement"

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(STATEMENT_KINDS, "Content", required=True, readonly=True)
    scheduled_for = fields.Date(readonly=True, help="Day of the schedule; empty where a person sent the statement.")
    first_day = fields.Date("Movements from", readonly=True)
    last_day = fields.Date("Movements until", readonly=True)
    read_on = fields.Datetime("Books Read on", readonly=True)

    _scheduled_once = models.UniqueIndex(
        "(customer_id, scheduled_for) WHERE scheduled_for IS NOT NULL",
        "The customer got its statement of this day already.",
    )

    @api.depends("day")
    @api.depends_context("lang")
    def _compute_name(self):
        """Compute the name, which customers read."""
        for statement in self:
            day = format_date(self.env, statement.day)
            statement.name = self.env._("Statement of %(day)s", day=day)

    @api.depends("customer_id", "name")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = f"{statement.customer_id.display_name}: {statement.name}"

    def _search_display_name(self, operator, value):
        """Override of `base` to find statements by their customer: the name is not stored."""
        return [("customer_id.display_name", operator, value)]

    # === NOTICE === #

    def _get_notice_vals(self, notice):
        """Override to use the policy's template, and to say whether the statement counts as a contact."""
        template = self.policy_id.statement_template_id
        counts = not self.policy_id or self.policy_id.statement_counts
        return {**({"mail_template_id": template.id} if template else {}), "is_uncounted": not counts}

    def _get_notice_lines(self, notice):
        """Override to log what is asked for, see `core.customers.owed.asked`, and credits."""
        accounts = [self.contents, *self.contents.get("members", ())]
        amounts = {
            row["id"]: Decimal(row["ask"])
            for account in accounts
            for section in account["sections"]
            for row in section["rows"]
            if Decimal(row["ask"]) > 0
        }
        amounts |= {line_id: Decimal(amount) for account in accounts for line_id, amount in account["setoff"]}
        # sudo: items of the customer and its members, whoever sends it; nobody can write other ids into the contents.
        lines = self.env["account.move.line"].sudo().browse(amounts)
        return [(line, amounts[line.id]) for line in lines]

    def _get_notice_members(self, notice):
        """Override for the items of those that the customer pays for."""
        return {
            row["id"]: member["id"]
            for member in self.contents.get("members", ())
            for section in member["sections"]
            for row in section["rows"]
        }

    def _get_notice_html(self, communication):
        """Override to render the statement in the language of the communication."""
        lang = communication.lang
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        sides = ("right", "left") if communication._is_right_to_left() else ("left", "right")
        values = {
            "colon": get_colon(self.with_context(lang=lang).env),
            **self.with_context(lang=lang)._get_mail_texts(communication),
            **dict(zip(("start", "end"), sides, strict=True)),
        }
        return qweb._render("ar_collections.customer_statement_notice", values, minimal_qcontext=True, lang=lang)

    def _get_mail_texts(self, communication):
        """Return the texts of an email, in the context's language; see `_get_texts`."""
        return self._get_texts(get_formats(communication.env), ROWS_IN_MAIL)

    def _get_texts(self, formats, limit=None):
        """Return the contents as texts in the context's language.

        :param Formats formats: of the batch
        :param int limit: rows of a table that are shown; the others are added up
        :return: {statement, day, sections, members, totals, activity, registered, has_invoices}, see
            `ar.statement.contents`; a section has rows_left: their number, and left: what the rows that are not shown
            add up to
        """
        lang, contents = self.env.lang, self.contents

        def amount(value, currency_id):
            return formats.amount(self.env, Decimal(value), self.env["res.currency"].browse(currency_id), lang)

        def day(value):
            return formats.date(self.env, fields.Date.to_date(value), lang, "medium")

        sections, members = self._get_account_texts(amount, day, limit)
        activity = contents["activity"] if self.kind == "activity" else None
        return {
            "statement": self,
            "day": day(contents["day"]),
            "sections": sections,
            "members": members,
            "totals": [
                {
                    "total": amount(total["total"], total["currency_id"]),
                    "overdue": amount(total["overdue"], total["currency_id"]) if Decimal(total["overdue"]) else "",
                }
                for total in contents.get("totals", ())
            ],
            "activity": activity and self._get_activity_texts(activity, amount, day),
            "registered": [
                {"date": day(each["date"]), "amount": amount(each["amount"], each["currency_id"])}
                for each in contents["registered"]
            ],
            "has_invoices": self.policy_id.statement_invoices,
        }

    def _get_account_texts(self, amount, day, limit):
        """Return (sections of the customer, [{name, sections} of each one it pays for]) as texts; see `_get_texts`.

        :param int limit: rows of a table that are shown; those it pays for have what the customer leaves of them
        """
        accounts, left = [], limit
        for account in (self.contents, *self.contents.get("members", ())):  # earlier versions stored no members
            texts = [self._get_section_texts(section, amount, day, left) for section in account["sections"]]
            accounts.append({"name": account.get("name"), "sections": texts})
            if left is not None:
                left = max(left - sum(len(section["rows"]) for section in account["sections"]), 0)
        own, *members = accounts
        return own["sections"], members

    def _get_section_texts(self, section, amount, day, limit):
        """Return a section of open items as texts; see `_get_texts`."""
        currency_id = section["currency_id"]
        shown, rest = section["rows"][:limit], [] if limit is None else section["rows"][limit:]
        return {
            "rows": [
                {
                    "name": row["name"],
                    "reference": row["reference"],
                    "date": day(row["date"]),
                    "due": day(row["due"]) if row["due"] else "",
                    "late": row["late"],
                    "is_asked": Decimal(row["ask"]) > 0,
                    "original": amount(row["original"], currency_id),
                    "left": amount(row["left"], currency_id),
                    "is_credit": Decimal(row["left"]) < 0,
                    "status": self._get_status_text(row["status"]),
                }
                for row in shown
            ],
            "rows_left": len(rest),
            "left": amount(sum((Decimal(row["left"]) for row in rest), ZERO), currency_id),
            "total": amount(section["total"], currency_id),
            "overdue": amount(section["overdue"], currency_id) if Decimal(section["overdue"]) else "",
        }

    @api.model
    def _get_status_text(self, code):
        """Return why an item is not asked for, in the context's language; empty without a code that customers know."""
        return self.env._(ITEM_STATUSES[code]) if code in ITEM_STATUSES else ""

    def _get_activity_texts(self, activity, amount, day):
        """Return the movements as texts; see `_get_texts`."""
        kinds = {
            "invoice": self.env._("Invoice"),
            "credit_note": self.env._("Credit note"),
            "payment": self.env._("Payment"),
            "entry": self.env._("Entry"),
            "correction": self.env._("Earlier entries, changed since the last statement"),
        }
        return {
            "first": day(activity["first"]),
            "last": day(activity["last"]),
            "sections": [
                {
                    "opening": amount(section["opening"], section["currency_id"]),
                    "closing": amount(section["closing"], section["currency_id"]),
                    "rows": [
                        {
                            **row,
                            "date": day(row["date"]),
                            "kind": kinds[row["kind"]],
                            "amount": amount(row["amount"], section["currency_id"]),
                        }
                        for row in section["rows"]
                    ],
                }
                for section in activity["sections"]
            ],
        }
