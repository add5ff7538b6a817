import datetime
import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ....core.invoicing.sending import check, states
from ....core.money import to_decimal
from ...customers.nightly.batch_run import CONFLICTS
from .account_move import JUDGING

_logger = logging.getLogger(__name__)

#: Invoices that are judged in one transaction.
BATCH = 100


class ArInvoiceSendingJudge(models.Model):
    """Whether an invoice may be sent now, and why not."""

    _inherit = "ar.invoice.sending"

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Step of the nightly run: check again what waits, find what was missed, and report what waits for too long.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        sendings = self.sudo().with_company(company)  # as the run, whatever its user may read
        sendings._add_missed(company)
        finished = sendings._judge_open(company, auto_commit)
        sendings._report_waiting(company, today)
        return finished

    @api.model
    def _judge_open(self, company, auto_commit=False, until=None):
        """Judge what was not sent of a company; return False where the time ran out.

        What was judged a moment ago is left out, so that the next turn goes on where this one ends.

        :param datetime until: only what is to be sent until then; default: everything
        """
        domain = Domain("company_id", "=", company.id) & Domain("state", "in", states.OPEN)
        domain &= Domain("reason", "!=", states.MISSED)
        before = fields.Datetime.now() - states.JUDGED_FOR
        domain &= Domain("judged_at", "=", False) | Domain("judged_at", "<=", before)
        if until:
            domain &= Domain("due_at", "<=", until)
        run = self.env["ar.nightly"]._batch_run(company, "invoice_checks", auto_commit)
        return run.over_records(
            self.search(domain),
            lambda batch: batch._judge(),
            size=BATCH,
            due=lambda batch: batch.search(Domain("id", "in", batch.ids) & domain),
        ).finished

    def _judge(self):
        """Store for each of these invoices whether it may be sent, or what it waits for."""
        policies = self._find_policies(self.move_id)
        requirements = self._read_requirements()
        self._update_checks(requirements)
        unsent = self._find_unsent_origins()
        for sending in self:
            facts = sending._get_facts(policies[sending.move_id], requirements[sending], unsent)
            state, reason = check.judge(facts)
            is_retry = sending.reason == states.RETRY and (state, reason) == (states.WAITING, None)
            if state == states.SENT:
                sending._set_sent(methods=states.UPLOAD)
            else:
                methods = ", ".join(sorted(facts.methods))
                sending._set_state(state, states.RETRY if is_retry else reason, methods=methods or False)
        self.judged_at = fields.Datetime.now()

    def _try_judge(self):
        """Judge these invoices; return the error where that fails and nothing is stored, else None.

        Odoo and other modules are asked for their sending methods, and may fail for one invoice in any way.
        """
        try:
            with self.env.cr.savepoint():
                self._judge()
        except CONFLICTS:
            raise
        except Exception as error:
            _logger.info("Invoices %s cannot be judged.", self.move_id.ids, exc_info=True)
            self.env.invalidate_all(flush=False)
            return error
        return None

    def _get_facts(self, policy, requirements, unsent):
        """Return what `core.invoicing.sending.check` looks at.

        :param policy: `ar.credit.policy`, may be empty
        :param requirements: `ar.billing.requirement` of the customer
        :param unsent: credit notes whose invoice was not sent
        :rtype: check.InvoiceFacts
        """
        self.ensure_one()
        move = self.move_id
        done = self._get_done()
        enforced = [(requirement.kind, requirement.is_enforced) for requirement in requirements]
        is_posted = move.state == "posted"
        is_credited = (move.move_type == "out_invoice" and move.payment_state == "reversed") or move in unsent
        return check.InvoiceFacts(
            is_posted=is_posted,
            is_canceled=move.state == "cancel",
            is_active=self.company_id.ar_active,
            mode=policy.invoice_sending or states.OFF,
            methods=frozenset(self._find_methods() if is_posted else ()),
            missing=check.find_missing(enforced, self._has_reference(), done),
            amount=abs(to_decimal(move.amount_total_signed)),
            review_above=to_decimal(policy.invoice_review_above),
            is_with_odoo=is_posted and bool(move.sending_data),
            is_old=self.is_old,
            is_changed=bool(self.sent_digest) and not self._is_as_sent(),
            is_credited=is_credited,
            is_uploaded=states.UPLOAD in done,
            is_released=self.is_released and self._is_as_decided(),
            is_overridden=self.is_overridden and self._is_as_decided(),
        )

    def _has_reference(self):
        """Return whether the invoice shows a reference of the customer; extension point."""
        self.ensure_one()
        return bool((self.move_id.ref or "").strip())

    def _get_done(self):
        """Return the kinds of what people do of which nothing is left to do, where there is something."""
        self.ensure_one()
        kinds = self.check_ids.grouped("kind")
        return {kind for kind, checks in kinds.items() if all(item.done_on for item in checks)}

    def _find_methods(self):
        """Return the sending methods by which Odoo can send the invoice now, as its customer wants it.

        Odoo leaves out in silence who has no address.
        """
        self.ensure_one()
        move = self.move_id.with_context(ar_judging=JUDGING)  # nothing is created
        send = move.env["account.move.send"]
        methods = send._get_default_sending_methods(move)
        values = {"invoice_edi_format": send._get_default_invoice_edi_format(move, sending_methods=methods)}
        if states.EMAIL in methods:
            template = send._get_default_mail_template_id(move)
            partners = send._get_default_mail_partner_ids(move, template, send._get_default_mail_lang(move, template))
            values["mail_partner_ids"] = list(partners._ids)  # also of contacts that are created when it is sent
        applies = send._is_applicable_to_move
        return {method for method in methods if method == states.MANUAL or applies(method, move, **values)}

    def _find_unsent_origins(self):
        """Return the credit notes of self whose invoice waits here and was never sent."""
        origins = self.move_id.reversed_entry_id
        if not origins:
            return origins
        rows = self.search([("move_id", "in", origins.ids), ("sent_digest", "=", False)])
        unsent = rows.filtered(lambda row: row.state != states.SENT).move_id
        return self.move_id.filtered(lambda move: move.reversed_entry_id in unsent)

    # === BILLING REQUIREMENTS === #

    def _read_requirements(self):
        """Return {sending: the billing requirements of its customer}."""
        accounts, none = self._find_accounts(self.move_id), self.env["ar.billing.requirement"]
        ids = [account.id for account in accounts.values()]
        found = none.search([("customer_id", "in", ids)]).grouped("customer_id")
        return {sending: found.get(accounts.get(sending.move_id), none) for sending in self}

    def _update_checks(self, requirements):
        """Store what people have to do for these invoices; what is not required any more and not done is dropped.

        :param requirements: {sending: requirements}
        """
        missing, dropped = [], self.env["ar.invoice.check"]
        for sending in self:
            wanted = requirements[sending].filtered(lambda requirement: requirement.kind != states.REFERENCE)
            known = sending.check_ids
            dropped |= known.filtered(
                lambda item, wanted=wanted: not item.done_on and item.requirement_id not in wanted
            )
            missing += [
                {
                    "sending_id": sending.id,
                    "requirement_id": requirement.id,
                    "kind": requirement.kind,
                    "name": requirement.display_name,
                    "url": requirement.url,
                }
                for requirement in wanted - known.requirement_id
            ]
        dropped.unlink()
        self.env["ar.invoice.check"].create(missing)

    # === WHAT WAITS FOR TOO LONG === #

    @api.model
    def _report_waiting(self, company, today):
        """Store a problem for each invoice of a company that waits for longer than its policy says."""
        waiting = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", (states.HELD, states.PRINT, states.FAILED, states.UNKNOWN))
            & Domain("held_on", "!=", False)
        )
        policies = self._find_policies(waiting.move_id)
        labels = dict(self._fields["reason"]._description_selection(self.env))
        kinds = dict(self._fields["state"]._description_selection(self.env))
        for sending in waiting:
            days = policies[sending.move_id].invoice_held_days
            is_failure = sending.state in (states.FAILED, states.UNKNOWN)
            if not is_failure and (today - sending.held_on) < datetime.timedelta(days=max(days, 1)):
                continue
            text = self.env._(
                "Not sent since %(day)s: %(reason)s",
                day=fields.Date.to_string(sending.held_on),
                reason=sending.message or labels.get(sending.reason) or kinds[sending.state],
            )
            self.env["ar.problem"]._report(sending, "invoices", text)
        self.env["ar.problem"]._clear(self._find_reported(company) - waiting, "invoices")

    @api.model
    def _find_reported(self, company):
        """Return the invoices of a company with an open problem."""
        problems = self.env["ar.problem"]._search_open(self.browse(), "invoices", company)
        return self.browse(problems.mapped("res_id")).exists().filtered(lambda row: row.reason != states.RETRY)
