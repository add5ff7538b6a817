import datetime

from odoo import api, fields, models

from ....core.communications import refusals

#: How long a company's messages wait after the mail server refused several of them in a row.
PAUSE = datetime.timedelta(minutes=30)


class MailMailTurn(models.Model):
    """A turn of the mail queue ends for a company whose messages the mail server refuses, whomever they are for."""

    _inherit = "mail.mail"

    @api.model
    def _begin_turns(self, companies, is_reached):
        """Return {company: Turn}; a turn after one that was ended is suspect until a message is taken.

        :param bool is_reached: the mail server was reached, which ends that problem
        """
        domain = [
            ("res_model", "=", "res.company"),
            ("res_id", "in", companies.ids),
            ("code", "in", ["delivery", "mail_refused"]),
            ("solved_on", "=", False),
        ]
        opened = self.env["ar.problem"].sudo().search(domain)  # whoever starts the queue
        if is_reached:
            opened.filtered(lambda problem: problem.code == "delivery")._solve()
        refused = opened.filtered(lambda problem: problem.code == "mail_refused").mapped("res_id")
        return {company: refusals.Turn(is_suspect=company.id in refused) for company in companies}

    @api.model
    def _get_added(self, communications):
        """Return the mails that the check before sending added to the queue: replacements and new recipients.

        They are sent in the same run: a mail queue that runs once a day would otherwise find the replacements outdated
        again on each run.

        :param communications: those of this run
        """
        replaced = communications.search([("id", "in", communications.ids), ("cancel_reason", "=", "outdated")])
        added = communications | (replaced and replaced._get_replacements())
        pending = added.address_ids.search([("communication_id", "in", added.ids), ("state", "=", "planned")])
        return pending.mail_mail_id.filtered(lambda mail: mail.state == "outgoing" and not mail.scheduled_date)

    @api.model
    def _take(self, turn, company):
        """Note in a turn that the mail server took a message; the problem that it refuses them is over."""
        if turn.take():
            self.env["ar.problem"]._clear(company, "mail_refused")

    @api.model
    def _refuse(self, turn, error, address, company):
        """Note in a turn that the mail server refused a message; return whether we are the cause, and it waits.

        :param error: the exception of the delivery
        """
        refusal = refusals.read_refusal(error)
        if not refusal or not turn.refuse(refusal, address):
            return False
        text = self.env._(
            "The mail server refuses our messages, whomever they are for; they wait: %(code)s %(text)s",
            code=refusal.code,
            text=refusal.text,
        )
        self.env["ar.problem"]._report(company, "mail_refused", text, company=company)
        return True

    @api.model
    def _leave_rest(self, queue, turn_of, commit):
        """Return what of a queue is still to be delivered; what belongs to a company whose turn is over waits.

        :param list queue: (recipient, mail)
        :param dict turn_of: {recipient id: Turn of its company}
        """
        rest = [mail.id for recipient, mail in queue if turn_of[recipient.id].is_over]
        if not rest:
            return queue
        self.browse(rest)._wait_for_turn()
        self._settle(commit)
        return [(recipient, mail) for recipient, mail in queue if not turn_of[recipient.id].is_over]

    def _wait_for_turn(self):
        """Leave these mails in the queue for a later turn; another worker's are left to it."""
        moment = fields.Datetime.now() + PAUSE
        # sudo: whoever starts the queue.
        self.sudo().try_lock_for_update().write({"scheduled_date": moment})
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(moment)
