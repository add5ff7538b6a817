from unittest.mock import patch

from odoo.tests import tagged

from ...formats import Formats
from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPast(ArPortalCommon):
    """Agreements so far, with which the limits of messages of several customers are compared."""

    def _get_links(self, reminders):
        """Return {customer: (has the link to the form of promises, to that of disputes)} of one batch."""
        self.env.invalidate_all()
        found = {}
        for reminder in reminders.with_context(ar_formats=Formats()):
            values = reminder._get_message_values()
            found[reminder.customer_id] = ("promise_url" in values, "dispute_url" in values)
        return found

    def test_a_batch_reads_them_once_and_each_customer_has_its_own_limits(self):
        self.policy.write({"promise_open_max": 1, "dispute_open_max": 1})
        stranger = self._partner(name="Other Payer")
        foreign = self._invoice(stranger, overdue_days=9, amount=77.0)
        other = self._customer(stranger)
        third = self._invoice(self.payer, overdue_days=2, amount=50.0)
        reminders = self._reminder(self.customer, self.old) | self._reminder(other, foreign)
        self.assertEqual(self._get_links(reminders), dict.fromkeys(self.customer | other, (True, True)))
        self.customer._promise(self.TODAY, {self._item(self.new).id: None})
        reason = self.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": self.collector.id})
        self.env["ar.dispute"].sudo()._raise_dispute(self.customer, reason, {self._item(third).id: None}, "Too much")
        facts = self.env.registry["ar.facts"]
        with patch.object(facts, "_read_past", autospec=True, side_effect=facts._read_past) as read:
            self.assertEqual(self._get_links(reminders), {self.customer: (False, False), other: (True, True)})
        self.assertEqual(read.call_count, 1)
