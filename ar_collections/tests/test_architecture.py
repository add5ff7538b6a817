"""The layout of docs/architecture.md: domains use only the domains before them, and overrides are stacked in order."""

import ast
from collections import defaultdict
from pathlib import Path
from unittest import TestCase

from odoo import models

from odoo.addons import ar_collections

from .common import ArCommon

ADDON = Path(ar_collections.__file__).parent

#: Each may use those before it; the only rule of direction.
DOMAINS = (
    "customers", "matching", "communications", "invoicing", "reminders", "portal", "statements", "receipts",
    "agreements", "promises", "disputes", "plans", "reported_payments", "replies", "autopay", "credit",
    "late_charges", "recovery", "worklist", "team", "salespeople", "metrics", "forecast", "dashboard",
)  # fmt: skip

#: Controllers whose file is not named as their domain.
CONTROLLERS = {
    "arrival": "invoicing", "copies": "agreements", "links": "portal", "payment": "portal", "statement": "portal",
    "thread": "portal", "terms": "credit",
    "autopay_account": "autopay", "autopay_methods": "autopay", "payment_methods": "portal",
}  # fmt: skip

LAYERS = ("core", "models", "wizards", "controllers")


def domain_of(path):
    """Return the domain a file belongs to; None for what all domains share."""
    layer, *rest = path.relative_to(ADDON).parts
    if layer == "controllers":
        return CONTROLLERS.get(path.stem, path.stem)
    return rest[0] if len(rest) > 1 else None


def read_files():
    """Return {path: syntax tree} of the files that belong to a domain."""
    paths = (path for layer in LAYERS for path in sorted((ADDON / layer).rglob("*.py")))
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if path.name != "__init__.py" and domain_of(path)
    }


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def imported_domains(path, node):
    """Yield the domains that a relative import leads to."""
    folder = list(path.relative_to(ADDON).parts[:-1])
    base = folder[: len(folder) - node.level + 1] + (node.module.split(".") if node.module else [])
    for target in [base] if len(base) > 1 else [[*base, alias.name] for alias in node.names]:
        if len(target) > 1 and target[0] in LAYERS and target[1] in DOMAINS:
            yield target[1]


