from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import ArCommon

ROLES = ("portal", "internal", "auditor", "collector", "manager", "credit_manager")

#: Model: what each of the roles may do, in their order: r(ead), w(rite), c(reate), d(elete).
RIGHTS = {
    "ar.customer": ("", "", "r", "rw", "rw", "rw"),
    "ar.problem": ("", "", "r", "r", "r", "r"),
    "ar.communication": ("", "", "r", "r", "r", "r"),
    "ar.communication.line": ("", "", "r", "r", "r", "r"),
    "ar.communication.recipient": ("", "", "r", "r", "r", "r"),
    "ar.credit.policy": ("", "", "r", "r", "rw", "rwcd"),
    "ar.credit.decide": ("", "", "", "", "", "rwcd"),
    "ar.credit.exclusion": ("", "", "r", "r", "r", "rwc"),
    "ar.credit.hold": ("", "", "r", "r", "r", "r"),
    "ar.credit.rule": ("", "", "r", "r", "r", "rwcd"),
    "ar.credit.stale": ("", "", "r", "r", "r", "r"),
    "ar.customer.exception": ("", "", "r", "r", "r", "r"),
    "ar.credit.exception": ("", "", "r", "r", "r", "r"),
    "ar.credit.risk": ("", "", "r", "r", "r", "rw"),
    "ar.credit.usage": ("", "", "r", "r", "r", "r"),
    "ar.credit.request": ("", "", "r", "r", "r", "r"),
    "ar.credit.request.approval": ("", "", "r", "r", "r", "r"),
    "ar.credit.request.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.credit.request.decide": ("", "", "", "", "", "rwcd"),
    "ar.credit.scoring": ("", "", "r", "r", "r", "rw"),
    "ar.credit.feature": ("", "", "r", "r", "r", "rw"),
    "ar.credit.score": ("", "", "r", "r", "r", "r"),
    "ar.credit.migration": ("", "", "r", "r", "r", "r"),
    "ar.class.override": ("", "", "", "", "", "rwcd"),
    "ar.list.export": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.dashboard.export": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.credit.limit.entry": ("", "", "", "", "", "rwcd"),
    "ar.invoice.sending": ("", "", "r", "r", "r", "r"),
    "ar.invoice.check": ("", "", "r", "r", "r", "r"),
    "ar.billing.requirement": ("", "", "r", "rwcd", "rwcd", "rwcd"),
    "ar.reminder.schedule": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.reminder.step": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.portal.link": ("", "", "r", "r", "r", "r"),
    "ar.payment.allocation": ("", "", "r", "r", "r", "r"),
    "ar.payment.choice": ("", "", "r", "r", "r", "r"),
    "ar.payment.choice.line": ("", "", "r", "r", "r", "r"),
    "ar.portal.count": ("", "", "r", "r", "r", "r"),
    "ar.payment.plan": ("", "", "r", "r", "r", "r"),
    "ar.payment.plan.line": ("", "", "r", "r", "r", "r"),
    "ar.payment.plan.installment": ("", "", "r", "r", "r", "r"),
    "ar.promise": ("", "", "r", "r", "r", "r"),
    "ar.promise.line": ("", "", "r", "r", "r", "r"),
    "ar.promise.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.promise.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.promise.withdraw": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.reported.payment": ("", "", "r", "r", "r", "r"),
    "ar.reported.payment.line": ("", "", "r", "r", "r", "r"),
    "ar.reported.payment.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.reported.payment.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.customer.statement": ("", "", "r", "r", "r", "r"),
    "ar.payment.receipt": ("", "", "r", "r", "r", "r"),
    "ar.reply": ("", "", "r", "r", "r", "r"),
    "ar.email.stop": ("", "", "r", "r", "r", "r"),
    "ar.email.stop.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.email.stop.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.inquiry": ("", "", "r", "rw", "rw", "rw"),
    "ar.reply.rule": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.dispute.reason": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.dispute": ("", "", "r", "r", "r", "r"),
    "ar.dispute.line": ("", "", "r", "r", "r", "r"),
    "ar.dispute.report": ("", "", "r", "r", "r", "r"),
    "ar.dispute.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.dispute.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.dispute.resolve": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.dispute.resolve.line": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.payment.plan.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.payment.plan.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.payment.plan.new.installment": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.payment.plan.decide": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.autopay.consent": ("", "", "r", "r", "r", "r"),
    "ar.autopay.charge": ("", "", "r", "r", "r", "r"),
    "ar.autopay.collection": ("", "", "r", "r", "r", "r"),
    "ar.autopay.collection.line": ("", "", "r", "r", "r", "r"),
    "ar.aging": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.aging.item": ("", "", "r", "r", "r", "r"),
    "ar.step.effect": ("", "", "r", "r", "r", "r"),
    "ar.collector.activity": ("", "", "r", "r", "r", "r"),
    "ar.metric.snapshot": ("", "", "r", "r", "r", "r"),
    "ar.payment.behavior": ("", "", "r", "r", "r", "r"),
    "ar.cash.forecast.item": ("", "", "r", "r", "r", "r"),
    "ar.cash.forecast.check": ("", "", "r", "r", "r", "r"),
    "ar.cash.forecast.page": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.cash.forecast.page.line": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.small.difference": ("", "", "r", "r", "r", "r"),
    "ar.top.debtor": ("", "", "r", "r", "r", "r"),
    "ar.preview": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.preview.line": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.step.preview": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.activation": ("", "", "", "", "rwcd", "rwcd"),
    "ar.activation.line": ("", "", "", "", "rwcd", "rwcd"),
    "ar.absence": ("", "", "r", "rwcd", "rwcd", "rwcd"),
    "ar.call.log": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.customer.bulk": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.message.edit": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.message.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.salesperson.note": ("", "", "r", "r", "r", "r"),
    "ar.timeline.entry": ("", "", "r", "r", "r", "r"),
    "ar.team.board": ("", "", "r", "r", "r", "r"),
    "ar.approval": ("", "", "r", "r", "r", "r"),
    "ar.unmatched.payment": ("", "", "r", "r", "r", "r"),
    "ar.assignment.rule": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.assignment.apply": ("", "", "", "", "rwcd", "rwcd"),
    "ar.assignment.apply.line": ("", "", "", "", "rwcd", "rwcd"),
    "ar.returned.payment": ("", "", "r", "r", "r", "r"),
    "ar.remind": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.remind.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.pay.link": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.no.chase": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.credit.release": ("", "", "r", "r", "r", "r"),
    "ar.credit.release.new": ("", "", "", "", "", "rwcd"),
    "ar.credit.terms": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.credit.terms.notice": ("", "", "r", "r", "r", "r"),
    "ar.terms.announce": ("", "", "", "", "rwcd", "rwcd"),
    "ar.allowance": ("", "", "r", "r", "r", "rwcd"),
    "ar.allowance.line": ("", "", "r", "r", "r", "rw"),
    "ar.write.off": ("", "", "r", "r", "r", "r"),
    "ar.write.off.line": ("", "", "r", "r", "r", "r"),
    "ar.write.off.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.write.off.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.tax.relief": ("", "", "r", "r", "r", "rwcd"),
    "ar.data.finding": ("", "", "r", "r", "r", "r"),
    "ar.data.ignore": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.late.charge.reference": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.late.charge.rate": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.late.charge.regime": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.late.charge.lump.sum": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.late.charge": ("", "", "r", "r", "r", "r"),
    "ar.late.charge.billing": ("", "", "r", "r", "r", "r"),
    "ar.late.charge.waiver": ("", "", "r", "r", "r", "r"),
    "ar.late.charge.claim": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ar.late.charge.waive": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.limitation.rule": ("", "", "r", "r", "r", "rwcd"),
    "ar.response.rule": ("", "", "r", "r", "r", "rwcd"),
    "ar.response.enclosure": ("", "", "r", "r", "r", "rwcd"),
    "ar.payment.order": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.legal.cost": ("", "", "r", "rwcd", "rwcd", "rwcd"),
    "ar.agency": ("", "", "r", "r", "r", "rwcd"),
    "ar.agency.rate": ("", "", "r", "r", "r", "rwcd"),
    "ar.agency.field": ("", "", "r", "r", "r", "rwcd"),
    "ar.placement": ("", "", "r", "rw", "rw", "rw"),
    "ar.placement.line": ("", "", "r", "r", "r", "r"),
    "ar.placement.payment": ("", "", "r", "r", "r", "r"),
    "ar.settlement": ("", "", "r", "r", "r", "r"),
    "ar.settlement.line": ("", "", "r", "r", "r", "r"),
    "ar.settlement.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.settlement.offer": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.recovery.reject": ("", "", "", "", "", "rwcd"),
    "ar.payment.ability": ("", "", "r", "rwc", "rwc", "rwc"),
    "ar.placement.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.placement.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.external.log": ("", "", "", "", "", ""),
    "ar.insolvency": ("", "", "r", "rwc", "rwc", "rwc"),
    "ar.invoice.arrival": ("", "", "r", "r", "r", "r"),
    "ar.deliverability": ("", "", "", "r", "r", "r"),
    "ar.insolvency.end": ("", "", "", "", "rwcd", "rwcd"),
    "ar.placement.end": ("", "", "", "rwcd", "rwcd", "rwcd"),
}

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class TestAccess(ArCommon):
    """Which role may do what, as a table; every pair that is not allowed is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {group: cls._user(group, login=f"access-{group}") for group in ROLES[2:]}
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.users["internal"] = cls.internal_user
        cls.users["portal"] = cls.portal_user
        (cls.internal_user | cls.portal_user).write(company)

    def test_every_role_on_every_model(self):
        for model, rights in RIGHTS.items():
            for role, allowed in zip(ROLES, rights, strict=True):
                records = self.env[model].with_user(self.users[role])
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(records.has_access(operation), letter in allowed)

    def test_every_model_of_ours_has_its_row_in_the_table(self):
        ours = {
            name
            for name in self.registry
            if name.startswith("ar.") and not self.registry[name]._abstract and "ar_collections" in self._modules(name)
        }
        self.assertEqual(set(RIGHTS), ours)

    def _modules(self, name):
        return self.env["ir.model"]._get(name).modules

    def test_every_model_with_a_company_has_a_rule_for_it(self):
        for model in RIGHTS:
            if "company_id" in self.env[model]._fields:
                rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", model), ("groups", "=", False)])
                with self.subTest(model=model):
                    self.assertTrue([rule for rule in rules if "company_id" in rule.domain_force])

    def test_each_group_contains_the_one_below_it(self):
        below = self.env.ref("base.group_user")
        for group in ROLES[2:]:
            group = self.env.ref(f"ar_collections.ar_collections_group_{group}")
            self.assertIn(below, group.all_implied_ids)
            below = group

    def test_methods_of_the_run_cannot_be_called_by_rpc(self):
        public = {
            (name, method)
            for name in ("ar.customer", "ar.communication", "ar.communication.line", "ar.credit.policy", "ar.facts")
            for method in dir(type(self.env[name]))
            if method.startswith(("run", "send", "dispatch", "decide", "cron", "perform", "log"))
            and method not in self.env[name]._fields
        }
        self.assertFalse(public)


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
