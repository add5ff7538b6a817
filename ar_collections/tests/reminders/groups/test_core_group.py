"""One decision for a payer and its members."""

from dataclasses import replace

from odoo.addons.ar_collections.core.facts import AccountFacts
from odoo.addons.ar_collections.core.payments import UnmatchedPayment
from odoo.addons.ar_collections.core.reminders.decide import decide
from odoo.addons.ar_collections.core.reminders.group import decision_of_member, members_next, together
from odoo.addons.ar_collections.core.reminders.upcoming import next_contact

from ...core_common import FIRM, FORMAL, FRIENDLY, CoreCase

PAYER, NORTH, SOUTH = 1, 20, 30


class TestGroup(CoreCase):
    """The payer owes nothing itself; north and south owe one item each."""

    def setUp(self):
        super().setUp()
        self.payer = AccountFacts(PAYER)
        self.north = self.account(NORTH, self.item(12, 100, item_id=NORTH))
        self.south = self.account(SOUTH, self.item(4, 50, item_id=SOUTH))

    def account(self, number, *items, **values):
        return AccountFacts(number, items=items, **values)

    def group(self, *members, payer=None, rules=None):
        return together(payer or self.payer, members or (self.north, self.south), rules or self.rules, self.TODAY)

    def decided(self, *members, payer=None, rules=None):
        return decide(self.group(*members, payer=payer, rules=rules), rules or self.rules, self.TODAY)

    def of_member(self, member, payer=None, **values):
        """Return the code of a member's decision."""
        payer = payer or self.payer
        own = decide(member, values.get("rules") or self.rules, self.TODAY)
        return decision_of_member(own, self.decided(member, payer=payer, **values), payer).code

    def test_one_message_lists_the_items_of_all(self):
        decision = self.decided()
        self.assertContacted(decision, FRIENDLY, {"EUR": 150})
        self.assertEqual([(entry.item.item_id, entry.item.member_id) for entry in decision.items],
                         [(NORTH, NORTH), (SOUTH, SOUTH)])  # fmt: skip

    def test_each_item_keeps_the_steps_that_were_sent_for_it(self):
        north = self.account(NORTH, self.item(12, 100, item_id=NORTH, sent_steps=[(FRIENDLY, 9)]))
        decision = self.decided(north, self.south)
        self.assertContacted(decision, FIRM, {"EUR": 150})
        self.assertEqual(self.listed(decision), {NORTH: 10, SOUTH: 3})
        # who joins with all steps sent adds nothing to be said again
        joined = self.account(SOUTH, self.item(40, 50, item_id=SOUTH, sent_steps=[(FORMAL, 2)]))
        self.assertNotContacted(self.decided(joined), "already_sent")

    def test_credits_count_within_their_account(self):
        rich = replace(self.north, credits=(self.credit(130),))
        decision = self.decided(rich, self.south)
        self.assertContacted(decision, FRIENDLY, {"EUR": 50})
        self.assertEqual(decision.credits, ())
        part = replace(self.north, credits=(self.credit(30),))
        decision = self.decided(part, self.south)
        self.assertContacted(decision, FRIENDLY, {"EUR": 120})
        self.assertEqual([(c.item_id, c.member_id) for c in decision.credits], [(90, NORTH)])
        self.assertContacted(
            self.decided(payer=replace(self.payer, credits=(self.credit(500),))), FRIENDLY, {"EUR": 150}
        )

    def test_what_holds_a_member_takes_its_items_out(self):
        held = {
            "paused": {"paused_until": self.day(9)},
            "excluded": {"excluded": True},
            "archived": {"archived": True},
            "delivery_unknown": {"delivery_unknown": True},
        }
        for code, values in held.items():
            with self.subTest(code):
                north = replace(self.north, **values)
                self.assertContacted(self.decided(north, self.south), FRIENDLY, {"EUR": 50})
                # That the items of all members are excluded is no reason of the payer's own, such as being archived.
                self.assertNotContacted(self.decided(north), "excluded" if code == "excluded" else "members_held")
                self.assertEqual(self.of_member(north), code)

    def test_what_holds_the_payer_holds_all(self):
        for code, values in {"paused": {"paused_until": self.day(9)}, "excluded": {"excluded": True}}.items():
            with self.subTest(code):
                payer = replace(self.payer, **values)
                self.assertNotContacted(self.decided(payer=payer), code)
                self.assertEqual(self.of_member(self.north, payer=payer), "payer_held")

    def test_a_payer_in_insolvency_proceedings_is_asked_for_its_own_later_debts_alone(self):
        payer = replace(self.payer, is_insolvent=True)
        self.assertNotContacted(self.decided(payer=payer), "insolvent")
        self.assertEqual(self.of_member(self.north, payer=payer), "payer_held")
        owing = replace(payer, items=(self.item(5, 10, item_id=PAYER),))
        self.assertContacted(self.decided(payer=owing), FRIENDLY, {"EUR": 10})
        self.assertEqual(self.of_member(self.north, payer=owing), "payer_held")

    def test_contacts_are_those_of_the_payer(self):
        called = replace(self.north, contacts=(self.TODAY,), automatic_today=True)
        self.assertContacted(self.decided(called, self.south), FRIENDLY, {"EUR": 150})
        self.assertNotContacted(self.decided(payer=replace(self.payer, contacts=(self.TODAY,))), "too_soon")
        self.assertNotContacted(self.decided(payer=replace(self.payer, channels=frozenset())), "no_address")

    def test_a_disputed_item_stays_out_and_its_member_says_so(self):
        north = self.account(NORTH, self.item(12, 100, item_id=NORTH, excluded=[("disputed", 100)]))
        self.assertContacted(self.decided(north, self.south), FRIENDLY, {"EUR": 50})
        self.assertEqual(self.of_member(north), "disputed")
        self.assertEqual(self.of_member(self.south), "payer_reminded")

    def test_unmatched_money_of_a_member_holds_its_items_and_that_of_the_payer_all(self):
        rules = self.with_rules(unmatched_hold_days=3, mention_unmatched=True)
        money = UnmatchedPayment(self.day(-1), self.day(-1), "EUR", self.north.items[0].residual)
        north = replace(self.north, unmatched=(money,))
        self.assertContacted(self.decided(north, self.south, rules=rules), FRIENDLY, {"EUR": 50})
        held = self.decided(north, rules=rules)
        self.assertNotContacted(held, "members_held")
        planned = next_contact(self.group(north, rules=rules), rules, held, self.TODAY, is_todays=True)
        self.assertEqual(planned.day, self.day(2))  # the hold ends
        self.assertNotContacted(
            self.decided(payer=replace(self.payer, unmatched=(money,)), rules=rules), "unmatched_payment"
        )
        old = replace(north, unmatched=(replace(money, booked_on=self.day(-9)),))
        self.assertEqual(len(self.decided(old, self.south, rules=rules).unmatched), 1)  # asked for, and named

    def test_the_minimum_counts_for_the_group(self):
        rules = self.with_rules(minimum_balance=120)
        self.assertContacted(self.decided(rules=rules), FRIENDLY, {"EUR": 150})
        self.assertNotContacted(self.decided(self.north, rules=rules), "below_minimum")

    def test_currencies_stay_apart(self):
        south = self.account(SOUTH, self.item(4, 50, item_id=SOUTH, currency="USD"))
        north = replace(self.north, credits=(self.credit(80, currency="USD"),))
        self.assertContacted(self.decided(north, south), FRIENDLY, {"EUR": 100, "USD": 50})

    def test_the_next_contact_of_a_member_is_the_first_that_lists_its_items(self):
        paused = replace(self.south, paused_until=self.day(12), resumed_on=self.day(12))
        group = self.group(self.north, paused)
        decision = decide(group, self.rules, self.TODAY)
        planned = members_next(group, self.rules, decision, self.TODAY, is_todays=True)
        # The pause ends on day 12; the payer was written to on days 7 and 8, as often as the policy allows in a week.
        self.assertEqual({member: each.day for member, each in planned.items()},
                         {NORTH: self.day(7), SOUTH: self.day(14)})  # fmt: skip
