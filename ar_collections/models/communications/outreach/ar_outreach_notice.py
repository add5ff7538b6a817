from odoo import Command, api, models
from odoo.tools import SQL

from ....const import NOTICES


class ArOutreachNotice(models.AbstractModel):
    """Sends notices to customers about their agreements, by e-mail or as a letter."""

    _inherit = "ar.outreach"

    @api.model
    def _notify(self, agreements, notice, is_manual=False, channel="email"):
        """Put a notice about each of the agreements into the mail queue, or among the letters to print.

        Nothing is sent before collections of the company are activated, and no automatic notice to customers who are
        excluded from reminders or archived. For a customer without a usable address the collector gets a task.

        :param agreements: records of a model that inherits `ar.agreement`
        :param str notice: one of ``const.NOTICES``; its template is ``mail_template_<notice>``
        :param bool is_manual: it answers what a person just did, so it is sent without regard to the contact limits
        :param str channel: ``email``, or ``letter``, of which nothing but the address is checked here
        :return: the communications created
        """
        self.env.flush_all()  # addresses are read with plain SQL
        addressed = agreements.filtered(
            lambda a: (
                a.company_id.ar_active
                and (is_manual or (a.customer_id.partner_id.active and not a.customer_id.excluded))
            )
        )
        addressed = self._with_template(addressed, notice)
        recipients = self.env["ar.facts"]._read_recipients(addressed.customer_id)
        model = self.env["ar.channel"]._get(channel)
        reached = addressed.filtered(lambda a: model._reaches_any(recipients[a.customer_id.id]))
        for agreement in addressed - reached:
            reader = agreement.customer_id._in_staff_language()
            reader._add_task(
                "ar_collections.mail_activity_type_address",
                reader.env._("%(number)s: no email could be sent, correct the address", number=agreement.name),
            )
        log = self.env["ar.communication"].sudo()  # users have no create access to the log
        readers = self.env["res.partner"].browse({row["id"] for rows in recipients.values() for row in rows})
        readers.mapped("lang")  # reads them at once, with all that messages name
        communications = log.create(
            [self._prepare_notice_vals(a, notice, is_manual, recipients[a.customer_id.id], channel) for a in reached]
        )
        self._render(communications)
        self._send(communications)
        self._trigger_mail_queue()
        return communications

    @api.model
    def _get_notice_template(self, notice):
        """Return the template of a notice; empty where an administrator deleted it."""
        found = self.env.ref(f"ar_collections.mail_template_{notice}", raise_if_not_found=False)
        return found or self.env["mail.template"]

    @api.model
    def _with_template(self, agreements, notice):
        """Return the agreements about which the notice can be written.

        Not where an administrator archived its template, who does not want it, or deleted it, which `ar.mail.health`
        reports: what a customer or a colleague does goes on without the message. Some agreements bring their own.
        """
        template = self._get_notice_template(notice)
        if not agreements or template.sudo().active:  # templates are read by whoever edits them
            return agreements
        return agreements.filtered(lambda a: "mail_template_id" in a._get_notice_vals(notice))

    @api.model
    def _find_deleted(self):
        """Return the names of the notices whose template was deleted, in the user's language; in one query."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT data.name
                  FROM ir_model_data data
                  JOIN mail_template template ON template.id = data.res_id
                 WHERE data.module = 'ar_collections' AND data.model = 'mail.template'
                """
            )
        )
        there = {name for (name,) in rows}
        labels = dict(self.env["ar.communication"]._fields["notice"]._description_selection(self.env))
        return [labels[notice] for notice, _label in NOTICES if f"mail_template_{notice}" not in there]

    @api.model
    def _prepare_notice_vals(self, agreement, notice, is_manual, rows, channel="email"):
        """Return the values of the communication about one agreement, with its lines at their present amounts."""
        customer, today = agreement.customer_id, agreement.company_id._ar_today()
        model = self.env["ar.channel"]._get(channel)
        selected = model._choose_recipients(rows)
        first = self.env["res.partner"].browse(selected[0]["id"])
        members, log_lines = agreement._get_notice_members(notice), self.env["ar.communication.line"]
        lines = [
            {
                **log_lines._prepare_line_vals(line, "item" if amount >= 0 else "credit", None, amount, today),
                "member_id": members.get(line.id),
            }
            for line, amount in agreement._get_notice_lines(notice)
        ]
        further = agreement._get_notice_vals(notice)
        if "mail_template_id" not in further:
            further["mail_template_id"] = self._get_notice_template(notice).id
        return {
            "customer_id": customer.id,
            "notice": notice,
            "agreement_model": agreement._name,
            "agreement_id": agreement.id,
            "state": "planned",
            "is_manual": is_manual,
            "date": today,
            "date_sent": today,
            "channel": channel,
            "tone": "friendly",
            "user_id": customer.collector_id.id,
            **self._prepare_address_vals(model, customer, selected),
            "lang": self._choose_lang(customer, first),
            "is_for_group": any(values["member_id"] for values in lines),
            "line_ids": [Command.create(values) for values in lines],
            **further,
        }
