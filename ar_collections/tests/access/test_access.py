from odoo import Command

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
    "ar.reply.account": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.inquiry": ("", "", "r", "rw", "rw", "rw"),
    "ar.reply.rule": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.dispute.reason": ("", "", "r", "r", "rwcd", "rwcd"),
    "ar.dispute": ("", "", "r", "r", "r", "r"),
    "ar.dispute.line": ("", "", "r", "r", "r", "r"),
    "ar.dispute.report": ("", "", "r", "r", "r", "r"),
    "ar.dispute.new": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.dispute.new.line": ("", "", "", "rwcd", "rwcd", "rwcd"),
    "ar.dispute.pass.on": ("", "", "rwcd", "rwcd", "rwcd", "rwcd"),
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
    "ar.sent.entry": ("", "", "", "", "rwcd", "rwcd"),
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
    "ar.deliverability": ("", "", "r", "r", "r", "r"),
    "ar.setting.change": ("", "", "r", "r", "r", "r"),
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
