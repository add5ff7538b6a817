from .common_request import ArRequestCommon


class TestCreditRequestIdentity(ArRequestCommon):
    """Requests follow the customer: when contacts merge, get a company or are deleted."""

    def _merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((source | target).ids, target)
        self.env.invalidate_all()

    def test_a_request_follows_the_account_that_is_kept(self):
        other = self._customer(self._partner(name="Kept Payer"))
        request = self._request()
        self._merge(self.payer, other.partner_id)
        self.assertEqual((request.customer_id, request.partner_id), (other, other.partner_id))
        self.assertTrue([message for message in request.message_ids if "was merged" in (message.body or "")])
        self._approve(request)
        self.assertEqual(self._limit_of(other), ("amount", 20000))

    def test_of_two_open_requests_one_is_kept(self):
        other = self._customer(self._partner(name="Kept Payer", user_id=self.salesperson.id))
        mine, theirs = self._request(), self._request(partner=other.partner_id)
        self._merge(self.payer, other.partner_id)
        self.assertEqual((mine.state, theirs.state), ("withdrawn", "open"))
        self.assertEqual(mine.customer_id, other)

    def test_a_contact_that_gets_a_company(self):
        request = self._request()
        company = self._partner(name="Parent Company")
        self.payer.write({"is_company": False, "parent_id": company.id})
        self.env.invalidate_all()
        self.assertEqual(request.partner_id, company)
        self.assertTrue([message for message in request.message_ids if "Parent Company" in (message.body or "")])

    def test_a_contact_that_is_deleted(self):
        partner = self._partner(name="Gone", user_id=self.salesperson.id)
        request = self._request(partner=partner)
        partner.unlink()
        self.env.invalidate_all()
        self.assertEqual(request.state, "withdrawn")
