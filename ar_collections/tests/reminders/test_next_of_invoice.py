from datetime import date, timedelta

from .groups.common_group import GroupCommon


class TestNextOfInvoice(GroupCommon):
    """The next reminder on the invoice: none, and no earlier date, where the customer as a whole is not reminded."""

    PAUSE = date(2026, 7, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(cls.north.partner_id, 12, 100)

    def _next(self):
        """Return (days of the next step, its date) as the invoice shows them."""
        self.env.invalidate_all()
        with self._on():
            return self.invoice.ar_next_step_id.days, self.invoice.ar_next_step_date

    def _pause(self, customer):
        customer.write({"pause_until": self.PAUSE, "pause_reason": "Talks"})

    def _exclude(self, customer):
        customer.write({"excluded": True, "exclusion_reason": "Lawyer"})

    def test_a_pause_moves_it(self):
        self.assertEqual(self._next(), (3, self.TODAY))
        self._pause(self.north)
        self._run()
        self.assertEqual(self._next(), (3, self.PAUSE))
        self.assertEqual(self._next()[1], self.north.next_date)

    def test_a_step_that_follows_after_the_pause_keeps_its_date(self):
        self.invoice = self._invoice(self.north.partner_id, (self.TODAY - self.PAUSE).days - 30, 100)
        before = self._next()
        self.assertGreater(before[1], self.PAUSE)
        self._pause(self.north)
        self.assertEqual(self._next(), before)

    def test_a_step_from_before_the_pause_is_followed_by_the_very_next_one(self):
        self.invoice = self._invoice(self.south.partner_id, 3, 100)
        self._day()
        self._pause(self.south)
        self.assertEqual(self._next(), (10, self.PAUSE))

    def test_whoever_is_excluded_or_archived_has_none(self):
        self._exclude(self.north)
        self.assertEqual(self._next(), (0, False))
        self.north.excluded = False
        self.assertEqual(self._next(), (3, self.TODAY))
        self.north.partner_id.active = False
        self.assertEqual(self._next(), (0, False))

    def test_there_is_none_before_collections_are_activated(self):
        self.company.ar_active = False
        self.assertEqual(self._next(), (0, False))

    def test_the_payer_decides_for_its_members(self):
        self._join(self.north)
        self.assertEqual(self._next(), (3, self.TODAY))
        self._pause(self.payer)
        self.assertEqual(self._next(), (3, self.PAUSE))
        self._exclude(self.payer)
        self.assertEqual(self._next(), (0, False))
        self.payer.excluded = False
        self.payer.partner_id.active = False
        self.assertEqual(self._next(), (0, False))

    def test_an_insolvent_payer_is_not_asked_for_its_members(self):
        self._join(self.north)
        insolvency = self.env["ar.insolvency"].with_user(self.collector)
        insolvency.create({"customer_id": self.payer.id, "opened_on": self.TODAY - timedelta(days=2)})
        self.assertEqual(self._next(), (0, False))
