from odoo.tests import tagged

from ...customers.identity.test_merge import MergeCommon
from .common_review import ReviewCommon


class TestDataDuplicates(ReviewCommon):
    """Contacts that are probably one customer are listed once, and lead to Odoo's merge."""

    def _twin(self, **values):
        return self._client(**{"name": "Twin", "email": "twin@customer.example.com", "vat": False, **values})

    def test_the_same_vat_number_in_another_form(self):
        twin = self._twin(vat="BE0477472701")
        self.env.cr.execute("UPDATE res_partner SET vat = '0477.472.701' WHERE id = %s", twin.ids)
        self.env.invalidate_all()
        self.assertEqual(self._codes(), {"same_vat"})
        action = self._findings().action_fix()
        self.assertEqual(set(action["context"]["active_ids"]), {self.partner.id, twin.id})
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual((wizard.state, wizard.partner_ids), ("selection", self.partner | twin))
        twin.active = False
        self.assertEqual(self._codes(), set())

    def test_a_pair_of_customers_is_listed_with_the_older_one(self):
        newer = self._open_account(self._twin(email="clean@customer.example.com", vat="/"))
        self.assertEqual(self._codes(), {"same_email"})
        self.assertFalse(self._findings(newer))

    def test_what_is_the_same_in_several_ways_is_listed_once(self):
        self._twin(name="CLEAN.", email="clean@customer.example.com", vat=self.VAT)
        self.assertEqual(self._codes(), {"same_vat"})

    def test_persons_and_companies_of_one_group_are_no_duplicates(self):
        person = {"parent_id": self.partner.id, "email": self.partner.email, "name": "Clean"}
        self.env["res.partner"].create([person, {**person, "is_company": True, "vat": self.VAT}])
        self.assertEqual(self._codes(), set())

    def test_companies_of_one_holding_are_no_duplicates(self):
        holding = self._client("Holding", "clean@customer.example.com", vat="/")
        values = {"vat": "/", "parent_id": holding.id, "email": "clean@customer.example.com"}
        first, _second = self._twin(name="South", **values), self._twin(name="North", **values)
        self.assertEqual(self._codes(self._open_account(first)), set())

    def test_customers_of_one_accountant_are_told_apart_by_their_vat_numbers(self):
        self._twin(email="clean@customer.example.com", vat="BE0428759497")
        self.assertEqual(self._codes(), set())

    def test_companies_of_one_name_in_two_countries_and_persons_of_one_name(self):
        self._twin(name="Clean", country_id=self.env.ref("base.fr").id)
        self._twin(name="Clean", is_company=False)
        self.assertEqual(self._codes(), set())
        john = self._client("John Smith", "john@customer.example.com", is_company=False, zip="1000", vat=False)
        account = self._open_account(john)
        other = self._twin(name="John Smith", is_company=False, zip="2000")
        self.assertEqual(self._codes(account), set())
        other.zip = "1000"
        self.assertEqual(self._codes(account), {"same_name"})

    def test_an_address_that_many_share_says_nothing(self):
        for _number in range(12):
            self._twin(name=f"Shop {_number}", email="clean@customer.example.com")
        self.assertEqual(self._codes(), set())

    def test_contacts_of_another_company_and_our_own_are_left_out(self):
        other = self._create_company(name="Second")
        self._twin(name="Clean", company_id=other.id)
        other.partner_id.write({"name": "Clean", "country_id": self.belgium.id})
        self.assertEqual(self._codes(), set())


@tagged("post_install", "-at_install")
class TestFindingsMerged(MergeCommon):
    """What becomes of findings when customers are merged."""

    def _review(self):
        self.company.sudo().ar_reviewed_on = False
        with self._on():
            self.env["ar.customer"].sudo().with_company(self.company)._review_data_company(self.company, self.TODAY)
        self.env.invalidate_all()

    def _open(self):
        return self.env["ar.data.finding"].search([("state", "!=", "solved")])

    def test_the_findings_of_the_other_are_over_and_the_night_looks_anew(self):
        self.first.sudo().write({"data_confirmed_on": "2026-01-05", "data_confirmed_by_id": self.collector.id})
        self.second.sudo().write({"data_confirmed_on": "2026-06-05"})
        self._review()
        self.assertIn("same_email", self._open().filtered(lambda f: f.customer_id == self.first).mapped("code"))
        self._merge(self.two, into=self.one)
        self.assertEqual(self._open().customer_id, self.first)
        self.assertNotIn("same_email", self._open().mapped("code"))
        self.assertEqual(str(self.first.data_confirmed_on), "2026-01-05")  # of the account that is kept
        self._review()
        self.assertEqual(len(self._open().filtered(lambda f: f.code == "no_phone")), 1)

    def test_a_customer_that_gets_a_parent_leaves_its_findings(self):
        self._review()
        self.two.write({"is_company": False, "parent_id": self.one.id})
        self._review()
        self.assertEqual(self._open().customer_id, self.first)
