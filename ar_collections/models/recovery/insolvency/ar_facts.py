import datetime
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import Exclusion
from ....core.recovery.insolvency import Proceedings
from ...customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Insolvencies in the customer's facts: what is from before the opening is excluded, and nothing else.

    Preview, nightly run, pre-send check, worklist and customer page read these exclusions, so they all say the same.
    """

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude what is claimed in proceedings."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        residuals = {line.line_id: line.residual_currency for line in lines}
        for line_id, found in self._find_claimed(customers.company_id, lines).items():
            holding = [proceedings for proceedings in found if proceedings.holds(today)]
            if holding and residuals[line_id] > 0:
                ends = [proceedings.until for proceedings in holding]
                until = None if None in ends else max(ends) + datetime.timedelta(days=1)
                exclusions[line_id].append(Exclusion(codes.INSOLVENT, residuals[line_id], until))
        return exclusions

    def _read_contact_values(self, customers, today, scope):
        """Override to say which of those who pay for others are in proceedings: they are not asked to."""
        values = super()._read_contact_values(customers, today, scope)
        if not self.env["ar.insolvency"]._is_used():
            return values
        payers = customers.sudo().payer_id & customers  # whoever reads it
        found = self._read_proceedings(customers.company_id, set(payers.partner_id.ids))
        for payer in payers:
            values[payer.id]["is_insolvent"] = any(each.holds(today) for each in found.get(payer.partner_id.id, ()))
        return values

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume the items at a mild step after proceedings that were lifted, or a moratorium."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        for line_id, found in self._find_claimed(customers.company_id, lines).items():
            days = [proceedings.resumed_on for proceedings in found if not proceedings.holds(today)]
            for day in filter(None, days):
                if day <= today:
                    resumed[line_id] = max(day, resumed.get(line_id, day))
        return resumed

    def _read_setoff(self, customers, lines, paid_back):
        """Override to cover later debts with no credit from before the opening: whether one is set off, people decide.

        Automatic payments, reminders and the customer page ask for later debts in full then.
        """
        usable = self._drop_held_credits(customers.company_id, lines)
        setoff = super()._read_setoff(customers, usable, paid_back)
        kept = {line.line_id for line in usable}
        for partner_id in {line.partner_id for line in lines if line.line_id not in kept} - setoff.keys():
            own = [line for line in usable if line.partner_id == partner_id]
            setoff[partner_id] = tuple(self._get_left_credits(own, {}))
        return setoff

    def _read_branch_lines(self, customers, lines):
        """Override, as above, for the credits of other branches."""
        return self._drop_held_credits(customers.company_id, super()._read_branch_lines(customers, lines))

    @api.model
    def _drop_held_credits(self, company, lines):
        """Return the open lines without the credits that proceedings hold today.

        :param list[OpenLine] lines: of the company, or of other branches of its root company
        """
        credits = [line for line in lines if line.residual_currency <= 0]
        today = company._ar_today()
        held = {
            line_id
            for line_id, found in self._find_claimed(company, credits).items()
            if any(proceedings.holds(today) for proceedings in found)
        }
        return [line for line in lines if line.line_id not in held] if held else lines

    @api.model
    def _read_targets(self, lines):
        """Override to suggest no match of money with what is claimed in proceedings: a person decides about that."""
        today = self.env.company._ar_today()
        companies = self.env["res.company"].browse({line.company_id for line in lines})
        held = {
            line_id
            for company in companies
            for line_id, found in self._find_claimed(company, lines).items()
            if any(proceedings.holds(today) for proceedings in found)
        }
        return super()._read_targets([line for line in lines if line.line_id not in held] if held else lines)

    @api.model
    def _select_versions(self, left_out):
        """Override to add the insolvencies of the customers."""
        rows = SQL(
            "SELECT account.id, %s FROM account JOIN ar_insolvency insolvency ON insolvency.customer_id = account.id",
            self._version_of("insolvency"),
        )
        return [*super()._select_versions(left_out), rows]

    # === READ === #

    @api.model
    def _find_claimed(self, company, lines):
        """Return {journal item id: [core.recovery.insolvency.Proceedings]} of the items from before an opening.

        :param company: proceedings in the other branches of its root company count, too
        :param lines: with ``line_id`` and ``partner_id``, the customer
        """
        found = self._read_proceedings(company, {line.partner_id for line in lines})
        if not found:
            return {}
        concerned = {line.line_id: line.partner_id for line in lines if line.partner_id in found}
        days = self._read_days_of_debts(list(concerned))
        claimed = {
            line_id: [proceedings for proceedings in found[partner_id] if proceedings.covers(days[line_id])]
            for line_id, partner_id in concerned.items()
        }
        return {line_id: proceedings for line_id, proceedings in claimed.items() if proceedings}

    @api.model
    def _read_proceedings(self, company, partner_ids):
        """Return {partner id: [Proceedings]} of customers; one query, for most have none.

        :param partner_ids: commercial partners
        """
        if not partner_ids or not self.env["ar.insolvency"]._is_used():
            return {}
        self.env["ar.insolvency"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.partner_id, insolvency.kind, insolvency.state, insolvency.opened_on,
                       insolvency.until, insolvency.ended_on
                  FROM ar_insolvency insolvency
                  JOIN ar_customer account ON account.id = insolvency.customer_id
                  JOIN res_company company ON company.id = account.company_id
                 WHERE account.partner_id = ANY(%s::int[])
                   AND SPLIT_PART(company.parent_path, '/', 1) = %s
              ORDER BY insolvency.id
                """,
                pg_array(partner_ids),
                (company.parent_path or "").split("/")[0],
            )
        )
        found = defaultdict(list)
        for partner_id, *values in rows:
            found[partner_id].append(Proceedings(*values))
        return dict(found)

    @api.model
    def _read_days_of_debts(self, line_ids):
        """Return {journal item id: day on which the debt came about}; see `ar.debt.day`."""
        return self.env["ar.debt.day"]._read_days(line_ids)
