from markupsafe import Markup

from odoo import models

from ....core.credit.limit import Limit
from ....core.credit.request import find_authority
from ....core.money import to_decimal

TASK = "ar_collections.mail_activity_type_credit_request"


class ArCreditRequestNotice(models.Model):
    """Tasks of who decides, and what requester and customer are told. All of it is called in superuser mode."""

    _inherit = "ar.credit.request"

    # === TASKS === #

    def _add_decision_task(self, limit=None):
        """Give a credit manager the task to decide.

        :param limit: the limit to be approved by a second person; default: the requested one
        """
        for request in self:
            request.activity_schedule(
                TASK,
                summary=request.env._("%(wanted)s: decide", wanted=request._get_wanted_text()),
                user_id=(request._get_decider(limit) or self.env.user).id,
            )

    def _get_decider(self, limit=None):
        """Return who is asked to decide: the policy's manager, else another credit manager, with enough authority.

        Without anybody who may approve that much it is any credit manager but the requester, then who answers for the
        company; substitutes decide for those who are absent.
        """
        self.ensure_one()
        limit = limit or self._get_wanted()
        barred = {self.requested_by_id.id, *self.approval_ids.user_id.ids, *self.approval_ids.for_user_id.ids}
        authorities = self._get_authorities()
        absent = self.env["ar.absence"]._get_covers(self.company_id._ar_today())
        deciders = self._get_deciders()
        first = self.customer_id.policy_id.manager_id & deciders
        users = (first | deciders).filtered(lambda user: user.id not in absent)
        users = users.filtered(lambda user: user.id not in barred)
        able = users.filtered(lambda user: find_authority(user.id, *authorities, limit, barred) is not None)
        return (able or users)[:1] or self.company_id._ar_get_responsible()

    def _get_task_owner(self, task):
        """Override to give the task to who may decide."""
        return self._get_decider() or super()._get_task_owner(task)

    def _end_tasks(self):
        """Close the tasks to decide."""
        self.activity_unlink([TASK])

    # === NOTICES === #

    def _log_on_account(self, sentence):
        """Log an event on the customer's thread, with a link to the request.

        :param str sentence: plain text; it is shown after the number of the request
        """
        for request in self:
            body = Markup("%s: %s") % (request._get_html_link(title=request.name), sentence)
            request.customer_id.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _notify_requester(self, sentence):
        """Notify the colleague who made the request, unless it is the present user."""
        for request in self:
            user = request.requested_by_id
            request.message_post(body=sentence, subtype_xmlid="mail.mt_note")
            if user and user != self.env.user:
                subject = self.env._(
                    "%(request)s: %(customer)s", request=request.name, customer=request.partner_id.name
                )
                request.customer_id._notify_colleague(user, subject, sentence, record=request)

    def _notify_approved(self):
        """Tell who asked which limit holds now."""
        limit = Limit(self.decided_kind, to_decimal(self.decided_limit))
        text = self.customer_id._get_credit_limit_text(limit)
        values = {"request": self.name, "limit": text, "user": self.env.user.name}
        self._notify_requester(self.env._("%(request)s is approved by %(user)s: the limit is %(limit)s.", **values))
        self._log_on_account(self.env._("Approved, the limit is %(limit)s.", **values))
        self._notify_customer(approved=True)

    def _notify_rejected(self):
        """Tell the requester the reason, and a customer who asked itself that nothing changes."""
        values = {"request": self.name, "user": self.env.user.name, "reason": self.decision_note}
        self._notify_requester(self.env._("%(request)s is rejected by %(user)s: %(reason)s", **values))
        self._log_on_account(self.env._("Rejected: %(reason)s", **values))
        self._notify_customer(approved=False)

    def _notify_customer(self, approved):
        """Answer a customer who asked on its page, in its language; class, facts and reasons are never told."""
        if self.origin != "portal" or not self.partner_id:
            return
        request = self.with_context(lang=self.partner_id.lang)
        if approved:
            limit = Limit(request.decided_kind, to_decimal(request.decided_limit))
            text = request.env._(
                "Thank you for your request %(request)s: your credit limit is %(limit)s now.",
                request=request.name, limit=request.customer_id._get_credit_limit_text(limit),
            )  # fmt: skip
        else:
            text = request.env._(
                "Thank you for your request %(request)s. We have reviewed it and cannot offer another credit limit at "
                "present. Please contact us if you would like to talk about it.",
                request=request.name,
            )
        request.customer_id.message_post(
            body=text,
            author_id=self.company_id.partner_id.id,
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