def compares_channel(node):
    """Return whether an expression or a domain compares something named ``channel`` with the code of a channel."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        named = any(getattr(side, "attr", getattr(side, "id", "")).endswith("channel") for side in sides)
    else:
        sides = getattr(node, "elts", None) or getattr(node, "args", [])
        sides = sides if isinstance(sides, list) else []
        named = len(sides) == 3 and getattr(sides[0], "value", None) in ("channel", "step_id.channel")
        sides = sides[2:]
    codes = {getattr(part, "value", None) for side in sides for part in (side, *getattr(side, "elts", []))}
    return named and bool(codes & {"email", "letter", "call"})


class TestDirection(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = read_files()

    def _late(self, path, domains):
        """Return those of the domains that the file may not use."""
        own = DOMAINS.index(domain_of(path))
        return {domain for domain in domains if DOMAINS.index(domain) > own}

    def test_every_file_belongs_to_a_known_domain(self):
        self.assertEqual({domain_of(path) for path in self.files}, set(DOMAINS))

    def test_imports_lead_to_earlier_domains(self):
        wrong = [
            (str(path.relative_to(ADDON)), late)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level
            if (late := self._late(path, imported_domains(path, node)))
        ]
        self.assertFalse(wrong)

    def test_private_methods_of_later_domains_are_not_called(self):
        """A name that Odoo's base model defines, too, does not tell which domain is called."""
        defined = defaultdict(set)
        for path, tree in self.files.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and is_private(node.name):
                    defined[node.name].add(domain_of(path))
        wrong = [
            (str(path.relative_to(ADDON)), node.attr, domains)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            if (domains := defined.get(node.attr)) and not hasattr(models.BaseModel, node.attr)
            if self._late(path, domains) == domains
        ]
        self.assertFalse(wrong)

    def test_only_channels_know_their_codes(self):
        """All others ask the attributes of `ar.channel`, so that another module can add a channel."""
        wrong = [
            (str(path.relative_to(ADDON)), node.lineno)
            for path, tree in self.files.items()
            if not path.is_relative_to(ADDON / "core") and not path.name.startswith("ar_channel")
            for node in ast.walk(tree)
            if compares_channel(node)
        ]
        self.assertFalse(wrong)

    def test_amounts_and_dates_are_formatted_in_one_place(self):
        """By `formats.py`: what Odoo's functions make of empty dates and of Decimals is settled there once."""
        wrong = [
            (str(path.relative_to(ADDON)), alias.name)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("odoo.tools")
            for alias in node.names
            if alias.name in ("format_amount", "format_date")
        ]
        self.assertFalse(wrong)

    def test_models_and_wizards_are_loaded_in_one_order(self):
        for layer in ("models", "wizards"):
            tree = ast.parse((ADDON / layer / "__init__.py").read_text(encoding="utf-8"))
            names = [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
            with self.subTest(layer=layer):
                self.assertEqual(names, [domain for domain in LOADED if domain in names])
                self.assertEqual(set(names), {domain_of(p) for p in self.files if p.is_relative_to(ADDON / layer)})


#: How models are loaded. It differs from `DOMAINS` in one place, because the customer's page lists disputes and plans
#: in this order, and the requests about selected items as well.
LOADED = (
    "customers", "matching", "communications", "invoicing", "reminders", "portal", "statements", "receipts",
    "agreements", "disputes", "plans", "promises", "reported_payments", "replies", "autopay", "credit",
    "late_charges", "recovery", "worklist", "team", "salespeople", "metrics", "forecast", "dashboard",
)  # fmt: skip


class TestOverrides(ArCommon):
    def test_overrides_are_stacked_in_this_order(self):
        """The first is called first; a new override of one of our own methods is entered here."""
        found = {}
        for name, model in self.env.registry.items():
            for attribute, modules in self._read_chains(model).items():
                found[f"{name}.{attribute}"] = modules
        names = found.keys() | CHAINS.keys()
        different = {name: found.get(name) for name in names if found.get(name) != CHAINS.get(name)}
        self.maxDiff = None
        self.assertEqual(different, {})

    @staticmethod
    def _read_chains(model):
        """Return {method: our files that define it, the first called first} where there are several."""
        chains = defaultdict(list)
        prefix = f"{ar_collections.__name__}.models."
        for definition in model.mro():
            if definition.__module__.startswith(prefix):
                for attribute, value in vars(definition).items():
                    if callable(value) and not attribute.startswith("__") and not isinstance(value, type):
                        chains[attribute].append(definition.__module__.removeprefix(prefix))
        return {attribute: modules for attribute, modules in chains.items() if len(modules) > 1}


CHAINS = {
    "ar.late.charge.reference.write": [
        "late_charges.rules.ar_late_charge_reference",
        "customers.access.ar_access_mixin",
    ],
    "ar.late.charge.regime.write": ["late_charges.rules.ar_late_charge_regime", "customers.access.ar_access_mixin"],
    "account.move._reconcile_reversed_moves": ["recovery.settlements.account_move", "disputes.account_move"],
    "account.move.send._hook_if_success": [
        "invoicing.sending.account_move_send",
        "invoicing.arrival.account_move_send",
    ],
    "account.move.send.wizard._hook_if_success": [
        "invoicing.sending.account_move_send",
        "invoicing.arrival.account_move_send",
    ],
    "account.move.send.batch.wizard._hook_if_success": [
        "invoicing.sending.account_move_send",
        "invoicing.arrival.account_move_send",
    ],
    "ar.inquiry.write": ["replies.ar_inquiry", "customers.access.ar_access_mixin"],
    "mail.activity._action_done": ["replies.mail_activity", "communications.mail.mail_activity"],
    "ar.reply.rule.write": ["replies.ar_reply_rule", "customers.access.ar_access_mixin"],
    "ar.reply.rule.create": ["replies.ar_reply_rule", "customers.access.ar_access_mixin"],
    "ar.customer._write_message": ["replies.ar_customer_inquiries", "reminders.manual.ar_customer_written"],
    "ar.customer._message_post_after_hook": ["replies.ar_customer", "communications.ar_customer"],
    "ar.customer._log_call": ["replies.ar_customer_inquiries", "communications.ar_customer"],
    "ar.customer._is_pausing_reply": ["replies.ar_customer", "communications.ar_customer"],
    "ar.customer._handle_reply": ["replies.ar_customer", "communications.ar_customer"],
    "ar.customer._get_reply_task": ["replies.ar_customer", "communications.ar_customer"],
    "ar.communication._is_without_text": [
        "recovery.settlements.ar_communication",
        "recovery.legal.ar_communication",
        "reminders.manual.ar_communication",
        "communications.delivery.ar_communication_letter",
    ],
    "ar.communication._receive_bounce": [
        "invoicing.arrival.ar_communication",
        "communications.delivery.ar_communication_delivery",
    ],
    "ar.customer._find_sent_before": ["invoicing.sending.ar_customer", "invoicing.arrival.ar_customer_copies"],
    "mail.mail._get_invoice_messages": ["invoicing.sending.mail_mail", "invoicing.arrival.mail_mail"],
    "ar.facts._read_assumed": ["invoicing.arrival.ar_facts", "customers.facts.ar_facts_exclusions"],
    "ar.dashboard._get_parts": ["dashboard.ar_dashboard_setup", "dashboard.ar_dashboard"],
    "ar.dashboard._get_targets": ["dashboard.ar_dashboard_setup", "dashboard.ar_dashboard"],
    "ar.outreach._name_attachments": [
        "recovery.legal.ar_outreach",
        "portal.ar_outreach",
        "communications.outreach.ar_outreach_attachments",
    ],
    "ar.outreach._perform": ["invoicing.arrival.ar_outreach", "communications.outreach.ar_outreach"],
    "mail.mail._postprocess_sent_message": [
        "invoicing.sending.mail_mail",
        "invoicing.arrival.mail_mail",
        "communications.mail.mail_mail",
    ],
    "ar.placement.create": [
        "agreements.ar_agreement",
        "customers.access.ar_access_mixin",
        "credit.requests.ar_decision_mixin",
    ],
    "ar.autopay.consent._get_notice_html": [
        "autopay.portal.ar_autopay_consent_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.autopay.consent._is_notice_valid": [
        "autopay.portal.ar_autopay_consent_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.communication._get_message_values": [
        "recovery.legal.ar_communication",
        "late_charges.ar_communication",
        "reported_payments.ar_communication",
        "portal.links.ar_communication",
        "communications.ar_communication_message",
    ],
    "ar.credit.policy._compute_warning": ["late_charges.ar_credit_policy", "customers.policy.ar_credit_policy_filter"],
    "ar.credit.policy._find_warnings": ["late_charges.ar_credit_policy", "customers.policy.ar_credit_policy_filter"],
    "ar.credit.request._get_user_authority": [
        "credit.requests.ar_credit_request_decision",
        "credit.requests.ar_decision_mixin",
    ],
    "ir.attachment._inaccessible_comodel_records": ["salespeople.ir_attachment", "recovery.external.ir_attachment"],
    "ar.late.charge._find_kept": [
        "recovery.settlements.ar_late_charge",
        "late_charges.ar_late_charge_autopay",
        "late_charges.ar_late_charge_agreed",
    ],
    "ar.late.charge._read_held": [
        "recovery.settlements.ar_late_charge",
        "recovery.placements.ar_late_charge",
        "late_charges.ar_late_charge_agreed",
    ],
    "account.move._get_late_charges": ["recovery.costs.account_move", "late_charges.invoicing.account_move"],
    "ar.facts._read_setoff": ["recovery.insolvency.ar_facts", "customers.facts.ar_facts_credits"],
    "ar.facts._read_branch_lines": ["recovery.insolvency.ar_facts", "customers.facts.ar_facts_credits"],
    "ar.late.charge._add_to_drafts": [
        "recovery.insolvency.ar_late_charge",
        "late_charges.invoicing.ar_late_charge_invoicing",
    ],
    "ar.late.charge._check_waivable": ["recovery.costs.ar_late_charge", "late_charges.waiving.ar_late_charge_waiving"],
    "ar.late.charge._group_for_invoices": [
        "recovery.insolvency.ar_late_charge",
        "late_charges.invoicing.ar_late_charge_invoicing",
    ],
    "ar.late.charge._get_drafts_domain": [
        "recovery.costs.ar_late_charge",
        "late_charges.invoicing.ar_late_charge_invoicing",
    ],
    "ar.late.charge._read_not_taken_back": [
        "recovery.costs.ar_late_charge",
        "late_charges.invoicing.ar_late_charge_taken_back",
    ],
    "ar.late.charge._invoice_by_policy": [
        "recovery.insolvency.ar_late_charge",
        "late_charges.invoicing.ar_late_charge_invoicing",
    ],
    "ar.late.charge.billing._get_own_lines": [
        "recovery.costs.ar_late_charge_billing",
        "late_charges.invoicing.ar_late_charge_billing",
    ],
    "ar.legal.cost._group_for_invoices": [
        "recovery.insolvency.ar_legal_cost",
        "recovery.costs.ar_legal_cost_invoicing",
    ],
    "ar.legal.cost._pair_with_charges": [
        "recovery.insolvency.ar_legal_cost",
        "recovery.costs.ar_legal_cost_invoicing",
    ],
    "ar.settlement._is_payable": [
        "recovery.insolvency.ar_settlement",
        "recovery.settlements.ar_settlement_payment",
    ],
    "ar.settlement._is_shown": [
        "recovery.insolvency.ar_settlement",
        "recovery.settlements.ar_settlement_payment",
    ],
    "ar.settlement._store_judgement": [
        "recovery.insolvency.ar_settlement",
        "recovery.settlements.ar_settlement_judge",
    ],
    "ar.write.off._get_user_authority": [
        "recovery.write_off.ar_write_off_decision",
        "credit.requests.ar_decision_mixin",
    ],
    "ar.allowance.line.write": ["recovery.allowance.ar_allowance_line", "customers.access.ar_access_mixin"],
    "ar.allowance.write": ["recovery.allowance.ar_allowance", "customers.access.ar_access_mixin"],
    "ar.allowance._check_export": ["recovery.allowance.ar_allowance_entry", "customers.export.ar_workbook_mixin"],
    "ar.allowance._write_workbook": ["recovery.allowance.ar_allowance_entry", "customers.export.ar_workbook_mixin"],
    "ar.payment.ability.write": ["recovery.settlements.ar_payment_ability", "customers.access.ar_access_mixin"],
    "ar.write.off.create": ["customers.access.ar_access_mixin", "credit.requests.ar_decision_mixin"],
    "ar.write.off._get_task_owner": ["recovery.write_off.ar_write_off_decision", "customers.access.ar_access_mixin"],
    "ar.channel.email._attach_documents": [
        "communications.channels.ar_channel_email_delivery",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._find_unchanged": [
        "communications.channels.ar_channel_email_delivery",
        "communications.channels.ar_channel",
    ],
    "ar.communication._find_unchanged": [
        "statements.ar_communication",
        "reminders.ar_communication_presend",
        "communications.delivery.ar_communication_delivery",
    ],
    "ar.facts._select_versions": [
        "recovery.insolvency.ar_facts",
        "recovery.settlements.ar_facts",
        "recovery.placements.ar_facts",
        "autopay.account.ar_facts",
        "autopay.ar_facts",
        "replies.ar_facts",
        "reported_payments.ar_facts",
        "promises.ar_facts",
        "plans.ar_facts",
        "disputes.ar_facts",
        "receipts.ar_facts",
        "statements.ar_facts",
        "reminders.returned_payments.ar_facts",
        "invoicing.arrival.ar_facts",
        "communications.ar_facts",
        "matching.ar_facts",
        "customers.facts.ar_facts_versions",
    ],
    "mail.mail._send": ["invoicing.sending.mail_mail", "communications.mail.mail_mail"],
    "mail.mail._prepare_group": ["portal.links.mail_mail", "communications.mail.mail_mail"],
    "account.move._store_entry": ["credit.insurance.account_move", "customers.ledger.account_move"],
    "ar.customer._accept_autopay": ["autopay.portal.ar_customer_notice", "autopay.account.ar_customer"],
    "ar.customer._find_veto": ["credit.insurance.ar_customer_clock", "agreements.ar_customer"],
    "account.move._ar_get_posted": ["late_charges.invoicing.account_move", "credit.documents.account_move"],
    "account.move._ar_confirm_released": [
        "credit.documents.account_move_document",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.move._ar_get_credit_amount": [
        "credit.documents.account_move_document",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.move._ar_get_document_kind": [
        "credit.documents.account_move_document",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.move._ar_get_document_values": [
        "credit.documents.account_move_document",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.move._get_credit_state": ["credit.documents.account_move_status", "credit.account_move_room"],
    "account.move._get_exposure_with": ["credit.documents.account_move_status", "credit.account_move_room"],
    "ar.credit.exposure._get_counting_drafts": ["credit.documents.ar_credit_exposure", "credit.ar_credit_exposure"],
    "account.move._ar_get_check": [
        "credit.documents.account_move_document",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.move._post": [
        "late_charges.invoicing.account_move",
        "credit.documents.account_move",
        "agreements.account_move",
        "reminders.account_move",
        "invoicing.sending.account_move",
        "customers.ledger.account_move",
    ],
    "account.move.unlink": ["credit.account_move", "agreements.account_move"],
    "account.move.create": ["credit.account_move", "credit.documents.ar_credit_document_mixin"],
    "account.move.write": [
        "credit.documents.account_move",
        "credit.account_move",
        "invoicing.arrival.account_move",
        "customers.ledger.account_move",
        "credit.documents.ar_credit_document_mixin",
    ],
    "account.partial.reconcile.create": [
        "credit.account_partial_reconcile",
        "reminders.returned_payments.account_partial_reconcile",
    ],
    "account.partial.reconcile.unlink": [
        "credit.account_partial_reconcile",
        "reminders.returned_payments.account_partial_reconcile",
    ],
    "account.partial.reconcile._act_on_reconciled": [
        "recovery.settlements.account_partial_reconcile",
        "promises.account_partial_reconcile",
        "reminders.returned_payments.account_partial_reconcile",
    ],
    "account.partial.reconcile._select_concerned": [
        "recovery.settlements.account_partial_reconcile",
        "promises.account_partial_reconcile",
        "reminders.returned_payments.account_partial_reconcile",
    ],
    "ar.channel.letter._get_preview": [
        "communications.channels.ar_channel_letter",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._get_preview": [
        "communications.channels.ar_channel_email",
        "communications.channels.ar_channel",
    ],
    "ar.channel.call._get_preview": [
        "communications.channels.ar_channel_call",
        "communications.channels.ar_channel",
    ],
    "ar.channel.letter._print": [
        "recovery.legal.ar_channel_letter",
        "portal.links.ar_channel_letter",
        "communications.channels.ar_channel_letter",
    ],
    "ar.dispute._end_unowed": ["disputes.ar_dispute_lifecycle", "agreements.ar_agreement"],
    "ar.dispute.line._get_holding_domain": ["disputes.ar_dispute_line", "agreements.ar_agreement_line"],
    "ar.dispute.line._prepare_following_vals": ["disputes.ar_dispute_line", "agreements.ar_agreement_line"],
    "ar.payment.plan._end_unowed": ["plans.ar_payment_plan_agreement", "agreements.ar_agreement"],
    "ar.payment.plan._note_changed_invoice": ["plans.ar_payment_plan_agreement", "agreements.ar_agreement"],
    "ar.payment.plan.line._get_holding_domain": ["plans.ar_payment_plan_line", "agreements.ar_agreement_line"],
    "ar.customer._free_amount": ["recovery.external.ar_customer", "disputes.ar_customer", "agreements.ar_customer"],
    "ar.customer._get_page_values": ["autopay.portal.ar_customer_portal", "portal.ar_customer"],
    "ar.customer._get_written_text": ["autopay.portal.ar_customer_invite", "reminders.manual.ar_customer_written"],
    "ar.customer._has_field_access": ["recovery.external.ar_customer", "customers.access.ar_access_mixin"],
    "ar.customer._stop_autopay": ["autopay.portal.ar_customer_notice", "autopay.account.ar_customer"],
    "ar.customer.get_view": ["salespeople.ar_customer", "recovery.external.ar_customer_shown"],
    "ar.placement._has_field_access": ["recovery.external.ar_placement", "customers.access.ar_access_mixin"],
    "ar.placement._end_unowed": ["recovery.placements.ar_placement", "agreements.ar_agreement"],
    "ar.settlement._end_unowed": ["recovery.settlements.ar_settlement", "agreements.ar_agreement"],
    "ar.settlement._set_state": ["recovery.settlements.ar_settlement", "agreements.ar_agreement"],
    "ar.settlement.create": [
        "agreements.ar_agreement",
        "customers.access.ar_access_mixin",
        "credit.requests.ar_decision_mixin",
    ],
    "ar.facts._read_targets": ["recovery.insolvency.ar_facts", "matching.ar_facts"],
    "ar.late.charge._read_facts": [
        "recovery.insolvency.ar_late_charge",
        "late_charges.ar_late_charge_autopay",
        "late_charges.ar_late_charge_facts",
    ],
    "ar.credit.standing._read_insolvent": ["recovery.insolvency.ar_credit_standing", "credit.ar_credit_standing"],
    "ar.autopay.charge._add_return_fee": ["recovery.costs.ar_autopay_charge", "autopay.ar_autopay_charge_after"],
    "ar.autopay.charge._filter_owed": ["recovery.insolvency.ar_autopay_charge", "autopay.ar_autopay_charge"],
    "ar.autopay.charge._get_notice_html": ["autopay.ar_autopay_charge_after", "communications.ar_notice_mixin"],
    "ar.autopay.charge._is_notice_valid": ["autopay.ar_autopay_charge_after", "communications.ar_notice_mixin"],
    "ar.returned.payment._tell_collector": [
        "autopay.ar_returned_payment",
        "reminders.returned_payments.ar_returned_payment",
    ],
    "ar.payment.plan._has_conflict": ["recovery.insolvency.ar_payment_plan", "plans.ar_payment_plan_agreement"],
    "ar.insolvency.create": ["recovery.insolvency.ar_insolvency", "customers.access.ar_access_mixin"],
    "ar.insolvency.write": ["recovery.insolvency.ar_insolvency", "customers.access.ar_access_mixin"],
    "ar.customer._read_payables": ["recovery.insolvency.ar_customer_page", "portal.payments.ar_customer_payment"],
    "ar.customer._get_late_charge_page_values": [
        "recovery.insolvency.ar_customer_page",
        "late_charges.ar_customer",
    ],
    "ar.placement._get_notice_html": [
        "recovery.placements.ar_placement_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.placement._is_notice_valid": [
        "recovery.placements.ar_placement_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.placement._get_user_authority": [
        "recovery.placements.ar_placement_decision",
        "credit.requests.ar_decision_mixin",
    ],
    "ar.settlement._get_user_authority": [
        "recovery.settlements.ar_settlement_decision",
        "credit.requests.ar_decision_mixin",
    ],
    "ar.settlement._get_task_owner": [
        "recovery.settlements.ar_settlement_decision",
        "customers.access.ar_access_mixin",
    ],
    "ar.settlement.line._get_holding_domain": [
        "recovery.settlements.ar_settlement_line",
        "agreements.ar_agreement_line",
    ],
    "ar.placement.line._get_holding_domain": [
        "recovery.placements.ar_placement_line",
        "agreements.ar_agreement_line",
    ],
    "ar.promise._end_unowed": ["promises.ar_promise", "agreements.ar_agreement"],
    "ar.promise.line._get_holding_domain": ["promises.ar_promise_line", "agreements.ar_agreement_line"],
    "ar.channel.email._drop_outdated": [
        "communications.channels.ar_channel_email_delivery",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._get_addresses": [
        "communications.channels.ar_channel_email",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._get_wanted": [
        "reminders.manual.ar_channel_email",
        "communications.channels.ar_channel_email_delivery",
    ],
    "ar.channel.email._prepare_delivery": [
        "communications.channels.ar_channel_email_delivery",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._read_outcome": [
        "communications.channels.ar_channel_email_delivery",
        "communications.channels.ar_channel",
    ],
    "ar.communication._is_rest_valid": [
        "statements.ar_communication",
        "reminders.ar_communication_presend",
        "communications.delivery.ar_communication_delivery",
    ],
    "ar.facts._read_bounced": ["communications.ar_facts", "customers.facts.ar_facts_addresses"],
    "ar.facts._read_unwanted": ["replies.ar_facts", "customers.facts.ar_facts_addresses"],
    "ar.outreach._add_address_task": ["replies.ar_outreach", "communications.outreach.ar_outreach"],
    "ar.channel.call._reaches_any": ["communications.channels.ar_channel_call", "communications.channels.ar_channel"],
    "ar.channel.call._send": ["communications.channels.ar_channel_call", "communications.channels.ar_channel"],
    "ar.channel.email._choose_recipients": [
        "communications.channels.ar_channel_email",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._reaches": ["communications.channels.ar_channel_email", "communications.channels.ar_channel"],
    "ar.channel.email._render": [
        "reminders.manual.ar_channel_email",
        "communications.channels.ar_channel_email",
        "communications.channels.ar_channel",
    ],
    "ar.channel.email._send": ["communications.channels.ar_channel_email", "communications.channels.ar_channel"],
    "ar.channel.letter._deliver": [
        "communications.channels.ar_channel_letter",
        "communications.channels.ar_channel",
    ],
    "ar.channel.letter._reaches": ["communications.channels.ar_channel_letter", "communications.channels.ar_channel"],
    "ar.communication._cancel": ["reminders.manual.ar_communication", "communications.ar_communication"],
    "ar.communication._compute_parts": ["reminders.manual.ar_communication", "communications.ar_communication_message"],
    "ar.communication._get_pay_url": [
        "recovery.settlements.ar_communication",
        "autopay.ar_communication",
        "plans.ar_communication",
        "communications.ar_communication_message",
    ],
    "ar.communication._get_replacement_vals": ["reminders.manual.ar_communication", "communications.ar_communication"],
    "ar.communication._get_selection": ["plans.ar_communication", "reminders.ar_communication_presend"],
    "ar.communication._get_table_texts": [
        "plans.ar_communication",
        "statements.ar_communication",
        "communications.ar_communication_message",
    ],
    "ar.communication._get_table": [
        "communications.ar_communication_group",
        "communications.ar_communication_message",
    ],
    "ar.communication._get_named": [
        "communications.ar_communication_group",
        "communications.ar_communication_message",
    ],
    "ar.communication._cancel_by_person": ["reminders.manual.ar_communication", "communications.ar_communication"],
    "ar.communication._check_before_sending": [
        "reminders.ar_communication_presend",
        "communications.delivery.ar_communication_delivery",
    ],
    "ar.communication._is_day_kept": [
        "recovery.legal.ar_communication",
        "reminders.manual.ar_communication",
        "communications.delivery.ar_communication_letter",
    ],
    "ar.communication._get_renewed_deadline": [
        "recovery.legal.ar_communication",
        "communications.delivery.ar_communication_letter",
    ],
    "ar.communication._is_current": ["reminders.manual.ar_communication", "communications.ar_communication"],
    "ar.communication._update_last_contact": [
        "salespeople.ar_communication",
        "communications.delivery.ar_communication_delivery",
    ],
    "ar.communication.line._get_transfer_amounts": [
        "plans.ar_communication_line",
        "communications.ar_communication_line",
    ],
    "ar.communication.line._get_key": ["plans.ar_communication_line", "communications.ar_communication_line"],
    "ar.communication.line._prepare_item_vals": [
        "plans.ar_communication_line",
        "invoicing.arrival.ar_communication_line",
        "communications.ar_communication_line",
    ],
    "ar.credit.policy._get_rules": [
        "plans.ar_credit_policy",
        "matching.ar_credit_policy",
        "customers.policy.ar_credit_policy_rules",
    ],
    "ar.credit.policy._get_steps": ["reminders.schedule.ar_credit_policy", "customers.policy.ar_credit_policy_rules"],
    "ar.absence.create": ["customers.collectors.ar_absence", "customers.access.ar_access_mixin"],
    "ar.credit.terms.write": ["credit.terms.ar_credit_terms", "customers.access.ar_access_mixin"],
    "ar.credit.terms.notice._get_notice_html": [
        "credit.terms.ar_credit_terms_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.credit.terms.notice._is_notice_valid": [
        "credit.terms.ar_credit_terms_notice",
        "communications.ar_notice_mixin",
    ],
    "ar.absence.write": ["customers.collectors.ar_absence", "customers.access.ar_access_mixin"],
    "ar.agreement.create": ["agreements.ar_agreement", "customers.access.ar_access_mixin"],
    "ar.communication.write": ["communications.ar_communication", "customers.access.ar_access_mixin"],
    "ar.customer.create": [
        "team.ar_customer",
        "credit.exceptions.ar_customer_exceptions",
        "customers.access.ar_access_mixin",
    ],
    "ar.credit.policy.create": ["credit.status.ar_credit_policy_rules", "customers.access.ar_access_mixin"],
    "ar.credit.exclusion.create": [
        "credit.requests.ar_credit_exclusion",
        "credit.status.ar_credit_exclusion",
        "customers.access.ar_access_mixin",
    ],
    "ar.credit.exclusion.write": [
        "credit.requests.ar_credit_exclusion",
        "credit.status.ar_credit_exclusion",
        "customers.access.ar_access_mixin",
    ],
    "ar.credit.policy.write": [
        "credit.requests.ar_credit_policy",
        "credit.status.ar_credit_policy_rules",
        "customers.access.ar_access_mixin",
    ],
    "ar.credit.rule.create": ["credit.status.ar_credit_rule", "customers.access.ar_access_mixin"],
    "ar.credit.rule.write": ["credit.status.ar_credit_rule", "customers.access.ar_access_mixin"],
    "ar.credit.request._apply": [
        "credit.exceptions.ar_credit_request",
        "credit.requests.ar_credit_request_decision",
    ],
    "ar.customer.action_keep_policy": [
        "credit.exceptions.ar_customer_policy_end",
        "credit.score.ar_customer_policy",
    ],
    "ar.customer._absorb": [
        "credit.score.ar_customer_score",
        "credit.ar_customer_limit",
        "customers.identity.ar_customer_merge",
    ],
    "ar.customer._before_merge": [
        "credit.score.ar_customer_score",
        "customers.identity.ar_customer_identity",
    ],
    "ar.customer._find_moved": ["credit.score.ar_customer_policy", "customers.ar_customer_policy"],
    "ar.credit.feature.write": ["credit.score.ar_credit_feature", "customers.access.ar_access_mixin"],
    "ar.credit.policy._filter_partners": ["credit.score.ar_credit_policy", "customers.policy.ar_credit_policy_filter"],
    "ar.credit.scoring.create": ["credit.score.ar_credit_scoring", "customers.access.ar_access_mixin"],
    "ar.credit.scoring.write": ["credit.score.ar_credit_scoring", "customers.access.ar_access_mixin"],
    "res.company.create": ["credit.score.res_company", "customers.res_company"],
    "ar.customer.write": [
        "team.ar_customer",
        "credit.exceptions.ar_customer_exceptions",
        "credit.requests.ar_customer_secured",
        "credit.requests.ar_customer_authority",
        "credit.ar_customer_insurance",
        "credit.ar_customer_limit",
        "autopay.account.ar_customer_identity",
        "reminders.ar_customer_anew",
        "reminders.ar_customer_group",
        "customers.ar_customer_changed",
        "customers.access.ar_access_mixin",
    ],
    "res.partner.write": [
        "credit.res_partner",
        "communications.res_partner",
        "customers.res_partner",
    ],
    "ar.customer._decide_anew": ["reminders.ar_customer_anew", "customers.ar_customer_changed"],
    "ar.communication._check_notices_before_sending": [
        "statements.ar_communication",
        "reminders.ar_communication_presend",
        "communications.ar_communication_notice",
    ],
    "ar.communication._is_notice_valid": [
        "recovery.insolvency.ar_communication",
        "statements.ar_communication",
        "reminders.ar_communication_presend",
        "communications.ar_communication_notice",
    ],
    "ar.dispute.create": ["agreements.ar_agreement", "customers.access.ar_access_mixin"],
    "ar.payment.plan.create": ["agreements.ar_agreement", "customers.access.ar_access_mixin"],
    "ar.promise.create": ["agreements.ar_agreement", "customers.access.ar_access_mixin"],
    "ar.customer._can_do_task": ["communications.ar_customer", "customers.access.ar_access_mixin"],
    "ar.dispute._get_task_owner": ["disputes.ar_dispute_escalation", "customers.access.ar_access_mixin"],
    "ar.handover._pass_on": [
        "replies.ar_handover",
        "disputes.ar_handover",
        "communications.ar_handover",
        "customers.nightly.ar_handover",
    ],
    "ar.customer._get_task_owner": ["customers.collectors.ar_customer_collector", "customers.access.ar_access_mixin"],
    "ar.payment.plan._get_task_owner": ["plans.ar_payment_plan", "customers.access.ar_access_mixin"],
    "ar.problem._get_task_owner": ["customers.nightly.ar_problem", "customers.access.ar_access_mixin"],
    "ar.customer._compute_display_name": ["customers.identity.ar_customer_merge", "customers.ar_customer"],
    "ar.credit.rule._check_second_person": [
        "credit.requests.ar_credit_rule",
        "credit.status.ar_credit_rule",
    ],
    "ar.customer._check_lifted": [
        "credit.requests.ar_customer_authority",
        "credit.status.ar_customer_hold",
    ],
    "ar.credit.release._check_allowed": [
        "credit.requests.ar_credit_release",
        "credit.documents.ar_credit_release",
    ],
    "ar.customer._get_securities": [
        "credit.requests.ar_customer_secured",
        "credit.ar_customer_insurance",
    ],
    "ar.customer._detach": [
        "credit.requests.ar_customer",
        "credit.status.ar_customer_status",
        "customers.identity.ar_customer_identity",
    ],
    "ar.customer._set_debtor": [
        "recovery.insolvency.ar_customer",
        "credit.requests.ar_customer",
        "customers.identity.ar_customer_identity",
    ],
    "ar.credit.request.create": ["customers.access.ar_access_mixin", "credit.requests.ar_decision_mixin"],
    "ar.credit.request._get_task_owner": [
        "credit.requests.ar_credit_request_notice",
        "customers.access.ar_access_mixin",
    ],
    "ar.credit.request.approval.write": [
        "credit.requests.ar_credit_request_approval",
        "customers.access.ar_access_mixin",
    ],
    "ar.customer._drop_duplicates": [
        "salespeople.ar_customer",
        "credit.terms.ar_customer",
        "credit.review.ar_customer_review",
        "credit.exceptions.ar_customer_exceptions",
        "credit.requests.ar_customer",
        "credit.status.ar_customer_status",
        "credit.score.ar_customer_score",
        "autopay.account.ar_customer_identity",
        "statements.ar_customer",
        "invoicing.sending.ar_customer",
        "communications.ar_customer",
        "customers.identity.ar_customer_merge",
    ],
    "ar.customer._carry_over": ["autopay.account.ar_customer_identity", "customers.identity.ar_customer_identity"],
    "ar.customer._drop_twice": [
        "forecast.ar_customer",
        "recovery.placements.ar_customer",
        "customers.identity.ar_customer_identity",
    ],
    "ar.customer._get_agreement_rows": [
        "recovery.insolvency.ar_customer_page",
        "recovery.settlements.ar_customer",
        "recovery.placements.ar_customer",
        "credit.requests.ar_customer",
        "reported_payments.ar_customer",
        "promises.ar_customer",
        "plans.ar_customer",
        "disputes.ar_customer",
        "portal.ar_customer",
    ],
    "ar.customer._get_collector_vals": ["team.ar_customer", "customers.identity.ar_customer_identity"],
    "ar.customer._get_currency_group": ["plans.ar_customer", "portal.ar_customer"],
    "ar.customer._get_item_row": ["plans.ar_customer", "portal.ar_customer"],
    "ar.customer._is_in_scope": ["plans.ar_customer", "portal.ar_customer"],
    "ar.customer._get_copied_vals": [
        "credit.requests.ar_customer_secured",
        "credit.ar_customer_insurance",
        "invoicing.sending.ar_customer",
        "customers.ar_customer_payer",
        "customers.identity.ar_customer_identity",
    ],
    "ar.customer._get_merged_vals": [
        "worklist.ar_customer",
        "credit.exceptions.ar_customer_policy_end",
        "credit.requests.ar_customer_secured",
        "credit.score.ar_customer_override",
        "credit.ar_customer_insurance",
        "credit.ar_customer_limit",
        "customers.ar_customer_payer",
        "customers.identity.ar_customer_merge",
    ],
    "ar.customer._get_possible_asks": [
        "reported_payments.ar_customer",
        "promises.ar_customer",
        "plans.ar_customer",
        "disputes.ar_customer",
        "portal.ar_customer_copies",
        "portal.ar_customer",
    ],
    "ar.customer._get_run_vals": [
        "worklist.ar_customer_list",
        "worklist.ar_customer",
        "reminders.ar_customer_run",
    ],
    "ar.customer._prepare_run": ["worklist.ar_customer", "reminders.ar_customer_run"],
    "ar.customer._refresh_credit_company": ["credit.documents.ar_customer_night", "credit.ar_customer_night"],
    "ar.customer._run_company": ["salespeople.ar_customer", "reminders.ar_customer_run"],
    "ar.customer._take_over_records": [
        "recovery.insolvency.ar_customer",
        "invoicing.arrival.ar_customer",
        "matching.ar_customer",
        "customers.identity.ar_customer_merge",
    ],
    "ar.customer._move_agreements": ["agreements.ar_customer", "customers.identity.ar_customer_identity"],
    "ar.dispute._get_notice_html": ["disputes.ar_dispute_notice", "communications.ar_notice_mixin"],
    "ar.dispute._get_notice_lines": ["disputes.ar_dispute_notice", "communications.ar_notice_mixin"],
    "ar.dispute._is_notice_valid": ["disputes.ar_dispute_notice", "communications.ar_notice_mixin"],
    "ar.dispute._log_raised": ["salespeople.ar_dispute", "disputes.ar_dispute_lifecycle"],
    "ar.facts._read_contact_values": ["recovery.insolvency.ar_facts", "customers.facts.ar_facts"],
    "ar.facts._read_unknown_deliveries": ["communications.ar_facts", "customers.facts.ar_facts"],
    "ar.facts._read_channels": ["communications.ar_facts", "customers.facts.ar_facts_addresses"],
    "ar.facts._read_contested": ["disputes.ar_facts", "agreements.ar_facts"],
    "ar.facts._read_disputed": ["disputes.ar_facts", "agreements.ar_facts"],
    "ar.facts._is_awaited": ["autopay.ar_facts", "customers.facts.ar_facts_exclusions"],
    "ar.facts._read_answer_days": ["autopay.ar_facts", "customers.facts.ar_facts_exclusions"],
    "ar.mail.health._settle_company": ["portal.ar_mail_health", "invoicing.arrival.ar_mail_health"],
    "ar.payment.allocation._get_unbooked_domain": [
        "autopay.ar_payment_allocation",
        "portal.payments.ar_payment_allocation",
    ],
    "ar.facts._read_pending_transactions": ["autopay.ar_facts", "customers.facts.ar_facts_exclusions"],
    "ar.facts._read_plan_installments": ["autopay.ar_facts", "plans.ar_facts", "customers.facts.ar_facts"],
    "ar.facts._read_resumed": [
        "recovery.insolvency.ar_facts",
        "recovery.settlements.ar_facts",
        "recovery.placements.ar_facts",
        "reported_payments.ar_facts",
        "promises.ar_facts",
        "plans.ar_facts",
        "disputes.ar_facts",
        "customers.facts.ar_facts",
    ],
    "ar.facts._read_contacts": ["promises.ar_facts", "plans.ar_facts", "customers.facts.ar_facts_history"],
    "ar.facts._read_returned": ["reminders.returned_payments.ar_facts", "customers.facts.ar_facts"],
    "ar.facts._read_unmatched": ["matching.ar_facts", "customers.facts.ar_facts"],
    "ar.payment.plan.installment._get_autopay_cases": [
        "autopay.ar_payment_plan_installment",
        "autopay.ar_autopay_unit",
    ],
    "ar.autopay.collection._get_autopay_cases": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.payment.plan.installment._allocate_autopay": ["autopay.ar_payment_plan_installment", "autopay.ar_autopay_unit"],
    "ar.autopay.collection._allocate_autopay": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.payment.plan.installment._is_notice_valid": [
        "autopay.ar_payment_plan_installment",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.plan.installment._get_notice_lines": [
        "autopay.ar_payment_plan_installment",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.plan.installment._get_notice_html": [
        "autopay.ar_payment_plan_installment",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.plan.installment._get_autopay_consent": [
        "autopay.ar_payment_plan_installment",
        "autopay.ar_autopay_unit",
    ],
    "ar.autopay.collection._autopay_move_charge": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.autopay.collection._get_autopay_consent": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.payment.plan.installment._get_autopay_reference": [
        "autopay.ar_payment_plan_installment",
        "autopay.ar_autopay_unit",
    ],
    "ar.autopay.collection._get_autopay_reference": [
        "autopay.account.ar_autopay_collection",
        "autopay.ar_autopay_unit",
    ],
    "ar.payment.plan.installment._log_autopay": ["autopay.ar_payment_plan_installment", "autopay.ar_autopay_unit"],
    "ar.autopay.collection._log_autopay": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.autopay.collection._get_notice_html": [
        "autopay.account.ar_autopay_collection",
        "communications.ar_notice_mixin",
    ],
    "ar.autopay.collection._is_notice_valid": [
        "autopay.account.ar_autopay_collection",
        "communications.ar_notice_mixin",
    ],
    "ar.autopay.collection._get_autopay_rules": ["autopay.account.ar_autopay_collection", "autopay.ar_autopay_unit"],
    "ar.facts._read_exclusions": [
        "recovery.insolvency.ar_facts",
        "recovery.settlements.ar_facts",
        "recovery.placements.ar_facts",
        "autopay.account.ar_facts",
        "reported_payments.ar_facts",
        "promises.ar_facts",
        "plans.ar_facts",
        "disputes.ar_facts",
        "invoicing.arrival.ar_facts",
        "customers.facts.ar_facts_exclusions",
    ],
    "ar.metric.snapshot._get_parts": ["metrics.ar_metric_snapshot_agreements", "metrics.ar_metric_snapshot"],
    "ar.metric.snapshot._prepare_vals": ["metrics.ar_metric_snapshot_agreements", "metrics.ar_metric_snapshot"],
    "ar.outreach._add_review_task": [
        "recovery.legal.ar_outreach",
        "reminders.manual.ar_outreach",
        "communications.outreach.ar_outreach",
    ],
    "ar.outreach._make_attachments": [
        "recovery.legal.ar_outreach",
        "plans.ar_outreach",
        "receipts.ar_outreach",
        "statements.ar_outreach",
        "portal.ar_outreach",
        "communications.outreach.ar_outreach_attachments",
    ],
    "ar.outreach._prepare_communication_vals": [
        "recovery.legal.ar_outreach",
        "reminders.manual.ar_outreach",
        "communications.outreach.ar_outreach",
    ],
    "ar.outreach._prepare_recipient_vals": ["recovery.legal.ar_outreach", "communications.outreach.ar_outreach"],
    "ar.legal.cost.write": ["recovery.costs.ar_legal_cost", "customers.access.ar_access_mixin"],
    "ar.late.charge._get_charge_share": ["recovery.costs.ar_late_charge", "late_charges.ar_late_charge_facts"],
    "ar.communication._get_demand_values": ["recovery.costs.ar_communication", "recovery.legal.ar_communication"],
    "ar.placement._get_pack_files": [
        "recovery.costs.ar_placement_pack_files",
        "recovery.placements.ar_placement_pack_files",
    ],
    "ar.response.rule.create": ["recovery.legal.ar_response_rule", "customers.access.ar_access_mixin"],
    "ar.response.rule.write": ["recovery.legal.ar_response_rule", "customers.access.ar_access_mixin"],
    "ar.communication.action_approve": ["recovery.legal.ar_communication", "communications.ar_communication"],
    "ar.communication._check_letter_texts": [
        "recovery.legal.ar_communication",
        "communications.delivery.ar_communication_letter",
    ],
    "ar.communication._compute_letter_hint": [
        "recovery.legal.ar_communication",
        "communications.delivery.ar_communication_letter",
    ],
    "ar.outreach._prepare_notice_vals": [
        "recovery.settlements.ar_outreach",
        "promises.ar_outreach",
        "communications.outreach.ar_outreach_notice",
    ],
    "ar.communication._get_preheader": [
        "recovery.settlements.ar_communication",
        "statements.ar_communication",
        "communications.ar_communication_message",
    ],
    "ar.communication._get_transfers": [
        "recovery.settlements.ar_communication",
        "communications.ar_communication_message",
    ],
    "ar.settlement._get_notice_html": [
        "recovery.settlements.ar_settlement_offer",
        "communications.ar_notice_mixin",
    ],
    "ar.customer.statement._get_notice_html": [
        "statements.ar_customer_statement",
        "communications.ar_notice_mixin",
    ],
    "ar.customer.statement._get_notice_lines": [
        "statements.ar_customer_statement",
        "communications.ar_notice_mixin",
    ],
    "ar.customer.statement._get_notice_members": [
        "statements.ar_customer_statement",
        "communications.ar_notice_mixin",
    ],
    "ar.customer.statement._get_notice_vals": [
        "statements.ar_customer_statement",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.receipt._get_notice_html": [
        "receipts.ar_payment_receipt",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.receipt._get_notice_vals": [
        "receipts.ar_payment_receipt",
        "communications.ar_notice_mixin",
    ],
    "ar.customer.statement._read_contents": [
        "statements.ar_customer_statement_run",
        "statements.ar_renewed_mixin",
    ],
    "ar.customer.statement._gather_facts": [
        "statements.ar_customer_statement_run",
        "statements.ar_renewed_mixin",
    ],
    "ar.payment.receipt._gather_facts": ["receipts.ar_payment_receipt", "statements.ar_renewed_mixin"],
    "ar.customer.statement._find_reason": [
        "statements.ar_customer_statement_run",
        "statements.ar_renewed_mixin",
    ],
    "ar.customer.statement._get_renewed_vals": [
        "statements.ar_customer_statement_run",
        "statements.ar_renewed_mixin",
    ],
    "ar.payment.receipt._read_contents": [
        "receipts.ar_payment_receipt",
        "statements.ar_renewed_mixin",
    ],
    "ar.payment.receipt._find_reason": [
        "receipts.ar_payment_receipt_run",
        "statements.ar_renewed_mixin",
    ],
    "ar.settlement._get_notice_lines": [
        "recovery.settlements.ar_settlement_offer",
        "communications.ar_notice_mixin",
    ],
    "ar.settlement._is_notice_valid": [
        "recovery.settlements.ar_settlement_offer",
        "communications.ar_notice_mixin",
    ],
    "ar.payment.plan._get_judging_domain": ["autopay.ar_payment_plan", "plans.ar_payment_plan_run"],
    "ar.payment.plan._get_notice_html": ["plans.ar_payment_plan_portal", "communications.ar_notice_mixin"],
    "ar.payment.plan._is_notice_valid": ["plans.ar_payment_plan_portal", "communications.ar_notice_mixin"],
    "ar.payment.plan._set_state": ["autopay.ar_payment_plan", "agreements.ar_agreement"],
    "ar.promise._act_on_not_kept": ["salespeople.ar_promise", "promises.ar_promise_judge"],
    "ar.promise._get_notice_html": ["promises.ar_promise", "communications.ar_notice_mixin"],
    "ar.promise._get_notice_lines": ["promises.ar_promise", "communications.ar_notice_mixin"],
    "ar.promise._is_notice_valid": [
        "recovery.external.ar_promise",
        "promises.ar_promise",
        "communications.ar_notice_mixin",
    ],
    "ar.reported.payment._end_unowed": ["reported_payments.ar_reported_payment", "agreements.ar_agreement"],
    "ar.reported.payment._get_notice_html": [
        "reported_payments.ar_reported_payment_follow",
        "communications.ar_notice_mixin",
    ],
    "ar.reported.payment._get_notice_lines": [
        "reported_payments.ar_reported_payment_follow",
        "communications.ar_notice_mixin",
    ],
    "ar.reported.payment._is_notice_valid": [
        "reported_payments.ar_reported_payment_follow",
        "communications.ar_notice_mixin",
    ],
    "ar.reported.payment.create": ["agreements.ar_agreement", "customers.access.ar_access_mixin"],
    "ar.reported.payment.line._get_holding_domain": [
        "reported_payments.ar_reported_payment_line",
        "agreements.ar_agreement_line",
    ],
    "mail.mail._begin_delivery": ["portal.links.mail_mail", "communications.mail.mail_mail"],
    "mail.mail._deliver_to": ["portal.links.mail_mail", "communications.mail.mail_mail"],
    "mail.mail._prepare_outgoing_list": ["portal.links.mail_mail", "communications.mail.mail_mail"],
    "payment.transaction._set_done": ["autopay.payment_transaction", "portal.payments.payment_transaction"],
}
