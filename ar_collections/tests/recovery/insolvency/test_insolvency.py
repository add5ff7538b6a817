"""Insolvencies: what is from before the opening stops everywhere, what is from later goes on."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError

from ....core.portal.allocation import RequestRefused
from .common_insolvency import OPENED, InsolvencyCommon


class TestInsolvency(InsolvencyCommon):
    def test_reminders_ask_for_later_debts_alone(self):
        self._open()
        self.assertEqual(self._held(), {self.old.name: 300.0, self.new.name: 100.0})
        self._run()
        message = self._communications(self.customer)
        self.assertEqual(message.line_ids.move_line_id, self._debt(self.later))

    def test_a_reminder_in_the_queue_is_not_sent(self):
        self._run()
        self._open()
        (mail,) = self._deliver()
        self.assertIn(self.later.name, mail["body"])
        self.assertNotIn(self.old.name, mail["body"])
        self.assertEqual(self._communications(self.customer)[:1].state, "cancelled")

    def test_the_customer_says_so_when_nothing_else_is_owed(self):
        self._pay(self.later)
        self._open()
        self._run()
        self.assertCode(self.customer, "insolvent")

    def test_a_debt_of_the_opening_day_is_from_before(self):
        for day, amount in ((OPENED, 30.0), (OPENED + timedelta(days=1), 40.0)):
            self._invoice(self.partner, amount=amount, invoice_date=day)
        self._open()
        self.assertEqual(sorted(self._held().values()), [30.0, 100.0, 300.0])

    def test_what_was_supplied_before_is_from_before_whenever_it_is_invoiced(self):
        self.later.button_draft()
        self.later.delivery_date = OPENED - timedelta(days=3)
        self.later.action_post()
        insolvency = self._open()
        self.assertIn(self.later.name, self._held())
        self.assertEqual((insolvency.amount_open, insolvency.amount_later), (450.0, 0.0))

    def test_an_invoice_that_is_posted_again_stays_held(self):
        self._open()
        self.old.button_draft()
        self.old.action_post()
        self.assertEqual(self._held()[self.old.name], 300.0)

    def test_the_amounts_before_and_later(self):
        insolvency = self._open()
        self.assertEqual((insolvency.amount_open, insolvency.amount_later), (400.0, 50.0))

    def test_dates_that_cannot_be(self):
        for values, text in (
            ({"opened_on": date(2026, 7, 1)}, "future"),
            ({"kind": "moratorium"}, "last day"),
            ({"kind": "moratorium", "until": date(2026, 5, 1)}, "before the opening"),
            ({"filing_deadline": date(2026, 5, 1)}, "before the opening"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, text):
                self._open(**values)

    def test_one_at_a_time(self):
        self._open()
        with self.assertRaisesRegex(UserError, "already"):
            self._open()

    def test_who_records_and_who_ends(self):
        with self.assertRaises(AccessError):
            self._open(user=self._user("auditor", login="insolvency-auditor"))
        insolvency = self._open()
        with self._on(), self.assertRaisesRegex(UserError, "Only the role"):
            insolvency.with_user(self.collector).action_end()
        with self.assertRaises(AccessError):
            self._finish(insolvency, "lifted", user=self.collector)
        with self._on(), self.assertRaisesRegex(UserError, "Only the role"):
            insolvency.with_user(self.collector).opened_on = OPENED - timedelta(days=300)
        with self._on(), self.assertRaises(AccessError):
            insolvency.with_user(self.collector).state = "lifted"
        with self._on(), self.assertRaisesRegex(UserError, "cannot be deleted"):
            insolvency.sudo().unlink()
        with self.assertRaisesRegex(UserError, "reason"):
            self._finish(insolvency, "lifted", reason="  ")
        self._finish(insolvency, "lifted")
        self.assertEqual((insolvency.state, insolvency.ended_on), ("lifted", self.TODAY))
        with self.assertRaisesRegex(UserError, "ended already"):
            self._finish(insolvency, "closed")

    def test_lifted_resumes_at_a_mild_step(self):
        insolvency = self._open()
        self._finish(insolvency, "lifted")
        self.assertEqual(self._held(), {})
        with self._on():
            items = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id].items
        resumed = {item.item_id: item.resumed_on for item in items}
        self.assertEqual(resumed[self._debt(self.old).id], self.TODAY)
        self.assertIsNone(resumed[self._debt(self.later).id])

    def test_closed_holds_and_suggests_the_write_off(self):
        insolvency = self._open()
        action = self._finish(insolvency, "closed")
        self.assertEqual(self._held(), {self.old.name: 300.0, self.new.name: 100.0})
        wizard = self.env["ar.write.off.new"].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.move_line_id, self._debt(self.old) | self._debt(self.new))
        self.assertEqual(wizard.reason_code, "insolvent")

    def test_a_moratorium_ends_by_itself(self):
        insolvency = self._open(kind="moratorium", until=date(2026, 7, 9))
        self.assertEqual(self._held(day=date(2026, 7, 9))[self.old.name], 300.0)
        self.assertEqual(self._held(day=date(2026, 7, 10)), {})
        for day, state in ((date(2026, 7, 9), "open"), (date(2026, 7, 10), "expired")):
            with self._on(day):
                self.env["ar.insolvency"].sudo()._expire_company(self.company, day)
            self.env.invalidate_all()
            self.assertEqual(insolvency.state, state)
        self.assertEqual(insolvency.ended_on, date(2026, 7, 10))
        self.assertEqual(self.customer.credit_status, "good")


class TestInsolvencyStops(InsolvencyCommon):
    def test_the_customer_is_on_hold_with_this_reason(self):
        insolvency = self._open()
        self.assertEqual(self.customer.credit_status, "hold")
        hold = self.env["ar.credit.hold"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(hold.reasons_text, "Insolvency proceedings were opened on 05/10/2026.")
        self.assertEqual((hold.causes, hold.until), ("insolvent", False))
        with self._on(), self.assertRaisesRegex(UserError, "ends with them"):
            self.customer.with_user(self.credit_manager)._release_hold(date(2026, 12, 31), "Important customer")
        self._finish(insolvency, "lifted")
        self.assertEqual((self.customer.credit_status, hold.until), ("good", self.TODAY))

    def _item(self, invoice):
        with self._on():
            items = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id].items
        return next(item for item in items if item.item_id == self._debt(invoice).id)

    def test_nothing_is_promised_or_placed(self):
        self._open()
        self.assertEqual(self.customer._get_free_to_place(self._item(self.old)), 0)

    def test_a_settlement_and_a_promise_end(self):
        with self._on():
            promise = self.customer._promise(date(2026, 6, 24), {self._debt(self.old).id: None})
            dialog = self.env["ar.settlement.new"].with_user(self.collector)
            found = dialog._open(
                self.customer.with_user(self.collector), self.company.currency_id, self._debt(self.new).ids
            )
            dialog = dialog.browse(found["res_id"])
            dialog.write({"amount_agreed": 60, "date_until": date(2026, 6, 30), "reason": "No assets"})
            settlement = self.env["ar.settlement"].browse(dialog.action_request()["res_id"])
        self._open()
        self.assertEqual((settlement.state, promise.state), ("withdrawn", "withdrawn"))

    def test_what_is_agreed_on_in_a_branch_ends_too(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.partner.with_company(branch).property_account_receivable_id = self._debt(self.old).account_id
        journal = self.company_data["default_journal_sale"]
        invoice = self._invoice(self.partner, 60, 80.0, company=branch, journal_id=journal.id)
        with self._on():
            account = self._customer(self.partner, branch)
            promise = account._promise(date(2026, 6, 24), {self._debt(invoice).id: None})
        self._open()
        self.assertEqual(promise.state, "withdrawn")
        self.assertEqual(len(account._get_agreement_rows()), 1, "its page says why, too")

    def test_odoos_own_page_offers_no_payment_of_it(self):
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        invoices = self.old | self.later
        self.assertEqual([invoice._has_to_be_paid() for invoice in invoices], [True, True])
        insolvency = self._open()
        with self._on():
            self.assertEqual([invoice._has_to_be_paid() for invoice in invoices], [False, True])
            self.assertEqual(self.old._get_online_payment_error(), "In insolvency proceedings")
            self.assertEqual(invoices._ar_find_claimed(), self.old)
        self._finish(insolvency, "lifted")
        with self._on():
            self.assertTrue(self.old._has_to_be_paid())

    def test_notices_in_the_queue_ask_for_nothing_of_it(self):
        self.policy.placement_notice = True
        self._place(self.old)
        notice = self.env["ar.communication"].search([("notice", "=", "placement_made")])
        self.assertEqual(notice.state, "planned")
        self._open()
        self._deliver()
        self.assertEqual(notice.state, "cancelled")

    def test_a_proposal_is_withdrawn(self):
        placement = self._propose()
        self._open()
        self.assertEqual(placement.state, "withdrawn")

    def test_the_agency_is_told_once(self):
        self.agency.delivery = "email"
        placement = self._place(self.old)
        with self.mock_mail_gateway():
            insolvency = self._open(court="District Court")
        told = placement.message_ids.filtered(lambda message: "Insolvency of the debtor" in (message.subject or ""))
        self.assertIn("District Court", told.body)
        self.assertEqual(told.partner_ids, self.agency.partner_id)
        self.assertEqual(placement.state, "placed")
        with self._on():
            insolvency.with_user(self.manager).opened_on = OPENED - timedelta(days=1)
        self.assertEqual(len(insolvency.activity_ids.filtered(lambda task: placement.name in task.summary)), 1)

    def test_no_link_to_pay_what_is_claimed(self):
        self._open()
        with self._on(), self.assertRaisesRegex(UserError, f"insolvency proceedings: {self.old.name}"):
            self._debt(self.old).with_user(self.collector).action_ar_pay_link()

    def test_the_page_asks_for_later_debts_and_explains(self):
        administrator = self._partner(name="Ada Minister", email="ada@trustee.example.com")
        self._open(administrator_id=administrator.id, reference="36 IN 12/26")
        with self._on():
            values = self.customer.sudo()._get_page_values()
        (group,) = values["groups"]
        self.assertEqual((group["open"], group["pay_all"]), (450.0, 50.0))
        rows = {row["name"]: row for row in group["rows"]}
        self.assertFalse(rows[self.old.name]["payable"])
        (status,) = rows[self.old.name]["statuses"]
        self.assertEqual(str(status["text"]), "In insolvency proceedings")
        self.assertTrue(rows[self.later.name]["payable"])
        (row,) = values["agreements"]
        self.assertIn("Ada Minister", row["text"])
        self.assertEqual(row["name"], "36 IN 12/26")
        payer = self._customer(self._partner(name="Head Office"))
        self.customer.payer_id = payer  # whose page offers the same
        with self._on():
            (section,) = payer.sudo()._get_page_values()["groups"][0]["members"]
            chosen = payer.sudo()._get_items_to_pay("all", group["currency"].name)
            with self.assertRaises(RequestRefused):
                payer.sudo()._allocate({self._debt(self.old).id: None})
        self.assertEqual((section["open"], list(chosen)), (450.0, self._debt(self.later).ids))

    def test_nobody_is_asked_to_explain_what_is_claimed(self):
        self._pay(self.later, self.later.amount_residual)
        with self._on():
            self.assertTrue(self.customer._may_explain())
        self._open()
        with self._on():
            self.assertFalse(self.customer._may_explain())

    def test_money_is_not_suggested_for_it(self):
        credit = self._invoice(self.partner, move_type="out_refund", amount=100.0)
        unmatched = self.env["ar.unmatched.payment"].search([("move_id", "=", credit.id)])
        self.assertEqual(unmatched.target_ids, self._debt(self.new))
        self._open()
        self.env.invalidate_all()
        with self._on():
            self.assertFalse(unmatched.target_ids & (self._debt(self.old) | self._debt(self.new)))

    def test_a_deadline_becomes_two_tasks_until_it_is_filed(self):
        insolvency = self._open(filing_deadline=date(2026, 6, 30))
        early, last = insolvency.activity_ids.sorted("date_deadline")
        self.assertEqual((early.date_deadline, last.date_deadline), (date(2026, 6, 23), date(2026, 6, 30)))
        self.assertIn("Prepare the claim", early.summary)
        self.assertIn("File the claim by Jun 30", last.summary)
        with self._on():
            insolvency.with_user(self.collector).write({"filed_on": self.TODAY, "amount_filed": 400.0})
        self.assertFalse(insolvency.activity_ids)


class TestInsolvencyFollows(InsolvencyCommon):
    """What it hangs on when customers merge or get a parent, and who else is shown."""

    def test_merged_accounts(self):
        other = self._partner(name="Late Payer twice")
        owed = self._invoice(other, overdue_days=60, amount=70.0)
        kept = self._customer(other)
        insolvency = self._open()
        with self._on():
            promise = kept._promise(date(2026, 6, 24), {self._debt(owed).id: None})
        merger = self.env["base.partner.merge.automatic.wizard"].create({})
        with self._on():
            merger._merge([other.id, self.partner.id], other)
        self.env.invalidate_all()
        self.assertEqual(insolvency.customer_id, kept)
        self.assertEqual((promise.state, kept.credit_status), ("withdrawn", "hold"))
        self.assertEqual(sorted(self._held(kept).values()), [70.0, 100.0, 300.0])

    def test_it_moves_with_the_account_below_a_parent(self):
        parent = self._partner(name="Parent", is_company=True)
        insolvency = self._open()
        self.partner.write({"parent_id": parent.id, "is_company": False})
        self.env.invalidate_all()
        self.assertEqual(insolvency.partner_id, self.partner.commercial_partner_id)
        self.assertEqual(self._held(insolvency.customer_id)[self.old.name], 300.0)

    def test_sisters_are_shown_and_not_concerned(self):
        parent = self._partner(name="Holding", is_company=True)
        sister = self._partner(name="Sister", is_company=True, parent_id=parent.id)
        self.partner.write({"parent_id": parent.id, "is_company": True})
        self._invoice(sister, overdue_days=100, amount=20.0)
        account = self._customer(sister)
        insolvency = self._open(customer=self._customer(self.partner))
        self.assertIn(account, insolvency.member_ids)
        self.assertEqual(self._held(account), {})
        self.assertEqual(account.credit_status, "good")
