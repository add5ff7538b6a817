from odoo import fields, models

from ...core.credit.exposure import group_exposure
from ...core.credit.limit import AMOUNT, room_left
from ...core.money import to_decimal
from ...formats import format_amount, format_date
from ...messages import EXPOSURE_PARTS
from .ar_customer_limit import GROUP_AUDITOR


class ArCustomerCredit(models.Model):
    """Limit, exposure and room in one table; accounts of branches show those of the root company."""

    _inherit = "ar.customer"

    credit_html = fields.Html(
        "Exposure and Limit", compute="_compute_credit_html", sanitize=False, groups=GROUP_AUDITOR
    )

    def _compute_credit_html(self):
        for customer in self:
            account = customer._get_credit_account()
            values = {
                "company": account.company_id.name if account != customer else "",
                "rows": account._get_exposure_rows() if account else [],
                "unknown": account._get_unknown_texts() if account else [],
                "changed_on": account.exposure_on,
            }
            customer.credit_html = self.env["ir.qweb"]._render("ar_collections.customer_credit", values)

    def _get_exposure_rows(self):
        """Return the rows of the table: [(label, amount as text, whether it is a result, whether it is a warning)]."""
        self.ensure_one()
        day = self.company_id._ar_today()
        limit, exposure = self._get_credit_limit(day), self._get_exposure()
        rows = []
        if self.exposure_on:
            rows = [
                (self.env._(EXPOSURE_PARTS[code]), self._format_credit(amount), False, False)
                for code, amount in exposure.lines
            ]
            rows.append((self.env._("Exposure"), self._format_credit(exposure.total), True, False))
            if exposure.at_risk != exposure.total:
                rows.append((self.env._("At risk today"), self._format_credit(exposure.at_risk), False, False))
        rows.append((self._get_credit_limit_label(day), self._get_credit_limit_text(limit), False, False))
        room = room_left(limit, exposure.total)
        if room is not None and self.exposure_on:
            rows.append(self._get_room_row(self.env._("Room"), room))
        for head in self._get_group_heads():
            rows += self._get_group_rows(head, day)
        return rows

    def _get_group_rows(self, head, day):
        """Return the rows about the limit of a group that this customer belongs to."""
        total = group_exposure(to_decimal(member.exposure) for member in head._get_group_members())
        limit = head._get_credit_limit(day)
        rows = [
            (self.env._("Exposure of the group"), self._format_credit(total), False, False),
            (self.env._("Limit of %s", head.display_name), self._get_credit_limit_text(limit), False, False),
        ]
        room = room_left(limit, total)
        return rows if room is None else [*rows, self._get_room_row(self.env._("Room of the group"), room)]

    def _get_room_row(self, label, room):
        """Return the row about what is left of a limit."""
        label = label if room >= 0 else self.env._("Over the limit")
        return label, self._format_credit(abs(room)), True, room < 0

    def _get_credit_limit_label(self, day):
        """Return what the limit is called on a day."""
        if self._get_credit_limit(day) == self._get_limit_terms().limit:
            return self.env._("Limit")
        return self.env._("Temporary limit until %s", format_date(self.env, self.temporary_until))

    def _get_credit_limit_text(self, limit):
        """Return a limit as people read it."""
        if limit.kind == AMOUNT:
            return self._format_credit(limit.amount)
        return dict(self._fields["credit_limit_kind"]._description_selection(self.env))[limit.kind]

    def _get_unknown_texts(self):
        """Return sentences about amounts that are left out of the exposure."""
        self.ensure_one()
        return [
            self.env._(
                "%(part)s of %(amount)s %(currency)s are left out: the currency has no exchange rate.",
                part=self.env._(EXPOSURE_PARTS[part]),
                amount=amount,
                currency=currency,
            )
            for part, currency, amount in (self.exposure_lines or {}).get("unknown", ())
        ]

    def _format_credit(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def action_open_credit_account(self):
        """Open the account that holds the limit: that of the root company, made where there is none yet."""
        self.ensure_one()
        self._require("auditor")
        account = self._get_credit_account()
        if not account:
            self._require("credit_manager")
            account = self._ensure_for_partners(self.partner_id, self.sudo().company_id.root_id)  # checked just now
        return account.sudo(False)._get_form_action()
