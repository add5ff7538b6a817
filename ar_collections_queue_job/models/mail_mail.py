import psycopg2

from odoo import api, fields, models
from odoo.tools import split_every

#: Mails of a job: about a minute of work of a mail server.
SHARE = 200


class MailMail(models.Model):
    """Jobs deliver messages beside the mail queue. Each delivery is claimed, checked and committed alone anyway."""

    _inherit = "mail.mail"

    @api.model
    def _share_deliveries(self):
        """Create a job for each part of the messages that wait, oldest first; the mail queue begins with the newest."""
        waiting = self._search_waiting()
        if len(waiting) <= SHARE:
            return
        share, key = self.env["ar.job.share"], "ar-send"
        if not share._is_served(key):
            share._end(key)  # the mail queue sends these, too
            return
        # sudo: the job works the mail queue, which no role of ours may read, whoever queued a message.
        parts = [waiting.browse(ids) for ids in split_every(SHARE, waiting.ids)]
        share._begin(key, parts, lambda delayed: delayed._send_share())

    @api.model
    def _search_waiting(self):
        """Return the mails of messages of ours that may be delivered now."""
        # sudo: the queue holds the mails of all companies, whoever started the run.
        planned = self.env["ar.communication.recipient"].sudo()._search([("state", "=", "planned")])
        domain = [("state", "=", "outgoing"), ("id", "in", planned.subselect("mail_mail_id"))]
        unscheduled = ["|", ("scheduled_date", "=", False), ("scheduled_date", "<=", fields.Datetime.now())]
        return self.sudo().search(domain + unscheduled, order="id")  # as above

    def _send_share(self):
        """Job: deliver those of a part that still wait, each checked before, as the mail queue does."""
        mails = self.exists()
        if mails:
            # The filter, because the queue looks at its newest mails only.
            queue = self.env["mail.mail"].with_context(filters=[("id", "in", mails.ids)])
            queue.process_email_queue(email_ids=mails.ids)
            try:
                self.env.flush_all()
            except psycopg2.Error:
                # Another worker was quicker with the same mail; the mail queue does the rest.
                self.env.cr.rollback()
