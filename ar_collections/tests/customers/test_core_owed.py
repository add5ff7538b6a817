"""What customers are asked for apart from reminders."""

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.customers.owed import asked

from ..core_common import CoreCase, dec


class TestAsked(CoreCase):
    def asked(self, *excluded, **options):
        return asked(self.item(5, excluded=excluded), **options)

    def test_what_only_a_reminder_waits_for_is_asked_for(self):
        for code in codes.ITEM_CODES:
            with self.subTest(code):
                self.assertEqual(self.asked((code, 100)), 100 if code in ("recently_entered", "not_arrived") else 0)

    def test_reasons_of_other_modules_count(self):
        self.assertEqual(self.asked(("embargo", 40)), 60)

    def test_the_rest_of_an_item(self):
        self.assertEqual(self.asked(("disputed", 30), ("promise_open", 50), ("recently_entered", 100)), 20)
        self.assertEqual(self.asked(("disputed", 70), ("excluded", 100)), 0)

    def test_parts_that_are_asked_for_all_the_same(self):
        self.assertEqual(self.asked(("disputed", 30), ("promise_open", dec("50.5")), also={"promise_open"}), 70)
