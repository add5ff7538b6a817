import io
import time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.formats import format_date
from odoo.addons.ar_collections.notification import RELOAD, notification

from ...core.evidence import kind_of, refusal


class ArStripeEvidenceSend(models.Model):
    """Evidence goes to Stripe: staged as often as wanted, submitted once."""

    _inherit = "ar.stripe.evidence"

    def _send(self, submit):
        """Stage the evidence, or submit it. Stripe is asked first: another person may have answered there.

        :param bool submit: submit it, for good
        :return: the action that shows what happened
        :raise UserError: where Stripe takes nothing any more, or it is too much; nothing is lost
        """
        self.ensure_one()
        self.lock_for_update()  # of two presses, the second finds it submitted
        self.invalidate_recordset(["state"])
        chargeback = self.stripe_dispute_id
        chargeback.transaction_id.lock_for_update()  # as the handler of events, which follows the answer
        current = self._ask(lambda v1: v1.disputes.retrieve(chargeback.reference)).to_dict()
        details = current.get("evidence_details") or {}
        code = refusal(current["status"], details.get("due_by"), details.get("submission_count"), time.time())
        if code == "submitted":
            self._follow(current)
            text = self.env._("The evidence was submitted already. Nothing was sent.")
            return notification(text, "warning", RELOAD)
        if code:
            raise UserError(self._explain(code, current["status"], details.get("due_by")))
        self._check_size()
        self._require_content()
        self._hand_over(submit)
        text = self.env._("The evidence was submitted.") if submit else self.env._("The evidence is staged at Stripe.")
        return notification(text, after=RELOAD)

    def _hand_over(self, submit):
        """Send the evidence to Stripe and note it; parameter as in `_send`."""
        values = {"evidence": self._prepare_evidence(), "submit": submit}
        reference = self.stripe_dispute_id.reference
        answer = self._ask(lambda v1: v1.disputes.update(reference, values)).to_dict()
        now = fields.Datetime.now()
        self.write({"state": "staged", "staged_on": now})
        if submit:
            self.write({"state": "submitted", "submitted_on": now, "submitted_by_id": self.env.uid})
        self._follow(answer)
        self._log(submit)

    def _ask(self, call):
        """Return Stripe's answer to a call with the key of the provider."""
        return self.env["ar.stripe.client"]._ask(self.stripe_dispute_id.provider_id, call)

    def _follow(self, data):
        """Bring the chargeback in step with Stripe's answer, as the event that follows does."""
        chargeback = self.stripe_dispute_id
        chargeback._update_from_stripe(chargeback.transaction_id, data)

    def _require_content(self):
        """Check that there is anything to send.

        :raise UserError: with what to do
        """
        if not self.line_ids.filtered("is_given"):
            raise UserError(self.env._("There is no evidence yet: press Gather Again, or add a text or a file."))

    def _prepare_evidence(self):
        """Return {field of Stripe: text, or number of an uploaded file}; what was staged and removed is ``""``."""
        given = self.line_ids.filtered("is_given")
        evidence = {}
        if self.staged_on:
            evidence = dict.fromkeys(dict(given._fields["field"].selection), "")
        for line in given:
            evidence[line.field] = self._upload(line) if line.is_file else line.text.strip()
        return evidence

    def _upload(self, line):
        """Return the number of a file at Stripe; a file that did not change is uploaded once."""
        if not line.stripe_file:
            content = line._get_content()
            stream = io.BytesIO(content)
            stream.name = f"{line.field}.{kind_of(content)}"  # Stripe's library reads it
            values = {"purpose": "dispute_evidence", "file": stream}
            line.stripe_file = self._ask(lambda v1: v1.files.create(values)).id
        return line.stripe_file

    def _explain(self, code, status, due_by):
        """Return why Stripe takes no evidence, as a sentence."""
        if code == "impossible":
            return self.env._("No answer is possible: the bank's decision is final, as for most bank debits.")
        if code == "late":
            moment = self.stripe_dispute_id._to_datetime(due_by)
            day = format_date(self.env, self.company_id._ar_day(moment))
            return self.env._(
                "Stripe took evidence until %(day)s. Nothing was sent, and all is kept here: ask Stripe's support.",
                day=day,
            )
        return self.env._("Stripe takes no evidence in the status “%(status)s”. Nothing was sent.", status=status)

    def _log(self, submit):
        """Log on the customers' threads that evidence was staged or submitted."""
        for dispute in self.stripe_dispute_id.dispute_ids:
            values = {"number": self.stripe_dispute_id.reference}
            dispute._log_on_thread(
                dispute.env._("evidence in chargeback %(number)s submitted", **values)
                if submit
                else dispute.env._("evidence in chargeback %(number)s staged at Stripe", **values)
            )
