from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..customers.identity.common_identities import IdentitiesCommon
from .common_credit import ArCreditCommon


class TestLimits(ArCreditCommon):
    """Limits: none, cash only or an amount; who may set them, and what follows from them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 400)
        cls.partner = cls.customer.partner_id

    def _write(self, **values):
        self._limit(self.customer, values.pop("credit_limit", 500), **values)

    def test_a_limit_shows_the_exposure_at_once(self):
        self._write()
        self.assertEqual((self.customer.exposure, self._lines(self.customer)), (400, {"receivables": 400}))

    def test_a_customer_without_an_invoice_gets_a_limit(self):
        partner = self._partner(name="New Customer")
        page = partner.with_user(self.credit_manager)
        self.assertTrue(page.ar_can_set_limit)
        action = page.action_ar_set_limit()
        customer = self.env["ar.customer"].browse(action["res_id"])
        self._limit(customer, 700)
        self.assertEqual((customer.partner_id, customer.exposure, customer.credit_limit), (partner, 0, 700))
        self.assertFalse(page.ar_can_set_limit)
        with self.assertRaises(UserError):
            self._partner(name="Other").with_user(self._user("manager")).action_ar_set_limit()

    def test_what_nobody_can_mean_is_refused_with_the_way_out(self):
        for values, text in (
            ({"credit_limit": -1}, "cash only"),
            ({"credit_limit": float("nan")}, "number"),
            ({"credit_limit": 0}, "no limit or cash only"),
            ({"credit_limit_kind": "zero"}, "Only a limit of the kind"),
            ({"temporary_limit_kind": "amount", "temporary_limit": 900}, "last day"),
            ({"temporary_limit_kind": "zero", "temporary_until": date(2026, 6, 9)}, "passed"),
            ({"temporary_limit": 900}, "Only a limit of the kind"),
            ({"insured_amount": 900}, "last day"),
            ({"insured_amount": -1, "insured_until": date(2027, 1, 1)}, "negative"),
            ({"guarantee_amount": -1}, "negative"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                self._write(**values)
            self.assertEqual(self.customer.credit_limit_kind, "none")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_the_credit_manager_sets_limits(self):
        for user in (self._user("auditor"), self.collector, self._user("manager")):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).write({"credit_limit_kind": "zero"})
        self._write()
        for name, value in (("exposure", 0), ("exposure_lines", {}), ("exposure_on", False)):
            with self.assertRaises(AccessError):
                self.customer.with_user(self.credit_manager).write({name: value})

    def test_changes_are_logged(self):
        self._limit(self.customer.with_context(tracking_disable=False, mail_notrack=False), 500)  # off in tests
        self.flush_tracking()
        tracked = self.customer.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual({"credit_limit_kind", "credit_limit"}, set(tracked))

    def test_odoo_shows_the_same_limit(self):
        partner = self.partner.with_company(self.company)
        self._write(credit_limit=500)
        self.assertEqual(partner.credit_limit, 500)
        self._limit(self.customer, 0, credit_limit_kind="zero")
        self.assertEqual(partner.credit_limit, 0)

    def test_a_changed_copy_is_written_back_by_the_night_with_a_note(self):
        self._write(credit_limit=500)
        partner = self.partner.with_company(self.company)
        partner.credit_limit = 9999
        self.assertEqual(self.customer.credit_limit, 500)
        self._night()
        self.assertEqual(partner.credit_limit, 500)
        self.assertIn("9,999", self.customer.message_ids[:1].body)
        count = len(self.customer.message_ids)
        self._night()
        self.assertEqual(len(self.customer.message_ids), count)

    def test_a_temporary_limit_ends_by_itself(self):
        last = self.TODAY + timedelta(days=5)
        self._write(temporary_limit_kind="amount", temporary_limit=900, temporary_until=last)
        self.assertEqual(self.partner.with_company(self.company).credit_limit, 900)
        for day, limit in ((last, 900), (last + timedelta(days=1), 500)):
            self.assertEqual(float(self.customer._get_credit_limit(day).amount), limit)
            self._night(day)
            self.assertEqual(self.partner.with_company(self.company).credit_limit, limit)
        self.customer.with_user(self.credit_manager).credit_review_on = last  # what ended is no obstacle

    def test_what_equals_the_limit_passes_and_a_cent_more_does_not(self):
        over = [("is_over_limit", "=", True)]
        for limit, is_over in ((400, False), (399.99, True)):
            self._write(credit_limit=limit)
            with self._on():
                self.customer.invalidate_recordset()
                self.assertEqual(
                    (self.customer.is_over_limit, self.customer in self.customer.search(over)), (is_over,) * 2
                )
                not_over = self.customer.search([("is_over_limit", "=", False)])
                self.assertEqual(self.customer in not_over, not is_over)
        self._limit(self.customer, 0, credit_limit_kind="zero")
        with self._on():
            self.assertIn(self.customer, self.customer.search(over))

    def test_a_group_is_over_the_limit_of_its_head(self):
        head = self._customer(self._partner(name="Head"))
        other = self._partner(name="Sister", parent_id=head.partner_id.id)
        self.partner.parent_id = head.partner_id
        self._invoice(other, 4, 300)
        self._limit(head, 700, is_group_limit=True)
        self._night()
        sister = self._customer(other)
        family = head | self.customer | sister
        with self._on():
            self.assertFalse(any(family.mapped("is_over_limit")))
            self.assertIn("Room of the group", self.customer.credit_html)
        self._invoice(other, 4, 0.01)
        self._book()
        self.env.invalidate_all()
        with self._on():
            self.assertEqual(family.mapped("is_over_limit"), [True] * 3)
            self.assertIn("Over the limit", self.customer.credit_html)
        head.sudo().active = False  # which ends no limit
        self.env.invalidate_all()
        with self._on():
            self.assertEqual(family.mapped("is_over_limit"), [True] * 3)
            self.assertEqual(self.customer.search([("is_over_limit", "=", True)]), self.customer | sister)

    def test_salespeople_and_users_without_a_role_read_no_limit(self):
        self._write()
        for user in (self.internal_user, self.portal_user):
            user.write({"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]})
            with self.assertRaises(AccessError):
                self.customer.with_user(user).read(["credit_limit"])
        self.internal_user.group_ids += self.env.ref("ar_collections.ar_collections_group_salesperson")
        self.partner.user_id = self.internal_user
        own = self.customer.with_user(self.internal_user)
        self.assertEqual(own.balance, self.customer.balance)
        for name in ("credit_limit", "exposure", "credit_html", "is_over_limit"):
            with self.assertRaises(AccessError):
                own.read([name])

    def test_users_without_a_role_post_and_pay_for_limited_customers(self):
        self._write()
        biller = self.internal_user
        biller.write(
            {
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(4, self.env.ref("account.group_account_invoice").id)],
            }
        )
        invoice = self.invoice.with_user(biller).copy()
        invoice.action_post()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 800})


class TestLimitsFollow(ArCreditCommon):
    """Limits when contacts are merged or get a company, and those that were entered in Odoo before."""

    def _merge(self, source, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [(6, 0, (source | into).ids)], "dst_partner_id": into.id}
        )
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard.action_merge()
        self.env.invalidate_all()

    def test_merged_accounts_keep_the_strictest_limit_and_the_exposure_of_all(self):
        first, one = self._late(4, 300, name="First")
        second, two = self._late(4, 200, name="Second")
        self._limit(first, 900, guarantee_amount=50)
        self._limit(second, 400, temporary_limit_kind="amount", temporary_limit=600, temporary_until=date(2027, 1, 1))
        self._merge(two.partner_id, one.partner_id)
        self.assertEqual((first.credit_limit, first.temporary_limit, first.guarantee_amount), (400, 600, 50))
        self._book()
        self.assertEqual(self._lines(first), {"receivables": 500, "guarantee": -50})
        with self._on():
            self.assertEqual(one.partner_id.with_company(self.company).credit_limit, 600)

    def test_a_limit_is_kept_where_the_other_account_has_none(self):
        first, one = self._late(4, 300, name="First")
        second, two = self._late(4, 200, name="Second")
        self._limit(second, 400)
        self._merge(two.partner_id, one.partner_id)
        self.assertEqual((first.credit_limit_kind, first.credit_limit), ("amount", 400))

    def test_the_account_of_a_contact_that_gets_a_company_keeps_its_limit(self):
        customer, invoice = self._late(4, 300, name="Person", is_company=False)
        self._limit(customer, 400)
        company = self._partner(name="Company")
        with self._on():
            invoice.partner_id.parent_id = company
        self.env.invalidate_all()
        customer = self._customer(company)
        self.assertEqual((customer.credit_limit, customer.exposure), (400, 300))
        self.assertEqual(company.with_company(self.company).credit_limit, 400)

    def test_limits_that_were_entered_in_odoo_are_taken_over(self):
        self.company.account_use_credit_limit = True
        partners = self.env["res.partner"].with_company(self.company)
        self.env["ir.default"].set("res.partner", "credit_limit", 250, company_id=self.company.id)
        own, default, zero = (partners.browse(partner.id) for partner in self._partners(3))
        own.credit_limit, default.credit_limit, zero.credit_limit = 700, 250, 0
        for _time in range(2):
            self.env["ar.customer"].sudo()._import_limits()
        customer = self._customer(own)
        self.assertEqual((customer.credit_limit_kind, customer.credit_limit), ("amount", 700))
        accounts = self.env["ar.customer"].search([("partner_id", "in", (default | zero).ids)])
        self.assertFalse(accounts.filtered(lambda account: account.credit_limit_kind != "none"))
        self.assertEqual((own.credit_limit, default.credit_limit), (700, 250))


class TestLimitsSplit(ArCreditCommon, IdentitiesCommon):
    """Limits when a contact leaves its company."""

    def test_the_account_of_a_contact_that_leaves_has_no_limit_and_no_security(self):
        customer, invoice = self._late(4, 300, name="Company")
        member = self._contact(invoice.partner_id, "Leaving", email="leaving@customer.example.com")
        self._entry(member, 40.0)
        with self._on():
            insured = {"insured_amount": 500, "insured_until": date(2027, 1, 1)}
            self._limit(customer, 900, guarantee_amount=50, **insured)
            member.parent_id = False
        own = self._accounts(member)
        self.assertEqual((own.credit_limit_kind, own.guarantee_amount, own.insured_amount), ("none", 0, 0))
        self.assertEqual((customer.credit_limit, customer.insured_amount), (900, 500))
