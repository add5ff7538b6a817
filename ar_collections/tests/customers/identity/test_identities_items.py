from odoo.tests import tagged

from .common_identities import IdentitiesCommon


@tagged("post_install", "-at_install")
class TestItemsOfContacts(IdentitiesCommon):
    """What is booked on a person of a company is the company's: its debts are asked of it, its payments count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(name="Acme")
        cls.ann = cls._contact(cls.partner)
        cls.invoice = cls._invoice(cls.partner, 10, 100.0)
        cls.customer = cls._customer(cls.partner)

    def test_a_debt_of_a_person_is_asked_of_the_company_once(self):
        item = self._entry(self.ann, 60.0)
        mails = self._day()
        self.assertEqual(len(mails), 1)
        self.assertFalse(self._accounts(self.ann))
        lines = self._communications(self.customer).line_ids
        self.assertEqual(lines.move_line_id, self._debt(self.invoice) + item)
        self.assertFalse(self._nights())

    def test_a_payment_booked_on_a_person_is_credited(self):
        self._entry(self.ann, -100.0)
        self.assertEqual(self._day(), [])
        self.assertCode(self.customer, "covered_by_credit")
        self.assertEqual(self.customer.balance, 0)

    def test_a_company_that_owes_only_through_a_person_has_one_account(self):
        other = self._partner(name="Other", email="other@customer.example.com")
        self._entry(self._contact(other, "Bob"), 70.0)
        mails = self._day()
        account = self._accounts(other)
        self.assertEqual((len(account), account.balance, len(mails)), (1, 70.0, 2))

    def test_all_reports_agree(self):
        self._entry(self.ann, 60.0)
        self._entry(self.ann, -30.0)
        self._run()
        day = self.TODAY
        as_of, partner = self.env["ar.as.of"], self.partner.id
        statement = self.env["ar.statement"]._get_values(self.customer, day)["balance"]
        self.env.invalidate_all()
        ledger = sum(float(item.residual) for item in as_of._read_items(self.company, day, [partner]))
        aging = as_of._read_aging(self.company, day, by="customer")[partner]
        self.assertEqual((ledger, statement), (130.0, 130.0))
        self.assertEqual(float(aging.total), 130.0)
        self.assertEqual(self.customer.balance, 130.0)
        with self._on():
            self.assertEqual(sum(self.customer.open_line_ids.mapped("amount_residual")), 130.0)
            board = self.env["ar.team.board"].search([("collector_id", "=", self.collector.id)])
            self.assertEqual((board.customer_count, board.open_amount), (1, 130.0))
            debtor = self.env["ar.top.debtor"].search([("partner_id", "=", partner)])
            self.assertEqual((debtor.balance, debtor.customer_id), (130.0, self.customer))

    def test_a_person_selects_the_item_of_a_contact(self):
        item = self._entry(self.ann, 60.0)
        with self._on():
            self.assertEqual(item.with_user(self.collector)._check_selected(), self.customer)

    def test_a_grandchild_and_an_archived_contact_are_the_company_too(self):
        group = self._contact(self.partner, "Department")
        self._entry(self._contact(group, "Cy"), 20.0)
        self._entry(self._contact(self.partner, "Dan", active=False), 5.0)
        self._run()
        self.assertEqual(self.customer.balance, 125.0)
        self.assertEqual(len(self.env["ar.customer"].search([("partner_id.name", "in", ("Cy", "Dan"))])), 0)

    def test_a_subsidiary_is_a_customer_of_its_own(self):
        daughter = self._contact(self.partner, "Daughter", is_company=True, email="d@customer.example.com")
        self._entry(daughter, 20.0)
        self._run()
        self.assertEqual((self.customer.balance, self._accounts(daughter).balance), (100.0, 20.0))
        self.assertNotIn(20.0, [row["amount"] for row in self.customer._get_payment_history()])

    def test_a_disputed_item_of_a_person_is_in_the_key_figures(self):
        item = self._entry(self.ann, 60.0)
        self._dispute(self.customer, item)
        self.assertEqual(self.env["ar.metric.snapshot"]._read_disputed(self.company, self.TODAY), 60)

    def test_the_persons_items_can_be_promised_and_planned(self):
        item = self._entry(self.ann, 60.0)
        self._promise(self.customer, item)
        self._plan(self.customer, self._debt(self.invoice))
        self._run()
        self.assertCode(self.customer, "promise_open")
        self.assertFalse(self._nights())
