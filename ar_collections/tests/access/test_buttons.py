from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import ArCommon
from .test_access import ROLES


class TestButtons(ArCommon):
    """Buttons are checked in Python, not only in the view. Allowed and blocked pairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {group: cls._user(group, login=f"button-{group}") for group in ROLES[2:]}
        cls.users["internal"] = cls.internal_user
        cls.users["portal"] = cls.portal_user
        cls.customer, cls.invoice = cls._late()

    def _assert_allowed(self, roles, press):
        """Press the button as each role: those named succeed, the others are refused."""
        for role in ROLES:
            with self.subTest(role=role), self.env.cr.savepoint() as savepoint:
                if role in roles:
                    press(self.users[role])
                else:
                    with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(UserError):
                        press(self.users[role])
                savepoint.rollback()
                self.env.invalidate_all()

    def _communication(self, user, **step):
        """Return the communication that waits, as the user sees it."""
        self._run()
        return self._communications(self.customer).with_user(user)

    def test_approve(self):
        self.policy.review_above = 10
        press = lambda user: self._communication(user).action_approve()  # noqa: E731
        self._assert_allowed(("manager", "credit_manager"), press)

    def test_skip_and_reject(self):
        collectors = ("collector", "manager", "credit_manager")
        self._assert_allowed(collectors, lambda user: self._communication(user).action_skip())
        self._assert_allowed(collectors, lambda user: self._communication(user).action_reject())

    def test_settle_an_unknown_delivery(self):
        collectors = ("collector", "manager", "credit_manager")

        def unknown(user):
            communication = self._communication(user)
            communication.sudo()._set_state("sending")
            communication.sudo()._settle_unknown()
            return communication

        self._assert_allowed(collectors, lambda user: unknown(user).action_mark_delivered())
        self._assert_allowed(collectors, lambda user: unknown(user).action_mark_not_delivered())

    def test_print(self):
        self._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>Please pay.</p>"})
        collectors = ("collector", "manager", "credit_manager")

        def press(user):
            letters = self._communication(user)
            with self._on():
                letters.action_print()

        self._assert_allowed(collectors, press)

    def test_activate_and_stop(self):
        managers = ("manager", "credit_manager")
        self._assert_allowed(
            managers, lambda user: self.env["ar.activation"].with_user(user).create({}).action_activate()
        )
        wizard = self.env["ar.activation"].create({})
        self._assert_allowed(managers, lambda user: wizard.with_user(user).action_deactivate())

    def test_send_now_and_skip_in_the_preview(self):
        collectors = ("collector", "manager", "credit_manager")
        for button in ("action_send_now", "action_skip"):

            def press(user, button=button):
                with self._on():
                    preview = self.env["ar.preview"].with_user(user).create({"company_id": self.company.id})
                    preview.action_preview()
                    getattr(preview.line_ids, button)()

            self._assert_allowed(collectors, press)

    def test_pause_and_resume(self):
        collectors = ("collector", "manager", "credit_manager")
        values = {"pause_until": "2030-01-01", "pause_reason": "Talks"}
        self._assert_allowed(collectors, lambda user: self.customer.with_user(user).write(values))
        self._assert_allowed(collectors, lambda user: self.customer.with_user(user).action_resume())
        self._assert_allowed(collectors, lambda user: self.customer.with_user(user).action_confirm_address())

    def test_promise_and_withdraw(self):
        collectors = ("collector", "manager", "credit_manager")

        def record(user, source):
            with self._on():
                action = source.with_user(user)
                action = action.action_promise() if source._name == "ar.customer" else action.action_ar_promise()
                self.env["ar.promise.new"].with_user(user).browse(action["res_id"]).action_record()

        self._assert_allowed(collectors, lambda user: record(user, self.customer))
        self._assert_allowed(collectors, lambda user: record(user, self.invoice))
        with self._on():
            promise = self.customer._promise(self.TODAY, dict.fromkeys(self._debt(self.invoice).ids))
        self._assert_allowed(collectors, lambda user: promise.with_user(user).action_withdraw())
        wizard = self.env["ar.promise.withdraw"].create({"promise_ids": promise.ids, "reason": "A mistake"})
        self._assert_allowed(collectors, lambda user: wizard.with_user(user).action_withdraw())

    def test_promises_are_not_changed_by_hand_and_not_by_rpc(self):
        with self._on():
            promise = self.customer._promise(self.TODAY, dict.fromkeys(self._debt(self.invoice).ids))
        self._assert_allowed((), lambda user: promise.with_user(user).write({"state": "kept"}))
        public = {
            name
            for model in ("ar.promise", "ar.promise.line")
            for name in vars(type(self.env[model]))
            if not name.startswith("_") and callable(getattr(type(self.env[model]), name))
        }
        self.assertLessEqual({name for name in public if "promise" in name}, {"action_withdraw"})

    def _dispute(self, owner="credit_manager"):
        """Return a dispute of the whole invoice; the owner is who answers it."""
        reason = self.env["ar.dispute.reason"].create({"name": "Test", "user_id": self.users[owner].id})
        item = self._debt(self.invoice)
        with self._on():
            return self.env["ar.dispute"]._raise_dispute(self.customer, reason, {item.id: None}, "Wrong")

    def test_record_a_dispute(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Test"})

        def press(user):
            with self._on():
                wizard = self.env["ar.dispute.new"].with_user(user)
                values = {"reason_id": reason.id, "note": "Wrong"}
                context = {"default_customer_id": self.customer.id, "default_move_id": self.invoice.id}
                wizard.with_context(**context).create(values).action_confirm()

        self._assert_allowed(("collector", "manager", "credit_manager"), press)

    def test_review_and_withdraw_a_dispute(self):
        for button in ("action_review", "action_withdraw"):
            for owner in ("credit_manager", "auditor"):
                roles = {"collector", "manager", "credit_manager", owner}
                press = lambda user, b=button, o=owner: getattr(self._dispute(o).with_user(user), b)()  # noqa: E731
                self._assert_allowed(roles, press)

    def test_answer_a_dispute(self):
        for owner in ("credit_manager", "auditor", "collector"):

            def press(user, owner=owner):
                context = {"default_dispute_id": self._dispute(owner).id}
                wizard = self.env["ar.dispute.resolve"].with_user(user).with_context(**context)
                wizard.create({"answer": "Yes"}).action_resolve()

            self._assert_allowed({"manager", "credit_manager", owner}, press)
            press = lambda user, o=owner: self._dispute(o).with_user(user).action_resolve()  # noqa: E731
            self._assert_allowed({"manager", "credit_manager", owner}, press)

    def test_pass_a_dispute_on(self):
        heir = self._user("auditor", login="button-heir")
        for owner in ("credit_manager", "auditor"):

            def press(user, owner=owner):
                dialog = self.env["ar.dispute.pass.on"].with_user(user)
                dialog.create(
                    {"dispute_id": self._dispute(owner).id, "user_id": heir.id, "note": "Yours"}
                ).action_pass_on()

            roles = {"collector", "manager", "credit_manager", owner}
            self._assert_allowed(roles, press)
            press = lambda user, o=owner: self._dispute(o).with_user(user).action_pass_on()  # noqa: E731
            self._assert_allowed(roles, press)

    def test_reopen_a_rejected_dispute(self):
        def press(user):
            dispute = self._dispute("auditor")
            dispute.sudo()._resolve(dict.fromkeys(dispute.line_ids, Decimal(0)), "No")
            dispute.with_user(user).action_reopen()

        self._assert_allowed(("manager", "credit_manager"), press)

    def test_the_lines_of_another_dispute_are_not_answered(self):
        mine, theirs = self._dispute("auditor"), self._dispute_of_another_customer()
        wizard = self.env["ar.dispute.resolve"].with_user(self.users["auditor"])
        wizard = wizard.create({"dispute_id": mine.id, "answer": "Yes", "line_ids": [
            Command.create({"dispute_line_id": theirs.line_ids.id, "amount_accepted": 100})
        ]})  # fmt: skip
        with self.assertRaisesRegex(UserError, "changed in the meantime"):
            wizard.action_resolve()

    def _dispute_of_another_customer(self):
        self.customer, self.invoice = self._late(name="Other Payer")
        return self._dispute("credit_manager")

    def test_what_the_run_found_is_not_written_by_hand(self):
        readers = ("auditor", "collector", "manager", "credit_manager")
        self._assert_allowed(readers, lambda user: self.customer.with_user(user).read(["balance", "decision_code"]))

    def test_a_collector_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "credit_manager", login="stranger", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        communication = self._communication(stranger)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            for press in (communication.action_skip, communication.action_reject, communication.read):
                with self.assertRaises(AccessError):
                    press()
