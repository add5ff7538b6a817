import datetime
import logging
from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import formataddr

from ....core.communications import outcome
from ....core.communications.display_name import shorten_name
from ....formats import get_formats
from .begun import lock_again
from .prepared import VALID_FOR, Prepared

_logger = logging.getLogger(__name__)

#: What a delivery needs to know of its communication, read together with the lock.
LOCKED = (
    "state", "date_sent", "customer_id", "company_id", "channel", "step_id", "notice", "message_id", "user_id",
    "is_for_group",
)  # fmt: skip


class ArCommunicationPrepared(models.Model):
    """Deliveries prepared together: the check before sending of a group, with the facts of all its customers.

    Each is verified again in its own transaction; where anything changed, it is checked alone.
    """

    _inherit = "ar.communication.recipient"

    def _prepare_together(self):
        """Return {recipient: Prepared} of those that can be delivered as they are, by the facts of this moment.

        Nothing is written. Those that are left out are checked alone: what changes anything, what a person has to know
        of, and further messages to the same customer.
        """
        log = self.communication_id
        log.fetch(["customer_id", "company_id", "state", "channel"])
        number = Counter(log.mapped("customer_id.id"))
        single = log.filtered(lambda each: each.state == "planned" and number[each.customer_id.id] == 1)
        unchanged = (single.filtered("company_id.ar_active") - single._with_failures())._find_unchanged()
        prepared = {}
        for (company, code), group in unchanged.grouped(lambda each: (each.company_id, each.channel)).items():
            same = self.env["ar.channel"]._get(code)._find_unchanged(group)
            if same:
                prepared |= self._describe_deliveries(company, same)
        return prepared

    @api.model
    def _describe_deliveries(self, company, communications):
        """Return {recipient: Prepared} of the recipients of communications, as they are."""
        today, facts = company._ar_today(), self.env["ar.facts"]
        tomorrow = communications._get_start(company, today + datetime.timedelta(days=1))
        until = min(fields.Datetime.now() + VALID_FOR, tomorrow)
        account_ids = facts._get_receivable_account_ids(company)
        statement = facts._prepare_versions(account_ids)
        several = communications.filtered(lambda each: len(each.address_ids) > 1)
        versions = facts._read_versions(communications.customer_id, account_ids, ())
        rests = facts._read_versions(several.customer_id, account_ids, several.ids) if several else {}
        prepared = {}
        for communication in communications.with_context(ar_formats=get_formats(self.env)):
            text = communication._get_plain_text()
            for recipient in communication.address_ids.filtered(lambda each: each.state == outcome.PLANNED):
                prepared[recipient] = Prepared(
                    version=versions[communication.customer_id.id],
                    statement=statement,
                    rest=rests.get(communication.customer_id.id),
                    today=today,
                    until=until,
                    text=text,
                    to=recipient._get_header(),
                    address=recipient.address,
                )
        return prepared

    def _get_header(self):
        """Return name and address as the message shows them."""
        return formataddr((shorten_name(self.partner_id.name or ""), self.address))

    def _lock_begun(self, commit):
        """Lock the communication again, after the commit that says that this delivery begins.

        :param bool commit: False only in tests, which roll back
        :return: the communication, empty where somebody else has settled the delivery: nothing may be sent then
        """
        log = lock_again(self.env, self._lock_communication, commit)
        return log if log and self.state == outcome.SENDING else self.communication_id.browse()

    def _lock_communication(self):
        """Lock the communication, and read with it what the delivery needs of it and of its recipients.

        One statement instead of one for each record: the cache is empty, because each delivery has its transactions.

        :return: the communication, empty where another transaction has locked it
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT id, ARRAY(SELECT id FROM ar_communication_recipient WHERE communication_id = log.id ORDER BY id),
                       ARRAY(SELECT state FROM ar_communication_recipient WHERE communication_id = log.id ORDER BY id),
                       ARRAY(SELECT ir_attachment_id FROM ar_communication_ir_attachment_rel
                              WHERE ar_communication_id = log.id),
                       %s
                  FROM ar_communication log
                 WHERE id = (SELECT communication_id FROM ar_communication_recipient WHERE id = %s)
                   FOR UPDATE OF log SKIP LOCKED
                """,
                SQL(", ").join(map(SQL.identifier, LOCKED)),
                self.id,
            )
        )
        log = self.env["ar.communication"]
        for log_id, recipient_ids, states, attachment_ids, *values in self.env.cr.fetchall():
            log = log.browse(log_id)
            recipients = self.browse(recipient_ids)
            for recipient, state in zip(recipients, states, strict=True):
                self._fields["state"]._update_cache(recipient, state)
            self._fields["communication_id"]._update_cache(recipients, log_id)
            known = {**dict(zip(LOCKED, values, strict=True)), "address_ids": tuple(recipient_ids)}
            for name, value in (known | {"attachment_ids": tuple(attachment_ids)}).items():
                log._fields[name]._update_cache(log, value)
        return log
