"""Why a customer is not contacted: one table row a code, then which code wins."""

from odoo.addons.ar_collections.core import decision as codes

from ..core_common import FIRM, FRIENDLY, CoreCase, dec


class TestExclusions(CoreCase):
    def test_each_veto_has_its_code(self):
        late = self.item(5)
        for code, facts in {
            "nothing_due": {"items": ()},
            "covered_by_credit": {"items": (late,), "credits": (self.credit(100),)},
            "excluded": {"items": (late,), "excluded": True},
            "paused": {"items": (late,), "paused_until": self.day(1)},
            "too_soon": {"items": (late,), "contacts": (self.TODAY,)},
            "no_address": {"items": (late,), "channels": frozenset({"letter", "call"})},
            "already_sent": {"items": (self.item(5, sent_steps=[(FRIENDLY, 2)]),)},
        }.items():
            with self.subTest(code=code):
                items = facts.pop("items")
                self.assertNotContacted(self.decide(*items, **facts), code)

    def test_not_due_yet_is_nothing_due(self):
        self.assertNotContacted(self.decide(self.item(-6)), "nothing_due")
        self.assertNotContacted(self.decide(self.item(0), rules=self.with_rules(steps=(FRIENDLY,))), "nothing_due")

    def test_one_day_late_is_due_but_has_nothing_to_send_yet(self):
        self.assertNotContacted(self.decide(self.item(1)), "already_sent")

    def test_a_weekend_is_no_working_day(self):
        for day in (self.day(3), self.day(4)):
            self.assertNotContacted(self.decide(self.item(5), today=day), "not_a_workday")

    def test_below_minimum(self):
        self.assertNotContacted(
            self.decide(self.item(5, 9.99), rules=self.with_rules(minimum_balance=dec(10))), "below_minimum"
        )
        self.assertContacted(self.decide(self.item(5, 10), rules=self.with_rules(minimum_balance=dec(10))), FRIENDLY)

    def test_the_pause_ends_on_its_day(self):
        self.assertNotContacted(self.decide(self.item(5), paused_until=self.day(1)), "paused")
        self.assertContacted(self.decide(self.item(5), paused_until=self.TODAY, resumed_on=self.TODAY), FRIENDLY)

    def test_a_channel_that_cannot_reach_the_customer_names_the_step_it_holds_back(self):
        decision = self.decide(self.item(5), channels=frozenset({"call"}))
        self.assertEqual((decision.code, decision.step, decision.has_message), ("no_address", FRIENDLY, False))

    def test_timing_names_the_step_it_holds_back(self):
        decision = self.decide(self.item(5), contacts=(self.TODAY,))
        self.assertEqual((decision.step, self.listed(decision)), (FRIENDLY, {1: 3}))

    def test_other_exclusions_name_none(self):
        self.assertIsNone(self.decide(self.item(5), excluded=True).step)


class TestExcludedItems(CoreCase):
    def test_an_item_that_is_excluded_as_a_whole_excludes_the_customer_with_its_code(self):
        for code in codes.ITEM_CODES:
            with self.subTest(code=code):
                self.assertNotContacted(self.decide(self.item(40, excluded=[(code, 100)])), code)

    def test_only_the_disputed_part_is_excluded(self):
        decision = self.decide(self.item(5, 100, excluded=[("disputed", 30)]))
        self.assertContacted(decision, FRIENDLY, {"EUR": 70})

    def test_an_open_promise_excludes_its_items_only(self):
        decision = self.decide(self.item(5, 100, excluded=[("promise_open", 100)]), self.item(4, 50, item_id=2))
        self.assertContacted(decision, FRIENDLY, {"EUR": 50})
        self.assertEqual(self.listed(decision), {2: 3})

    def test_several_reasons_add_up_but_never_below_zero(self):
        decision = self.decide(self.item(5, 100, excluded=[("disputed", 70), ("promise_open", 70)]))
        self.assertNotContacted(decision, "disputed")

    def test_the_first_reason_in_the_fixed_order_is_reported(self):
        for first, second in zip(codes.ITEM_CODES, codes.ITEM_CODES[1:], strict=False):
            item = self.item(5, 100, excluded=[(second, 50), (first, 50)])
            self.assertNotContacted(self.decide(item), first)

    def test_an_excluded_item_lends_its_age_to_no_other(self):
        # 40 days late but disputed: the step comes from the item that is 5 days late
        decision = self.decide(
            self.item(40, excluded=[("disputed", 100)], sent_steps=[(FIRM, 30)]), self.item(5, 60, item_id=2)
        )
        self.assertContacted(decision, FRIENDLY, {"EUR": 60})

    def test_a_late_item_that_is_excluded_lets_the_notice_for_the_next_one_pass(self):
        decision = self.decide(self.item(40, excluded=[("placed", 100)]), self.item(-4, 60, item_id=2))
        self.assertEqual((decision.action, self.listed(decision)), ("send", {2: -5}))


