from .common_exceptions import ArExceptionsCommon


class TestExceptionsIdentity(ArExceptionsCommon):
    """Exceptions follow the customer when contacts are merged; what goes on was not granted anew."""

    def test_merged_accounts_keep_who_granted_what_goes_on(self):
        kept, _invoice = self._late(10, name="Kept")
        other, _invoice = self._late(10, name="Other")
        self._write(other, self.collector, pause_until=self.until, pause_reason="Flood")
        self._exclude(other)
        with self._on():
            kept.sudo()._absorb(other.sudo())
        found = self._exceptions(kept, state="open")
        self.assertEqual(sorted(found.mapped("kind")), ["exclusion", "pause"])
        self.assertEqual(found.filtered(lambda one: one.kind == "pause").user_id, self.collector)
        self.assertEqual(len(self._exceptions(kept, kind="pause")), 1)
        self.assertFalse(self._exceptions(other))

    def test_two_of_a_kind_are_one(self):
        kept, _invoice = self._late(10, name="Kept")
        other, _invoice = self._late(10, name="Other")
        for customer, reason in ((kept, "Flood"), (other, "Fire")):
            self._write(customer, self.collector, pause_until=self.until, pause_reason=reason)
        with self._on():
            kept.sudo()._absorb(other.sudo())
        self.assertEqual(len(self._exceptions(kept, kind="pause", state="open")), 1)
