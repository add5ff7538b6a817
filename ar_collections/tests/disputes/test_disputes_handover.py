from .common_dispute import ArDisputeCommon


class TestDisputesHandover(ArDisputeCommon):
    """Open disputes and their tasks, when the owner or the manager leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_write_off_alone = 1_000  # the collector, who recorded them, may grant them

    def _task(self, dispute, kind):
        self.env.invalidate_all()
        kind = self.env.ref(f"ar_collections.mail_activity_type_{kind}")
        return dispute.sudo().activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def test_an_open_dispute_goes_to_the_collector_and_an_answered_one_keeps_its_owner(self):
        answered = self._dispute(amount=10)
        self._resolve(answered, 10)
        dispute = self._dispute(amount=20)
        with self._on():
            self.owner.action_archive()
        self.assertEqual((dispute.user_id, self._task(dispute, "dispute").user_id), (self.collector, self.collector))
        self.assertEqual(answered.user_id, self.owner)

    def test_a_deleted_owner(self):
        dispute = self._dispute()
        with self._on():
            self.owner.sudo().unlink()
        self.assertEqual((dispute.user_id, self._task(dispute, "dispute").user_id), (self.collector, self.collector))

    def test_who_loses_the_role_can_not_answer(self):
        dispute = self._dispute()
        self.owner.group_ids = self.env.ref("base.group_user")
        self.assertEqual(dispute.user_id, self.collector)

    def test_a_new_owner_of_the_reason_comes_first(self):
        dispute = self._dispute()
        new = self._user("auditor", login="new-owner")
        self.reason.user_id = new
        with self._on():
            self.owner.action_archive()
        self.assertEqual((dispute.user_id, self._task(dispute, "dispute").user_id), (new, new))

    def test_an_escalated_one_goes_to_another_manager(self):
        dispute = self._dispute()
        second = self._user("manager", login="second-manager")
        self.policy.manager_id = second
        later = dispute.date_deadline.replace(day=dispute.date_deadline.day + 1)
        with self._on(later):
            self.env["ar.dispute"].sudo()._escalate_overdue(self.company, later)
            self.assertEqual(self._task(dispute, "dispute_overdue").user_id, self.manager)
            self.manager.action_archive()
        self.assertEqual(self._task(dispute, "dispute_overdue").user_id, second)

    def test_the_nightly_run_finds_what_got_past(self):
        dispute = self._dispute()
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.owner.id])
        self.env.invalidate_all()
        with self._on():
            self.env["ar.handover"].sudo()._hand_over_company(self.company, self.TODAY)
        self.assertEqual((dispute.user_id, self._task(dispute, "dispute").user_id), (self.collector, self.collector))