class TestWhichCodeWins(CoreCase):
    """What holds for longer is reported first: the account, then the customer, then the day, then the address."""

    def test_the_order(self):
        saturday, everything = (
            self.day(3),
            {
                "excluded": True,
                "paused_until": self.day(9),
                "contacts": (self.day(3),),
                "channels": frozenset(),
            },
        )
        item = self.item(5)
        credits = (self.credit(100),)
        self.assertNotContacted(self.decide(item, today=saturday, credits=credits, **everything), "covered_by_credit")
        self.assertNotContacted(self.decide(item, today=saturday, **everything), "excluded")
        everything.pop("excluded")
        self.assertNotContacted(self.decide(item, today=saturday, **everything), "paused")
        everything.pop("paused_until")
        self.assertNotContacted(self.decide(item, today=saturday, **everything), "too_soon")
        everything.pop("contacts")
        self.assertNotContacted(self.decide(item, today=saturday, **everything), "not_a_workday")
        self.assertNotContacted(self.decide(item, **everything), "no_address")

    def test_nothing_to_send_is_reported_before_the_wrong_day(self):
        self.assertNotContacted(self.decide(self.item(1), today=self.day(3), contacts=(self.day(3),)), "too_soon")
        self.assertNotContacted(self.decide(self.item(1), contacts=(self.TODAY,)), "already_sent")

    def test_who_is_not_reached_is_not_put_up_for_review(self):
        rules = self.with_rules(review_above=dec(1))
        self.assertNotContacted(self.decide(self.item(5), rules=rules, channels=frozenset()), "no_address")


class TestReview(CoreCase):
    def test_large_amounts_wait_for_a_person(self):
        rules = self.with_rules(review_above=dec(1000))
        for amount, action in [(1000, "send"), ("1000.01", "review")]:
            with self.subTest(amount=amount):
                self.assertEqual(self.decide(self.item(5, amount), rules=rules).action, action)

    def test_the_amount_is_what_is_asked_for_in_company_currency(self):
        rules = self.with_rules(review_above=dec(1000))
        items = self.item(5, 800), self.item(5, 900, item_id=2, currency="USD", booked=700)
        self.assertEqual(self.decide(*items, rules=rules).code, "needs_review")
        credits = (self.credit(500),)
        self.assertEqual(self.decide(*items, rules=rules, credits=credits).action, "send")

    def test_without_a_threshold_nothing_waits(self):
        self.assertEqual(self.decide(self.item(5, 10**9)).action, "send")

    def test_a_review_is_sent(self):
        self.assertTrue(self.decide(self.item(5), rules=self.with_rules(review_above=dec(1))).has_message)


class TestManualOrder(CoreCase):
    """A manual order overrides timing and review; credits, exclusions and pauses still apply."""

    def test_timing_and_review_do_not_stand_in_its_way(self):
        saturday = self.day(3)
        rules = self.with_rules(review_above=dec(1), minimum_gap_days=9)
        decision = self.decide(
            self.item(5), today=saturday, rules=rules, is_manual=True, contacts=(saturday,), automatic_today=True
        )
        self.assertContacted(decision, FRIENDLY)

    def test_everything_else_does(self):
        late = self.item(5)
        for code, facts in {
            "covered_by_credit": {"credits": (self.credit(100),)},
            "excluded": {"excluded": True},
            "paused": {"paused_until": self.day(1)},
            "no_address": {"channels": frozenset()},
        }.items():
            with self.subTest(code=code):
                self.assertNotContacted(self.decide(late, is_manual=True, **facts), code)
        self.assertNotContacted(self.decide(self.item(5, sent_steps=[(FRIENDLY, 0)]), is_manual=True), "already_sent")
        self.assertNotContacted(self.decide(self.item(5, excluded=[("disputed", 100)]), is_manual=True), "disputed")
