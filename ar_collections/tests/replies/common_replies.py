from markupsafe import Markup

from odoo import Command

from ..common import ArCommon


class ArRepliesCommon(ArCommon):
    """A customer with a late invoice whose contact has an address; mails that arrive on its thread."""

    SENDER = "ap@meadow-mills.example.com"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.partner = cls.customer.partner_id
        cls.partner.email = cls.SENDER
        cls.env["ar.reply.rule"]._get_book()  # once for the class

    def _receive(self, body, sender=SENDER, on=None, message_type="email", **values):
        """Post a message of the customer on its thread, as Odoo does for a mail; return what was read in it.

        :param str body: plain text
        """
        with self._on(on):
            thread = self.customer.sudo().with_context(**values.pop("context", {}))
            message = thread.message_post(
                body=Markup(values.pop("html", "")) or body,
                subject=values.pop("subject", "Re: Your invoice"),
                message_type=message_type,
                author_id=values.pop("author_id", self.partner.id),
                email_from=f"Accounts <{sender}>",
                subtype_xmlid="mail.mt_comment",
                **values,
            )
        self.env.invalidate_all()
        return self.env["ar.reply"].search([("message_id", "=", message.id)])

    def _task(self):
        return self._tasks(self.customer, "reply")

    def _as_collector(self, records):
        return records.with_user(self.collector).with_context(allowed_company_ids=self.company.ids)

    @classmethod
    def _set_hours(cls, **values):
        """Let the company work from Monday to Friday, 8 to 12 and 13 to 17, in UTC."""
        rows = [
            {
                "name": f"{day}-{start}",
                "dayofweek": str(day),
                "hour_from": start,
                "hour_to": start + 4,
                "day_period": part,
            }
            for day in range(5)
            for start, part in ((8, "morning"), (13, "afternoon"))
        ]
        calendar = (
            cls.env["resource.calendar"]
            .sudo()
            .create({"name": "Hours", "tz": "UTC", "attendance_ids": [Command.clear(), *map(Command.create, rows)]})
        )
        cls.policy.write({"calendar_id": calendar.id, **values})
        return calendar
