from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_placements import PlacementCommon


@tagged("post_install", "-at_install")
class TestPlacements(PlacementCommon):
    """The life of a placement: proposed by one person, approved by another, paid, recalled."""

    # === TWO PERSONS === #

    def test_a_proposal_changes_nothing_until_another_person_approves_it(self):
        placement = self._propose()
        self.assertEqual((placement.state, placement.amount_total), ("ready", 400))
        self.assertEqual(self._excluded(), {self.old.name: 0, self.new.name: 0})
        with self._on():
            placement.with_user(self.credit_manager).action_approve()
        self.assertEqual((placement.state, placement.approved_by_id), ("placed", self.credit_manager))
        self.assertEqual(self._excluded(), {self.old.name: 300, self.new.name: 100})

    def test_nobody_approves_its_own_proposal(self):
        placement = self._propose(user=self.credit_manager)
        with self._on(), self.assertRaisesRegex(UserError, "another credit manager"):
            placement.with_user(self.credit_manager).action_approve()
        for user in (self.collector, self.manager):
            with self.assertRaisesRegex(UserError, "Only the role"):
                placement.with_user(user).action_approve()
        self.assertEqual(placement.state, "ready")

    def test_what_was_paid_or_promised_since_the_proposal_is_not_handed_over(self):
        placement = self._propose()
        self._pay(self.old, 120)
        with self._on():
            self.customer._promise(self.TODAY + timedelta(days=5), {self._debt(self.new).id: None})
            placement.with_user(self.credit_manager).action_approve()
        self.assertEqual(placement.line_ids.mapped("amount"), [180])

    def test_a_proposal_of_which_nothing_is_left_is_refused(self):
        placement = self._propose(self.new)
        self._pay(self.new)
        with self._on(), self.assertRaisesRegex(UserError, "Withdraw the proposal"):
            placement.with_user(self.credit_manager).action_approve()
        self.assertEqual(placement.state, "ready")

    # === WHAT MAY BE PLACED === #

    def test_what_is_in_a_plan_disputed_or_proposed_is_refused(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Price"})
        with self._on():
            self.env["ar.dispute"]._raise_dispute(
                self.customer, requested={self._debt(self.old).id: None}, reason=reason, note="too much"
            )
        with self.assertRaisesRegex(UserError, "disputed"):
            self._propose(self.old)
        self._propose(self.new)
        with self.assertRaisesRegex(UserError, "proposed already"):
            self._propose(self.new)

    def test_the_proposals_of_all_customers_by_their_policies(self):
        other, _invoice = self._late(overdue_days=95, amount=70.0, name="Another")
        early, _invoice = self._late(overdue_days=20, amount=70.0, name="Early")
        with self._on():
            action = self.env["ar.placement.new"].with_user(self.collector).with_company(self.company).action_open()
            wizard = self.env["ar.placement.new"].with_user(self.collector).browse(action["res_id"])
            found = {line.customer_id: (line.amount, line.code) for line in wizard.line_ids}
            self.assertEqual(found[self.customer], (400, "all_steps_sent"))
            self.assertEqual(found[other], (70, "all_steps_sent"))
            self.assertNotIn(early, found)
            wizard.line_ids.filtered(lambda line: line.customer_id == other).ticked = False
            wizard.action_propose()
            again = self.env["ar.placement.new"].with_user(self.collector).with_company(self.company).action_open()
        self.assertEqual(self.customer.placement_ids.mapped("state"), ["ready"])
        self.assertFalse(other.placement_ids)
        left = self.env["ar.placement.new"].browse(again["res_id"]).line_ids.customer_id
        self.assertNotIn(self.customer, left)

    def test_a_manager_may_place_before_the_policy_does_a_collector_may_not(self):
        early, _invoice = self._late(overdue_days=20, amount=70.0, name="Early")
        with self._on():
            with self.assertRaisesRegex(UserError, "Not late enough"):
                early.with_user(self.collector).action_place()
            action = early.with_user(self.manager).action_place()
            wizard = self.env["ar.placement.new"].with_user(self.manager).browse(action["res_id"])
            self.assertIn("Not late enough", wizard.hint)
            with self.assertRaisesRegex(UserError, "Only the role"):
                wizard.line_ids.with_user(self.collector).sudo(False)._propose()
            wizard.action_propose()
        self.assertEqual(early.placement_ids.code, "manual")

    def test_an_agency_of_another_company_is_refused(self):
        other = self._create_company(name="Another company")
        foreign = self._agency(company_id=other.id)
        with self.assertRaisesRegex(UserError, "Choose an agency of"):
            self._propose(agency=foreign)

    # === OUR REMINDERS === #

    def test_nothing_is_sent_about_placed_items_and_the_rest_goes_on(self):
        self._place(self.old)
        self.assertEqual(len(self._day()), 1)
        (sent,) = self._communications(self.customer)
        self.assertEqual(sent.line_ids.mapped("name"), [self.new.name])
        self.assertNotIn(self.old.name, sent.body)

    def test_a_customer_whose_debts_are_all_placed_is_left_alone(self):
        self._place()
        self._run()
        self.assertCode(self.customer, "placed")
        self.assertFalse(self._communications(self.customer))
        self.assertEqual(self.customer._get_free_amounts(), {})

    def test_the_page_names_the_agency_and_takes_money(self):
        self._place()
        with self._on():
            values = self.customer.sudo()._get_page_values()
        (row,) = values["agreements"]
        self.assertEqual(row["title"], "With Fair Collect")
        self.assertIn("cases@agency.example.com", row["text"])
        self.assertIn(self.old.name, row["text"])
        rows = [row for group in values["groups"] for row in group["rows"]]
        texts = {row["statuses"][0]["text"]._translate("en_US") for row in rows}
        self.assertEqual(texts, {"With an agency"})

    # === THE END === #

    def test_recalled_with_a_reason_reminders_resume(self):
        placement = self._place(self.old)
        later = self.TODAY + timedelta(days=30)
        self._end(placement, "recalled", later)
        self.assertEqual((placement.state, placement.ended_on), ("recalled", later))
        self.assertEqual(set(self._excluded(day=later).values()), {0})
        self._run(later + timedelta(days=3))
        self.assertIn(self.old.name, self._communications(self.customer)[-1].line_ids.mapped("name"))

    def test_not_within_the_exclusive_period_unless_a_manager_agreed_it(self):
        self.agency.exclusive_days = 90
        placement = self._place()
        with self.assertRaisesRegex(UserError, "September 8, 2026"):
            self._end(placement, "recalled")
        with self.assertRaisesRegex(UserError, "Only the role"):
            self._end(placement, "recalled", is_agreed=True)
        self._end(placement, "recalled", is_agreed=True, user=self.manager)
        self.assertEqual(placement.state, "recalled")

    def test_what_the_agency_could_not_collect_is_not_asked_for_by_itself(self):
        for outcome in ("uncollectible", "insolvent"):
            with self.subTest(outcome):
                placement = self._place()
                self._end(placement, outcome)
                self.assertEqual(set(self._excluded().values()), {300, 100})
                self._end(placement, "recalled")

    def test_what_is_refused_comes_back(self):
        placement = self._place()
        self._end(placement, "refused")
        self.assertEqual(set(self._excluded().values()), {0})
        with self._on(), self.assertRaisesRegex(UserError, "reload the page"):
            placement.with_user(self.collector).action_accepted()

    def test_placements_are_not_deleted(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self._place().sudo().unlink()

    def test_nobody_writes_a_placement_directly(self):
        placement = self._place().with_user(self.credit_manager)
        for values in ({"state": "paid"}, {"agency_id": self.agency.id}, {"requested_by_id": self.collector.id}):
            with self.assertRaises(AccessError):
                placement.write(values)
        placement.agency_reference = "A-1"

    # === COMMISSION RULES === #

    def test_commission_above_100_percent_is_refused(self):
        for values in ({"rates": ((0, 101),)}, {"rates": ((10, 20),)}, {"vat_percent": 120}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._agency(**values)
        with self.assertRaisesRegex(ValidationError, "between 0 and 100"):
            self.agency.rate_ids.percent = 130
