from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.promises.request import PromiseRefused

from ...promises.common_promise import PromiseCommon
from ..common_credit import ArCreditCommon


class TestInsuranceClock(ArCreditCommon, PromiseCommon):
    """The insurer's dates count from the first due date of the oldest open invoice."""

    #: Due on 1 March 2026; extension until 30 April, notify and hand over by 30 May.
    DUE = date(2026, 3, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insured = cls._partner(name="Insured Buyer")
        cls.customer = cls._customer(cls.insured)
        cls.insurer = cls._partner(name="Cautious Insurance")
        with_insurance = cls.customer.with_user(cls.credit_manager)
        with_insurance.write(
            {"insurer_id": cls.insurer.id, "insured_amount": 10000, "insured_until": date(2026, 12, 31)}
        )
        cls.invoice = cls._invoice(cls.insured, (cls.TODAY - cls.DUE).days, 1000)

    def _clock(self):
        self.env.invalidate_all()
        return self.env["ar.credit.insurance"]._read_clocks(self.customer.sudo())[self.customer.sudo()][0]

    def _tasks(self):
        kinds = self.env["mail.activity.type"].search([("name", "like", "Credit Insurance")])
        tasks = self.customer.sudo().activity_ids.filtered(lambda task: task.activity_type_id in kinds)
        return {(task.activity_type_id.name.split(": ")[1], task.date_deadline) for task in tasks}

    def test_the_dates_of_the_example(self):
        """Due 1 March, 60 days: 30 April; 30 days more to notify and to hand over."""
        clock = self._clock()
        self.assertEqual(
            (clock.original_due_date, clock.extension_end, clock.notify_by, clock.hand_over_by),
            (self.DUE, date(2026, 4, 30), date(2026, 5, 30), date(2026, 5, 30)),
        )

    def test_a_moved_due_date_does_not_move_them(self):
        """Neither a date that is moved on the posted item, nor an invoice that is posted again with other terms."""
        self._debt(self.invoice).date_maturity = self.TODAY + timedelta(days=30)
        self.assertEqual(self._clock().original_due_date, self.DUE)
        self.invoice.button_draft()
        term = self.env["account.payment.term"].create(
            {"name": "Late", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 200})]}
        )
        self.invoice.invoice_payment_term_id = term
        self.invoice.action_post()
        self.assertEqual(self._clock().original_due_date, self.DUE)

    def test_an_invoice_with_another_amount_or_customer_is_a_new_one(self):
        """What the insurer hears of another debt counts from its own date."""
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 1500
        self.invoice.invoice_date_due = self.TODAY
        self.invoice.action_post()
        self.assertEqual(self._clock().original_due_date, self.TODAY)

    def test_the_oldest_open_invoice_counts(self):
        """Once it is paid, the next one does; with none there is no date."""
        newer = self._invoice(self.insured, 0, 50)
        self.assertEqual(self._clock().original_due_date, self.DUE)
        self._pay(self.invoice)
        self.assertEqual(self._clock().original_due_date, self.TODAY)
        self._pay(newer)
        self.assertIsNone(self._clock())

    def test_invoices_posted_before_the_insurance_count_with_their_due_date(self):
        """No original date was stored for them."""
        self._debt(self.invoice).sudo().ar_original_due_date = False
        self.assertEqual(self._clock().original_due_date, self.DUE)

    def test_a_promise_or_plan_beyond_the_cover_is_vetoed(self):
        """The message names the end of the cover, and what the way out is; with the insurer's consent it passes."""
        promised = {self.invoice: None}
        with self._on(date(2026, 4, 2)):
            veto = self.customer._find_veto(self._debt(self.invoice).ids, date(2026, 5, 15))
            self.assertFalse(self.customer._find_veto(self._debt(self.invoice).ids, date(2026, 4, 30)))
        self.assertIn("Apr 30, 2026" if "Apr" in veto else "04/30/2026", veto)
        self.assertIn("Cautious Insurance", veto)
        self.assertEqual(self._refusal(promised, date(2026, 5, 15)), "vetoed")
        self.customer.sudo().insurer_consent_until = date(2026, 5, 15)
        self.assertIsNone(self._refusal(promised, date(2026, 5, 15)))

    def _refusal(self, promised, day):
        try:
            self._promise(promised, day, on=date(2026, 4, 2), bound=False)
        except PromiseRefused as refused:
            return refused.code
        return None

    def test_tasks_come_before_the_dates_and_end_when_done(self):
        """Ten days before; a payment ends them all, what is done ends its own."""
        self._night(date(2026, 4, 19))
        self.assertFalse(self._tasks())
        self._night(date(2026, 4, 20))
        self.assertEqual(self._tasks(), {("End of Cover", date(2026, 4, 30))})
        self._night(date(2026, 5, 20))
        last = date(2026, 5, 30)
        self.assertEqual(
            self._tasks(),
            {("End of Cover", date(2026, 4, 30)), ("Notify the Insurer", last), ("Hand Over the Debt", last)},
        )
        self.customer.with_user(self.credit_manager).insurer_notified_on = date(2026, 5, 21)
        self._night(date(2026, 5, 21))
        self.assertNotIn(("Notify the Insurer", last), self._tasks())
        self._pay(self.invoice)
        self._night(date(2026, 5, 22))
        self.assertFalse(self._tasks())

    def test_a_task_is_created_once(self):
        """The night creates no second one, and none that somebody has done."""
        for _night in range(2):
            self._night(date(2026, 5, 20))
        customer = self.customer.sudo().with_context(active_test=False)
        tasks = customer.activity_ids
        self.assertEqual(len(tasks), 3)
        tasks[0].action_done()
        self._night(date(2026, 5, 21))
        self.assertEqual(customer.activity_ids, tasks)
        self.assertEqual(tasks.filtered("active"), tasks[1:])

    def test_tasks_are_for_managers_who_are_there(self):
        """Neither for OdooBot, which is archived and has every role, nor for who has left, nor for the collector."""
        self.env.ref("base.user_root").sudo().company_ids += self.company
        self._user("manager", login="insurance-manager")
        former = self.company._ar_get_manager()
        former.with_user(SUPERUSER_ID).active = False
        self._night(date(2026, 5, 20))
        manager, tasks = self.company._ar_get_manager(), self.customer.sudo().activity_ids
        self.assertTrue(manager.active)
        self.assertEqual(tasks.user_id, manager)
        former.active = True
        manager.active = False
        self.assertEqual(tasks.user_id, former)

    def test_beyond_the_extension_further_deliveries_are_not_covered(self):
        """What is owed stays secured, the room for the next order ends."""
        self.customer.sudo().write({"insured_percent": 100, "credit_limit_kind": "amount", "credit_limit": 500})
        with self._on(date(2026, 4, 30)):
            exposure = self.customer.sudo()._calculate_exposure(date(2026, 4, 30))[self.customer.sudo()]
            self.assertEqual(exposure.total, 1000 - 10000)
            exposure = self.customer.sudo()._calculate_exposure(date(2026, 5, 1))[self.customer.sudo()]
            self.assertEqual(exposure.total, 0)

    def test_people_read_the_dates(self):
        """The account says what is not covered, and what has to be done by when."""
        with self._on():
            text = self.customer.with_user(self.credit_manager).insurance_text
        self.assertIn("Not covered: an invoice is unpaid beyond the maximum extension period.", text)
        self.assertIn("handed over", text)

    def test_collectors_do_not_write_the_terms(self):
        """The decision of the insurer is the credit manager's."""
        customer = self.customer.with_user(self._user("collector", login="insurance-collector"))
        with self.assertRaises(AccessError):
            customer.write({"extension_days": 365})

    def test_negative_days_are_refused(self):
        """Days of a policy are never negative."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.customer.sudo().write({"extension_days": -1})
            self.customer.flush_recordset()

    def test_terms_longer_than_insured_are_a_gap(self):
        """The customer's own payment terms count, with the end of month."""
        term = self.env["account.payment.term"].create(
            {"name": "90", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 90})]}
        )
        self.insured.with_company(self.company).property_payment_term_id = term
        self.customer.sudo().insured_terms_days = 60
        gaps = self.env["ar.credit.insurance"]._read_gaps(self.customer.sudo(), date(2026, 3, 2))
        self.assertEqual(gaps[self.customer.sudo()], ("terms_too_long",))

    def test_queries_do_not_grow_with_the_customers(self):
        """One query for the items of a batch."""
        others = self.env["ar.customer"]
        for number in range(4):
            other = self._customer(self._partner(name=f"Insured {number}"))
            other.sudo().write({"insured_amount": 500, "insured_until": date(2026, 12, 31)})
            others |= other
        self.env.flush_all()
        reader = self.env["ar.credit.insurance"]
        counts = []
        for accounts in (self.customer.sudo(), (self.customer | others).sudo()):
            accounts.mapped("insured_amount")
            self.env["ar.facts"]._get_receivable_account_ids(self.company)
            before = self.env.cr.sql_log_count
            reader._read_clocks(accounts)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
