from datetime import timedelta

from odoo import models

from ...const import RENEWED_NOTICES, UNLIMITED_NOTICES, YIELDING_NOTICES


class ArCommunication(models.Model):
    """Pre-send check of notices that are renewed: what they say still holds, else they are written anew."""

    _inherit = "ar.communication"

    def _check_notices_before_sending(self):
        """Override to let statements give way, and to replace what changed since it was written."""
        yielding = self._find_yielding()
        for company, group in yielding.grouped("company_id").items():
            group._defer(company._ar_today() + timedelta(days=1))
        passed = super(ArCommunication, self - yielding)._check_notices_before_sending()
        return passed - passed.filtered(lambda notice: notice.notice in RENEWED_NOTICES)._replace_outdated()

    def _find_unchanged(self):
        """Override to add the notices whose contents are the same now, read together; nothing keeps them back."""
        found = super()._find_unchanged()
        renewed = self.filtered(lambda each: each.notice in RENEWED_NOTICES)
        # What changes at members is not noticed: statements and thanks of a payer are checked alone.
        members = renewed.customer_id._read_statement_members()
        renewed = renewed.filtered(lambda each: not members[each.customer_id])
        if not renewed:
            return found
        valid = (renewed - renewed._find_yielding()).filtered(lambda notice: notice._is_notice_valid())
        free = valid.browse().union(*(valid - valid.browse([each.id for each in valid._read_obstacles()])))
        return found | (free - free._find_outdated())

    def _find_yielding(self):
        """Return the automatic statements of self to customers for whom another automatic email waits: that goes first.

        Neither waits for the other for long: a statement in the queue takes no reminder's turn.
        """
        statements = self.filtered(lambda each: each.notice in YIELDING_NOTICES and not each.is_manual)
        if not statements:
            return statements
        waiting = self.sudo().search(  # the whole log counts, whatever the user may read
            [
                ("customer_id", "in", statements.customer_id.ids),
                ("state", "=", "planned"),
                ("is_manual", "=", False),
                ("notice", "not in", (*YIELDING_NOTICES, *UNLIMITED_NOTICES)),
            ]
        )
        automatic = waiting.filtered(lambda each: each._get_channel()._is_automatic)
        return statements.filtered(lambda each: each.customer_id in automatic.customer_id)

    def _is_rest_valid(self):
        """Override: the rest of the recipients get the same message as the first, or none."""
        if not super()._is_rest_valid():
            return False
        return self.notice not in RENEWED_NOTICES or not self._find_outdated()

    def _find_outdated(self):
        """Return those of these notices whose contents would be others now."""
        outdated = self.browse()
        for (_company, model), group in self.grouped(lambda each: (each.company_id, each.agreement_model)).items():
            records = self.env[model].browse(group.mapped("agreement_id"))  # one read for all of them
            contents = records._read_contents()
            changed = {record.id for record in records if record.contents != contents[record]}
            outdated |= group.filtered(lambda each, ids=changed: each.agreement_id in ids)
        return outdated

    def _replace_outdated(self):
        """Cancel those of these notices that are out of date, and queue what holds now.

        :return: the notices that were cancelled
        """
        outdated = self._find_outdated()
        for communication in outdated:
            record = communication._get_agreement().sudo()  # users may not write what was sent
            reason = record._find_reason()
            communication._cancel(reason or "outdated")
            if reason:
                record.write({"state": "left_out", "reason": reason})
            else:
                record._renew(is_manual=communication.is_manual)
                communication._pass_attempts(record.communication_id)
        return outdated

    def _get_table_texts(self):
        """Override to list what a statement says is open, a sentence for each item."""
        texts = super()._get_table_texts()
        if self.notice == "account_statement":
            translated = self.with_context(lang=self.lang)
            statement = translated._get_agreement()
            tables = map(translated._get_statement_texts, statement._get_mail_texts(self)["sections"])
            texts += [("//table[contains(@class, 'o_ar_statement')]", lines) for lines in tables]
        return texts

    def _get_statement_texts(self, section):
        """Return the lines of text about the open items of one currency, in the language of the context."""
        lines = []
        for row in section["rows"]:
            kind = "credit" if row["is_credit"] else "item"
            line = {**row, "kind": kind, "installment": "", "date_due": row["due"], "days_late": row["late"]}
            lines.append(self._get_row_text(line) + (f" ({row['status']})" if row["status"] else ""))
        if section["rows_left"]:
            values = {"number": section["rows_left"], "left": section["left"]}
            lines.append(self.env._("- and %(number)s more, on your page: %(left)s", **values))
        lines.append(self.env._("Balance: %(total)s", total=section["total"]))
        if section["overdue"]:
            lines.append(self.env._("Of which overdue: %(overdue)s", overdue=section["overdue"]))
        return lines

    def _get_preheader(self):
        """Override to show the name of the record, instead of the numbers of all that a statement lists."""
        if self.notice in RENEWED_NOTICES:
            return self._get_agreement().with_context(lang=self.lang).name
        return super()._get_preheader()
