from .test_portal_plan import ArPlanPortalCommon


class TestPayingAnInstallment(ArPlanPortalCommon):
    def _pay_installment(self, plan, number=1):
        data = {
            "access_token": self._key(self.customer),
            "installment": plan.installment_ids.filtered(lambda row: row.number == number).id,
        }
        return self.url_open(f"/my/receivables/{self.customer.id}/plan/{plan.id}/pay", data=data, method="POST")

    def test_it_goes_to_the_oldest_item(self):
        plan = self._make()
        transaction = self._submit(self._pay_installment(plan))
        self.assertEqual(transaction.amount, 100.0)
        self._complete(transaction)
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (100.0, 100.0))
        self.assertEqual(plan.installment_ids.mapped("amount_left"), [0.0, 100.0, 100.0])

    def test_it_may_be_a_part_of_an_invoice_whatever_the_policy_states(self):
        self.policy.write({"allow_partial_payment": False, "minimum_partial_payment": 150})
        plan = self._make()
        self._complete(self._submit(self._pay_installment(plan)))
        self.assertEqual(plan.amount_paid, 100.0)

    def test_all_that_is_left(self):
        plan = self._make()
        self._complete(self._submit(self._pay_installment(plan, 3)))
        self.assertEqual((self.old.amount_residual, self.new.amount_residual, plan.amount_left), (0.0, 0.0, 0.0))

    def test_while_it_is_processed_it_is_not_asked_for_again(self):
        plan = self._make()
        transaction = self._submit(self._pay_installment(plan))
        transaction._set_pending()
        page = self.url_open(self._path(f"/{plan.id}")).text
        self.assertIn("Payment is being processed", page)
        self.assertEqual(page.count("Pay this installment"), 1)
        again = self._pay_installment(plan)  # the first one is taken
        self.assertNotIn("/pay/", again.url)
        self.assertEqual(self._form_of(self._pay_installment(plan, 2))[1], 100.0)

    def test_paid_meanwhile_nothing_is_charged(self):
        plan = self._make()
        self._pay(self.old)
        self._pay(self.new)
        self.assertNotIn("/pay/", self._pay_installment(plan).url)

    def test_a_plan_that_is_only_proposed_is_not_paid(self):
        plan = self._staff_plan()
        self.assertNotIn("/pay/", self._pay_installment(plan).url)
