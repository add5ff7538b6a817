from datetime import timedelta

from odoo.exceptions import UserError

from .common_request import ArRequestCommon


class TestCreditRequestDecided(ArRequestCommon):
    """From a request to the limit: authority, four eyes, substitutes, and what everybody is told."""

    def test_an_approved_limit_is_written_with_its_review_date_and_its_reason(self):
        self.policy.credit_review_months = 6
        request = self._request(20000)
        self.assertEqual((request.state, request.kind, request.requested_by_id), ("open", "limit", self.salesperson))
        self._approve(request, note="Good payer")
        self.assertEqual(self._limit_of(), ("amount", 20000))
        self.assertEqual(str(self.customer.credit_review_on), "2026-12-10")
        self.assertEqual(
            (request.state, request.decided_limit, request.decided_by_id), ("approved", 20000, self.credit_manager)
        )
        self.flush_tracking()
        tracked = self.customer.message_ids.filtered(lambda message: request.name in (message.body or ""))
        tracked = tracked.filtered("tracking_value_ids")
        self.assertIn("Good payer", tracked.body)
        self.assertEqual(tracked.author_id, self.credit_manager.partner_id)

    def test_less_is_approved_but_not_more(self):
        request = self._request(20000)
        with self.assertRaisesRegex(UserError, "more than was requested"):
            self._approve(request, 20001)
        self._approve(request, 12000)
        self.assertEqual(self._limit_of(), ("amount", 12000))
        self.assertEqual(request.decided_limit, 12000)

    def test_a_rejection_needs_a_reason_and_changes_nothing(self):
        request = self._request()
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._reject(request, "  ")
        self._reject(request, "Too many broken promises")
        self.assertEqual((request.state, request.decision_note), ("rejected", "Too many broken promises"))
        self.assertEqual(self._limit_of(), ("amount", 5000))

    def test_the_requester_is_told_and_gets_no_task(self):
        request = self._request()
        self.assertIn(request.activity_ids.user_id, self.credit_manager | self.second | self.env.user)
        self._reject(request, "Too high")
        told = self.env["mail.notification"].sudo().search([("res_partner_id", "=", self.salesperson.partner_id.id)])
        self.assertTrue([note for note in told if "Too high" in (note.mail_message_id.body or "")])
        self.assertFalse(request.activity_ids)

    def test_a_temporary_limit_replaces_the_limit_until_its_day(self):
        until = self.TODAY + timedelta(days=30)
        request = self._request(9000, duration="temporary", until=until)
        self.assertEqual(request.kind, "temporary")
        self._approve(request)
        self.assertEqual(self._limit_of(), ("amount", 5000))
        self.assertEqual((self.customer.temporary_limit, self.customer.temporary_until), (9000, until))

    def test_who_made_the_request_does_not_decide(self):
        request = self._request(user=self.credit_manager)
        self.assertFalse(request.with_user(self.credit_manager).can_decide)
        with self.assertRaisesRegex(UserError, "another credit manager"):
            self._approve(request)
        with self.assertRaisesRegex(UserError, "another credit manager"):
            self._reject(request)
        self._approve(request, user=self.second)
        self.assertEqual(self._limit_of(), ("amount", 20000))

    def test_authority_ends_at_its_amount(self):
        self._authority(self.credit_manager, 15000)
        request = self._request(20000)
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request)
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request, 15000.01)
        self._approve(request, 15000)
        self.assertEqual(self._limit_of(), ("amount", 15000))

    def test_an_authority_of_zero_approves_cash_only(self):
        self._authority(self.credit_manager, 0)
        request = self._request(20000)
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request, 1)
        with self._on():
            action = request.with_user(self.credit_manager).action_approve()
            wizard = self.env["ar.credit.request.decide"].with_user(self.credit_manager).browse(action["res_id"])
            wizard.kind = "zero"
            wizard.action_confirm()
        self.assertEqual(self._limit_of()[0], "zero")

    def test_a_substitute_decides_with_the_authority_of_who_is_absent(self):
        self._authority(self.credit_manager, 1000)
        self._authority(self.second, 50000)
        request = self._request(20000)
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request)
        self._away(self.second, self.credit_manager)
        self._approve(request)
        self.assertEqual(request.approval_ids.user_id, self.credit_manager)
        self.assertEqual(request.approval_ids.for_user_id, self.second)
        self.assertEqual(self._limit_of(), ("amount", 20000))

    def test_the_authority_of_an_absent_requester_does_not_count(self):
        self._authority(self.credit_manager, 1000)
        request = self._request(20000, user=self.second)
        self._away(self.second, self.credit_manager)
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request)

    def test_high_limits_need_a_second_person(self):
        self.policy.write({"uses_second_approval": True, "second_above": 10000})
        request = self._request(20000)
        self._approve(request)
        self.assertEqual((request.state, self._limit_of()), ("second", ("amount", 5000)))
        with self.assertRaisesRegex(UserError, "second person"):
            self._approve(request)
        self._approve(request, user=self.second)
        self.assertEqual((request.state, self._limit_of()), ("approved", ("amount", 20000)))
        self.assertEqual(request.approval_ids.user_id, self.credit_manager | self.second)

    def test_up_to_the_threshold_one_person_is_enough(self):
        self.policy.write({"uses_second_approval": True, "second_above": 20000})
        request = self._request(20000)
        self._approve(request)
        self.assertEqual(request.state, "approved")

    def test_a_substitute_is_no_second_person(self):
        self.policy.write({"uses_second_approval": True, "second_above": 10000})
        request = self._request(20000)
        self._approve(request)
        self._authority(self.second, 1000)
        self._away(self.credit_manager, self.second)
        with self.assertRaisesRegex(UserError, "second person"):
            self._approve(request, user=self.second)

    def test_what_is_decided_is_not_decided_again(self):
        request = self._request()
        self._approve(request)
        for decide in (self._approve, self._reject):
            with self.assertRaisesRegex(UserError, "decided or withdrawn already"):
                decide(request, user=self.second)
        with self.assertRaisesRegex(UserError, "decided or withdrawn already"):
            request.with_user(self.salesperson).action_withdraw()

    def test_the_approver_is_told_that_the_limit_was_changed_meanwhile(self):
        request = self._request()
        self.assertFalse(request.with_user(self.credit_manager).warning)
        self._limit(self.customer, 7000)
        self.env.invalidate_all()
        self.assertIn("7,000.00", request.with_user(self.credit_manager).warning)

    def test_days_to_decide(self):
        request = self._request()
        self.assertFalse(request.days_to_decide)
        with self._on(self.TODAY + timedelta(days=4)):
            request.with_user(self.credit_manager)._reject("Late")
        self.assertEqual(request.days_to_decide, 4)
        self._request()
        requests = self.env["ar.credit.request"].with_user(self.credit_manager)
        domain = [("customer_id", "=", self.customer.id)]
        self.assertEqual(requests._read_group(domain, [], ["days_to_decide:avg", "__count"]), [(4, 2)])

    def test_a_rate_that_is_missing_is_no_authority(self):
        currency = self.env["res.currency"].sudo().with_context(active_test=False).search(
            [("rate_ids", "=", False), ("id", "!=", self.company.currency_id.id)], limit=1
        )  # fmt: skip
        elsewhere = self.env["res.company"].sudo().create({"name": "Far", "currency_id": currency.id})
        self.credit_manager.sudo().write({"company_ids": [(4, elsewhere.id)], "company_id": elsewhere.id})
        self._authority(self.credit_manager, 99999)
        authority = self.credit_manager._ar_get_authority(self.company, self.TODAY)
        self.assertEqual(authority.up_to, 0)

    def test_it_waits_in_the_list_of_approvals_for_who_may_decide(self):
        self.policy.write({"uses_second_approval": True, "second_above": 10000})
        request = self._request(20000, user=self.collector)
        for user, may in ((self.collector, False), (self.credit_manager, True), (self.second, True)):
            row = self._waiting(user)
            with self.subTest(user=user.login):
                self.assertEqual((row.record_id, row.amount, row.may_decide), (request.id, 20000, may))
                self.assertFalse(row.can_approve)
        self.assertIn("20,000.00", row.question)
        self.assertEqual(row.action_open()["res_id"], request.id)
        self._approve(request)
        self.assertEqual((self._waiting(self.credit_manager).may_decide, self._waiting(self.second).may_decide), (0, 1))
        self._approve(request, user=self.second)
        self.assertFalse(self._waiting(self.second))

    def _waiting(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["ar.approval"].with_user(user).search([("kind", "=", "credit_request")])

    def test_a_limit_is_lowered_below_what_is_owed(self):
        self._invoice(self.payer, 5, 4000)
        self._approve(self._request(1000))
        self.assertEqual(self._limit_of(), ("amount", 1000))
        self._approve(self._request(0, wanted_kind="zero"))
        self.assertEqual(self._limit_of()[0], "zero")

    def test_no_limit_at_all_needs_an_authority_without_end(self):
        self._authority(self.credit_manager, 1000000)
        request = self._request(0, wanted_kind="none")
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request)
        self._approve(request, user=self.second)
        self.assertEqual(self._limit_of()[0], "none")
