from odoo import api, fields, models

from ...const import NOTICES
from ...core.communications.contact_rules import customer_code, timing_code
from ...core.facts import Scope


class ArCommunicationNotice(models.Model):
    """Notices: what a customer is told about an agreement, beside the reminders of the ladder.

    They share the log, the mail queue and the hand-over. An automatic notice also shares the one voice a day and the
    contact limits, and comes before a reminder; an answer to what a person just did goes out at once.
    """

    _inherit = "ar.communication"

    notice = fields.Selection(
        NOTICES, readonly=True, index="btree_not_null", help="Type of notice about an agreement. Empty for reminders."
    )
    agreement_model = fields.Char(readonly=True)
    agreement_id = fields.Many2oneReference(model_field="agreement_model", readonly=True)
    mail_template_id = fields.Many2one("mail.template", readonly=True, ondelete="set null")
    #: The note before a promise comes once, whoever looks for promises at the same time.
    _promise_note_once = models.UniqueIndex(
        "(agreement_id) WHERE notice = 'promise_due'", "The customer was already reminded of this promise."
    )

    agreement_html = fields.Html(compute="_compute_agreement_html", sanitize=False, help="Subject of the notice.")

    @api.depends("agreement_model", "agreement_id", "notice")
    def _compute_agreement_html(self):
        for communication in self:
            agreement = communication._get_agreement()
            communication.agreement_html = agreement and agreement._get_notice_html(communication)

    def _get_agreement(self):
        """Return the promise, dispute or plan that the notice is about; nothing for a reminder."""
        self.ensure_one()
        if not self.agreement_model:
            return None
        return self.env[self.agreement_model].browse(self.agreement_id)

    def _get_template(self):
        """Return the template that the message is written from."""
        self.ensure_one()
        return self.mail_template_id or self.step_id.mail_template_id

    def _check_notices_before_sending(self):
        """Check each notice at the moment of speaking: given up when it is no longer true, held on a wrong day.

        :return: those of self that may be spoken now
        """
        true = self.filtered(lambda notice: notice._get_agreement()._is_notice_valid(notice.notice))
        (self - true)._cancel("outdated")
        automatic = true.filtered(lambda notice: not notice.is_manual)
        passed = true - automatic
        for company, notices in automatic.grouped("company_id").items():
            today = company._ar_today()
            customers = notices.customer_id
            waiting = self._waiting_notices(customers)  # of two, the first speaks today, the other tomorrow
            facts = self.env["ar.facts"]._gather(customers, today, Scope(without=frozenset(waiting.ids)))
            rules = customers._get_rules(today)
            for notice in notices:
                own, known = rules.get(notice.customer_id.id), facts[notice.customer_id.id]
                if own is None or not (customer_code(known, today) or timing_code(known, own, today)):
                    passed |= notice
        return passed

    @api.model
    def _waiting_notices(self, customers):
        """Return the automatic notices to these customers that are still in the queue."""
        # The log is read for all customers of the run, whoever started it.
        return self.sudo().search(
            [
                ("customer_id", "in", customers.ids),
                ("state", "=", "planned"),
                ("is_manual", "=", False),
                ("notice", "!=", False),
            ]
        )
