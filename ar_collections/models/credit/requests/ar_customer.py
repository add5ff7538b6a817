import datetime

from odoo import api, fields, models

from ....core.credit.limit import room_left
from ....core.money import ZERO
from .ar_credit_request import OPEN_STATES

#: Days for which a decided request stays on the customer's page.
ANSWERS_SHOWN_DAYS = 30


class ArCustomer(models.Model):
    """Requests for another limit: made on the account or the customer's page, and what becomes of them in a merge."""

    _inherit = "ar.customer"

    credit_request_ids = fields.One2many("ar.credit.request", "customer_id", "Credit Requests")

    def action_request_limit(self):
        """Open the dialog to request another credit limit."""
        self.ensure_one()
        self.check_access("read")
        self.env["ar.credit.request"]._check_requester(self.partner_id)
        return self.env["ar.credit.request.new"]._open(self.partner_id, self.company_id)

    def action_open_credit_requests(self):
        """Open the requests for limits of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_credit_request_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    # === IDENTITY === #

    def _drop_duplicates(self, others):
        """Override to keep one open request of each kind, and to note the merge on it: the limit may be another."""
        result = super()._drop_duplicates(others)
        requests = self.env["ar.credit.request"].search(
            [("customer_id", "in", (self | others).ids), ("state", "in", OPEN_STATES)], order="id"
        )
        for _is_temporary, group in requests.grouped(lambda request: request.kind == "temporary").items():
            kept = (group.filtered(lambda request: request.customer_id == self) or group)[:1]
            for request in group - kept:
                request._withdraw(
                    self.env._("The customer was merged with %s, for which a request is open.", kept.partner_id.name)
                )
            names = ", ".join(others.mapped("display_name"))
            kept._notify_requester(
                self.env._("The account was merged with that of %s: look at its limit before you decide.", names)
            )
        return result

    def _set_debtor(self, debtor):
        """Override to note on open requests whose limit they are about now."""
        result = super()._set_debtor(debtor)
        for request in self._get_open_requests():
            request._notify_requester(
                self.env._("The contact belongs to %s now, and so does the request.", debtor.display_name)
            )
        return result

    def _detach(self, partners):
        """Override to withdraw the requests for contacts that are deleted; after a merge there are none left."""
        requests = self.filtered(lambda customer: customer.partner_id in partners)._get_open_requests()
        result = super()._detach(partners)
        for request in requests:
            request._withdraw(self.env._("The contact does not exist any more."))
        return result

    def _get_open_requests(self):
        return self.env["ar.credit.request"].search([("customer_id", "in", self.ids), ("state", "in", OPEN_STATES)])

    # === PORTAL === #

    def _shows_limit(self):
        """Return whether the policy shows customers their limit, and lets them ask for another one."""
        self.ensure_one()
        return self.sudo().policy_id.shows_limit  # visitors may not read policies

    def _get_page_credit(self):
        """Return limit and room for the customer's page, None where the policy does not show them.

        :return: {limit: text, room: text or None, ceiling: Decimal or None, open: the number of the open request or
            False}
        """
        self.ensure_one()
        account = self._get_credit_account()
        if not account or not self._shows_limit():
            return None
        today = account.company_id._ar_today()
        limit = account._get_credit_limit(today)
        room = room_left(limit, account._calculate_exposure(today)[account].total)
        waiting = account._get_open_requests().filtered(lambda request: request.kind != "temporary")[:1]
        return {
            "limit": account._get_credit_limit_text(limit),
            "ceiling": limit.ceiling,
            "room": None if room is None else account._format_credit(max(room, ZERO)),
            "open": waiting.name,
        }

    def _get_agreement_rows(self):
        """Override to list the customer's own requests: those that are open, and those decided in the last days."""
        rows = super()._get_agreement_rows()
        account = self._get_credit_account()
        if not account or not self._shows_limit():
            return rows
        since = account.company_id._ar_today() - datetime.timedelta(days=ANSWERS_SHOWN_DAYS)
        found = self.env["ar.credit.request"].sudo().search(  # the caller checked the visitor's access
            [("customer_id", "=", account.id), ("origin", "=", "portal"), ("state", "!=", "withdrawn"),
             "|", ("date_decided", "=", False), ("date_decided", ">=", since)]
        )  # fmt: skip
        return rows + [self._get_request_row(request) for request in found]

    @api.model
    def _get_request_row(self, request):
        """Return a request as the customer's page lists it; the reasons of the decision are not told."""
        statuses = {
            "approved": self.env._("Approved"),
            "rejected": self.env._("Not possible at present"),
        }
        return {
            "name": request.name,
            "title": self.env._("Credit limit"),
            "status": statuses.get(request.state) or self.env._("In review"),
            "date": False,
            "text": request.wanted_text,
            "url": False,
        }
