from datetime import timedelta

from odoo.exceptions import UserError

from .common_exceptions import ArExceptionsCommon


class TestExceptions(ArExceptionsCommon):
    """Each exception is listed with who, why, from and until, and a button to where it is changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager")
        cls.customer, cls.invoice = cls._late(10, amount=500.0)

    def test_exclusions(self):
        exclusion = self._exclude(self.customer)
        found = self._exceptions(self.customer)
        self.assertEqual(
            (found.kind, found.code, found.reason, found.user_id, found.until, found.state),
            ("exclusion", "overdue", "Seasonal business", self.credit_manager, self.until, "open"),
        )
        self.assertEqual(found.about, "Overdue")
        self.assertEqual(found.action_open()["res_id"], exclusion.id)

    def test_exclusions_for_a_policy_and_for_all_have_no_customer(self):
        self._exclude(scope="segment", policy_id=self.policy.id)
        self._exclude()
        found = self._exceptions(kind="exclusion")
        self.assertEqual(sorted(found.mapped("scope")), ["all", "segment"])
        self.assertFalse(found.customer_id)

    def test_holds_by_a_person(self):
        self._decide(self.customer, "hold", until=self.until)
        found = self._exceptions(self.customer)
        self.assertEqual(
            (found.kind, found.reason, found.user_id, found.since, found.until),
            ("hold", "Agreed by phone", self.credit_manager, self.TODAY, self.until),
        )
        self.assertEqual(found.action_open()["res_model"], "ar.customer")
        self._decide(self.customer, "end")
        self.assertEqual(self._kinds(self.customer), [])
        self.assertEqual(self._exceptions(self.customer, state="ended").ended_on, self.TODAY)

    def test_releases_of_customers_are_their_exclusions(self):
        self._rules({"use_days": True, "days": 5})
        self._refresh(self.customer)
        self._decide(self.customer, "release", until=self.until)
        self.assertEqual(self._kinds(self.customer), ["exclusion"])

    def test_risk_classes_set_manually(self):
        with self._on():
            self.customer.sudo().with_user(self.credit_manager).sudo()._override_class("A", "New owner", self.until)
        found = self._exceptions(self.customer)
        self.assertEqual((found.kind, found.about, found.reason), ("risk_class", "A", "New owner"))
        self.assertEqual(found.user_id, self.credit_manager)

    def test_another_class_is_another_exception(self):
        account = self.customer.with_user(self.credit_manager).sudo()
        with self._on():
            account._override_class("A", "New owner", self.until)
            account._override_class("B", "New owner", self.until)
            account._override_class("B", "New owner", self.until + timedelta(days=5))
        self.assertEqual(self._exceptions(self.customer, state="open").about, "B")
        self.assertEqual(self._exceptions(self.customer, state="open").until, self.until + timedelta(days=5))
        self.assertEqual(self._exceptions(self.customer, state="ended").about, "A")

    def test_pauses_and_exclusions_from_reminders(self):
        self._write(self.customer, self.collector, pause_until=self.until, pause_reason="Flood")
        found = self._exceptions(self.customer)
        self.assertEqual((found.kind, found.reason, found.user_id), ("pause", "Flood", self.collector))
        self.assertEqual(found.until, self.until - timedelta(days=1))  # reminders resume on the day itself
        self._write(self.customer, self.collector, excluded=True, exclusion_reason="Our own branch")
        self.assertEqual(self._kinds(self.customer), ["no_reminders", "pause"])
        with self._on():
            self.customer.with_user(self.collector).action_resume()
        self.assertEqual(self._kinds(self.customer), [])
        self.assertEqual(len(self._exceptions(self.customer, state="ended")), 2)

    def test_policies_set_manually(self):
        other = self._policy(name="Another")
        self._write(
            self.customer, self.manager, policy_override_id=other.id, policy_override_reason="Wants letters",
            policy_override_until=self.until,
        )  # fmt: skip
        found = self._exceptions(self.customer)
        self.assertEqual((found.kind, found.about, found.reason), ("policy", "Another", "Wants letters"))
        with self.assertRaisesRegex(UserError, "has passed"):
            self._write(self.customer, self.manager, policy_override_until=self.TODAY - timedelta(days=1))

    def test_the_next_policy_does_not_inherit_reason_and_end(self):
        values = {
            "policy_override_id": self.policy.id,
            "policy_override_reason": "Old",
            "policy_override_until": self.until,
        }
        self._write(self.customer, self.manager, **values)
        self._write(self.customer, self.manager, policy_override_id=False)
        self.assertFalse(self.customer.policy_override_reason or self.customer.policy_override_until)
        self.assertEqual(self._kinds(self.customer), [])

    def test_a_declined_proposal_is_a_policy_set_manually(self):
        other = self._policy(name="For large ones")
        self.customer.sudo().proposed_policy_id = other
        with self._on():
            self.customer.with_user(self.manager).action_keep_policy()
        self.assertIn("For large ones", self._exceptions(self.customer).reason)

    def test_limits(self):
        self._limit(self.customer, 1000)
        self.assertEqual(self._kinds(self.customer), [], "the first limit is no exception")
        self._limit(self.customer, 5000, temporary_limit_kind="amount", temporary_limit=8000,
                    temporary_until=self.until)  # fmt: skip
        self.assertEqual(self._kinds(self.customer), ["raised", "temporary_limit"])
        raised = self._exceptions(self.customer, kind="raised")
        self.assertEqual(raised.user_id, self.credit_manager)
        self.assertRegex(raised.about, "1,000.*→.*5,000")
        self.assertRegex(self._exceptions(self.customer, kind="temporary_limit").about, "8,000")
        self._limit(self.customer, 4000)
        self.assertEqual(self._kinds(self.customer), ["temporary_limit"], "a lower limit ends what was raised")

    def test_approved_requests_above_the_recommended_limit(self):
        request = self._request(2000)
        request.recommendation = {"kind": "amount", "amount": "1500", "reasons": []}
        with self._on():
            request.sudo(False).with_user(self.credit_manager).sudo()._apply(request._get_wanted(), "Parent guarantees")
        found = self._exceptions(self.customer)
        self.assertEqual((found.kind, found.reason), ("above_recommended", "Parent guarantees"))
        self.assertRegex(found.about, "2,000.*recommended.*1,500")

    def test_approved_requests_within_the_recommended_limit_are_none(self):
        request = self._request(1500)
        request.recommendation = {"kind": "amount", "amount": "1500", "reasons": []}
        with self._on():
            request.sudo(False).with_user(self.credit_manager).sudo()._apply(request._get_wanted(), "")
        self.assertEqual(self._kinds(self.customer), [])

    def test_temporary_limits_have_the_reason_of_their_request(self):
        request = self._request(2000, kind="temporary", until=self.until, reason="Trade fair")
        with self._on():
            request.sudo(False).with_user(self.credit_manager).sudo()._apply(request._get_wanted(), "")
        found = self._exceptions(self.customer)
        self.assertEqual((found.kind, found.reason, found.until), ("temporary_limit", "Trade fair", self.until))

    def test_consents_of_the_insurer(self):
        self._write(self.customer, self.credit_manager, insurer_consent_until=self.until)
        self.assertEqual(self._exceptions(self.customer).kind, "insurer_consent")

    def test_what_did_not_change_is_noted_once(self):
        for _again in range(2):
            self._write(self.customer, self.collector, pause_until=self.until, pause_reason="Flood")
        with self._on():
            self.customer.sudo()._note_exceptions()
        self.assertEqual(len(self._exceptions(self.customer)), 1)

    def _request(self, amount, **values):
        return self.env["ar.credit.request"].sudo().create(
            {
                "customer_id": self.customer.id, "kind": "limit", "wanted_kind": "amount", "wanted_limit": amount,
                "reason": "Growing", "limit_before_kind": "none", "date_requested": self.TODAY,
                "requested_by_id": self.collector.id, **values,
            }
        )  # fmt: skip


class TestReleasedDocuments(ArExceptionsCommon):
    """A released document is an exception until it is confirmed."""

    def test_releases_end_with_the_document(self):
        customer = self._customer()
        self._limit(customer, 100)
        self.policy.sudo().effect_invoice = "block"
        self._rules({"code": "over_limit"})
        with self._on():
            draft = self.env["account.move"].create(
                {
                    "move_type": "out_invoice", "partner_id": customer.partner_id.id, "invoice_date": self.TODAY,
                    "invoice_line_ids": [(0, 0, {"name": "Work", "price_unit": 500, "tax_ids": []})],
                }
            )  # fmt: skip
            self.env["ar.credit.release"].with_user(self.credit_manager)._release(draft, "Agreed", "Over the limit")
        found = self._exceptions(customer)
        self.assertEqual((found.kind, found.reason, found.state), ("release", "Agreed", "open"))
        self.env.cr.execute("UPDATE ar_credit_release SET create_date = '2026-06-11 01:00:00'")
        self.company.ar_time_zone = "America/Los_Angeles"
        self.assertEqual(self._exceptions(customer).since, self.TODAY)
        self.assertEqual(found.user_id, self.credit_manager)
        self.assertEqual(found.with_user(self.env.user).action_open()["res_id"], draft.id)
        with self._on():
            draft.action_post()
        self.assertEqual(self._exceptions(customer).state, "ended")
