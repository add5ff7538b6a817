from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.credit.limit import Limit
from ....core.credit.request import (
    APPROVED,
    CHILD_CONTACT,
    NO_AUTHORITY,
    OWN_REQUEST,
    SAME_PERSON,
    Approval,
    approve,
    find_authority,
    reject,
)
from ....core.money import to_decimal
from .ar_credit_request import OPEN_STATES
from .ar_decision_mixin import ROLE


class ArCreditRequestDecision(models.Model):
    """Decisions about requests: by credit managers, within their authority, never by the requester."""

    _inherit = "ar.credit.request"

    is_open = fields.Boolean(compute="_compute_is_open")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")
    warning = fields.Char(compute="_compute_warning", help="What changed on the account since the request.")

    @api.depends("state")
    def _compute_is_open(self):
        for request in self:
            request.is_open = request.state in OPEN_STATES

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """Compute what the buttons offer; the methods check it again."""
        decides, collects = self._has_role(ROLE), self._has_role("collector")
        for request in self:
            is_own = request.requested_by_id == self.env.user
            request.can_decide = request.is_open and decides and not is_own
            request.can_withdraw = request.is_open and (collects or is_own)

    @api.depends("customer_id", "state")
    @api.depends_context("lang")
    def _compute_warning(self):
        for request in self:
            # sudo: facts and approvals of others; who may read the request reads the sentence.
            request.warning = request.sudo()._get_warning() if request.is_open else False

    def _get_warning(self):
        """Return what changed on the account since the request, False where nothing did."""
        self.ensure_one()
        account = self.customer_id
        if not account.partner_id or account.partner_id.commercial_partner_id != account.partner_id:
            return self.env._("The contact is no customer of its own any more: withdraw the request.")
        now = account._get_limit_terms().limit
        if now == Limit(self.limit_before_kind, to_decimal(self.limit_before)):
            return False
        return self.env._("The limit was changed since the request: it is %s now.", account._get_credit_limit_text(now))

    # === BUTTONS === #

    def action_approve(self):
        """Open the dialog to approve the requested limit, or less."""
        return self._open_decision("approve")

    def action_reject(self):
        """Open the dialog to reject the request with a reason."""
        return self._open_decision("reject")

    def _open_decision(self, decision):
        self.ensure_one()
        self._require(ROLE)
        self.sudo()._check_open()  # only its state is read; the role was checked
        return self.env["ar.credit.request.decide"]._open(self, decision)

    def action_withdraw(self):
        """Withdraw open requests: the requester its own, collectors all."""
        self.check_access("read")
        if any(request.requested_by_id != self.env.user for request in self):
            self._require("collector")
        for request in self.sudo():  # users may not write requests, as checked above
            request._check_open()
            request._withdraw(request.env._("Withdrawn by %s.", self.env.user.name))
        return True

    # === DECISIONS === #

    def _approve(self, limit, note=""):
        """Approve a limit in the name of the user; it applies when as many persons as needed approved it.

        :param limit: `core.credit.limit.Limit`
        :raise UserError: where the user may not decide, with the way out
        """
        # sudo: the policy's rules, whatever the user may read of it.
        request, rules = self._start_decision(), self.sudo().customer_id.policy_id._get_approval_rules()
        given = [approval._get_approval() for approval in request.approval_ids]
        for_user_id = request._find_authority(limit, given)
        today = request.company_id._ar_today()
        with request.customer_id._explain_refusal():
            outcome = approve(request._get_request(), Approval(self.env.uid, for_user_id, limit), given, rules, today)
        self.env["ar.credit.request.approval"].sudo().create(  # written by our own code alone
            {
                "request_id": request.id,
                "user_id": self.env.uid,
                "for_user_id": for_user_id,
                "kind": limit.kind,
                "limit": float(limit.amount),
                "date": today,
                "note": note,
            }
        )
        if outcome == APPROVED:
            request._apply(limit, note)
        else:
            request._wait_for_second(limit)

    def _reject(self, reason):
        """Reject the request in the name of the user.

        :raise UserError: without a reason, or of one's own request
        """
        request = self._start_decision()
        with request.customer_id._explain_refusal():
            reject(request._get_request(), self.env.uid, reason)
        request._close("rejected", decision_note=reason.strip())
        request._notify_rejected()

    def _withdraw(self, note):
        """Withdraw the request, in superuser mode; the requester is told if somebody else did it."""
        self.ensure_one()
        self._close("withdrawn", decision_note=note)
        self._log_on_account(note)
        self._notify_requester(self.env._("%(request)s is withdrawn: %(note)s", request=self.name, note=note))

    def _start_decision(self):
        """Check role and state under the lock of the account; return the request in superuser mode."""
        self.ensure_one()
        self._require(ROLE)
        request = self.sudo()  # users may not write requests; who may decide is checked here
        request.customer_id._lock_account()  # of two who decide at the same time, the second reads what the first did
        request.invalidate_recordset()
        request._check_open()
        if not self.env.user._ar_works_for(request.company_id, ROLE):
            raise UserError(
                self.env._(
                    "The limit holds for %s and its branches: a credit manager of that company decides.",
                    request.company_id.name,
                )
            )
        return request

    def _check_open(self):
        for request in self:
            if request.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(request)s was decided or withdrawn already: make a new request.", request=request.name
                    )
                )

    def _find_authority(self, limit, given):
        """Return the id of the user with whose authority the present one approves a limit.

        :param given: the approvals before it: [core.credit.request.Approval, …]
        :raise UserError: with nobody's
        """
        if self.requested_by_id.id == self.env.uid:
            self._refuse(OWN_REQUEST)
        if self.customer_id.partner_id.commercial_partner_id != self.customer_id.partner_id:
            self._refuse(CHILD_CONTACT)
        before = {user_id for other in given if other.limit == limit for user_id in (other.user_id, other.for_user_id)}
        own = {self.requested_by_id.id}
        authorities = self._get_authorities()
        found = find_authority(self.env.uid, *authorities, limit, barred=own | before)
        if found is None:
            is_same = find_authority(self.env.uid, *authorities, limit, barred=own) is not None
            self._refuse(SAME_PERSON if is_same else NO_AUTHORITY)
        return found

    @api.model
    def _get_user_authority(self, user, company, today):
        """Override: the limits that a user may approve."""
        return user._ar_get_authority(company, today)

    # === RESULTS === #

    def _wait_for_second(self, limit):
        """Wait for the approval of a second person."""
        self.write({"state": "second"})
        self._end_tasks()
        self._add_decision_task(limit)

    def _apply(self, limit, note):
        """Write the approved limit to the account, and tell who asked."""
        account = self.customer_id._with_trace()
        account._track_set_author(self.env.user.partner_id)
        account._track_set_log_message(
            self.env._(
                "%(request)s was approved by %(user)s: %(reason)s",
                request=self.name,
                user=self.env.user.name,
                reason=note or self.reason,
            )  # fmt: skip
        )
        account.write(self._prepare_limit_vals(limit))
        self._close("approved", decided_kind=limit.kind, decided_limit=float(limit.amount), decision_note=note)
        self._notify_approved()

    def _prepare_limit_vals(self, limit):
        """Return the values of the account with the approved limit."""
        if self.until:
            return {
                "temporary_limit_kind": limit.kind,
                "temporary_limit": float(limit.amount),
                "temporary_until": self.until,
            }
        months = self.customer_id.policy_id.credit_review_months
        review_on = self.company_id._ar_today() + relativedelta(months=months) if months else False
        return {
            "credit_limit_kind": limit.kind,
            "credit_limit": float(limit.amount),
            "credit_review_on": review_on,
        }

    def _close(self, state, **values):
        """End an open request."""
        today = self.company_id._ar_today()
        self.write({"state": state, "date_decided": today, "decided_by_id": self.env.uid, **values})
        self._end_tasks()
