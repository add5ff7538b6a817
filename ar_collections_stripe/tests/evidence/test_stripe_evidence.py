import base64
import doctest
import time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...core import evidence as rules
from .common_stripe_evidence import PNG, ArStripeEvidenceCommon, pdf


@tagged("post_install", "-at_install")
class TestStripeEvidence(ArStripeEvidenceCommon):
    """Evidence is staged as often as wanted and submitted once; refusals are clear, and nothing is lost."""

    def test_the_rules_do_what_they_say(self):
        results = doctest.testmod(rules)
        self.assertEqual((results.failed, results.attempted), (0, 10))

    def test_staged_changed_and_submitted_once(self):
        data, evidence = self._gathered()
        chargeback = evidence.stripe_dispute_id
        evidence.action_stage()
        staged = self.stripe.evidence[data["id"]]
        self.assertEqual(
            (evidence.state, chargeback.has_evidence, chargeback.status), ("staged", True, "needs_response")
        )
        self.assertEqual(staged["customer_name"], self.payer.name)
        self.assertEqual(self.stripe.files[staged["receipt"]]["type"], "pdf")
        self.assertEqual(data["evidence_details"]["submission_count"], 0)
        self._add(evidence, "uncategorized_text", "We called the customer.")
        evidence.action_submit()
        self.assertEqual((evidence.state, evidence.submitted_by_id), ("submitted", self.manager))
        self.assertEqual((chargeback.status, chargeback.submissions, chargeback.can_answer), ("under_review", 1, False))
        self.assertEqual(self.stripe.evidence[data["id"]]["uncategorized_text"], "We called the customer.")
        answer = evidence.action_submit()
        self.assertIn("already", answer["params"]["message"])
        self.assertEqual(data["evidence_details"]["submission_count"], 1)

    def test_a_file_is_uploaded_once_and_what_was_removed_is_removed_at_stripe(self):
        data, evidence = self._gathered()
        line = self._add(evidence, "uncategorized_file", content=PNG, name="photo.png")
        evidence.action_stage()
        uploads = len(self.stripe.files)
        evidence.action_stage()
        self.assertEqual(len(self.stripe.files), uploads)
        line.write({"file": base64.b64encode(pdf(2))})
        evidence.action_stage()
        self.assertEqual(len(self.stripe.files), uploads + 1)
        line.unlink()
        evidence.action_stage()
        self.assertFalse(self.stripe.evidence[data["id"]]["uncategorized_file"])

    def test_submitted_at_stripe_itself_is_shown(self):
        data, evidence = self._gathered()
        data["evidence_details"]["submission_count"] = 1
        data["status"] = "under_review"
        answer = evidence.action_submit()
        self.assertEqual((evidence.state, answer["params"]["type"]), ("submitted", "warning"))
        self.assertFalse(evidence.submitted_by_id)
        self.assertNotIn(("POST", f"/v1/disputes/{data['id']}"), [each[:2] for each in self.stripe.requests])

    def test_an_inquiry_that_is_escalated_is_answered_again(self):
        data, evidence = self._gathered(status="warning_needs_response")
        chargeback = evidence.stripe_dispute_id
        evidence.action_stage()
        evidence.action_submit()
        self.assertEqual((evidence.state, chargeback.status), ("submitted", "warning_under_review"))
        dispute = chargeback.dispute_ids
        for status, times in (("needs_response", 2), ("appeal_needs_response", 3)):
            dispute.sudo().activity_ids.unlink()
            data["evidence_details"]["due_by"] += 30 * 86400
            self._deliver_all(self.stripe.move_dispute(data, status))
            deadline = chargeback._get_deadline(self.company)
            self.assertEqual((dispute.date_deadline, dispute.activity_ids.date_deadline), (deadline, deadline))
            self.assertEqual((evidence.state, chargeback.can_answer), ("draft", True))
            evidence.line_ids.filtered(lambda line: line.field == "product_description").text = f"Answer {times}"
            evidence.action_stage()
            self._deliver_all(self.stripe.events[-1])
            self.assertEqual(evidence.state, "staged")
            evidence.action_submit()
            self.assertEqual((evidence.state, chargeback.submissions), ("submitted", times))
            self.assertEqual(self.stripe.evidence[data["id"]]["product_description"], f"Answer {times}")
            self.assertIn("already", evidence.action_submit()["params"]["message"])

    def test_an_event_about_a_submission_at_stripe(self):
        data, evidence = self._gathered()
        data["evidence_details"]["submission_count"] = 1
        self._deliver_all(self.stripe.move_dispute(data, "under_review"))
        self.assertEqual(evidence.state, "submitted")

    def test_nobody_is_told_that_it_was_submitted_where_the_answer_got_lost(self):
        data, evidence = self._gathered()
        evidence.action_stage()
        self.stripe.mute = True
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            evidence.action_submit()
        self.stripe.mute = False
        self.assertEqual(evidence.state, "staged")
        evidence.action_submit()
        self.assertEqual((evidence.state, data["evidence_details"]["submission_count"]), ("submitted", 1))

    def test_after_the_deadline(self):
        data, evidence = self._gathered()
        data["evidence_details"]["due_by"] = int(time.time()) - 60
        before = len(evidence.line_ids)
        for method in ("action_stage", "action_submit"):
            with self.assertRaisesRegex(UserError, "until"):
                getattr(evidence, method)()
        self.assertEqual((evidence.state, len(evidence.line_ids)), ("draft", before))
        self.assertFalse(self.stripe.files)

    def test_where_no_answer_is_possible(self):
        _data, evidence = self._gathered(due=0, status="lost", reason="debit_not_authorized")
        self.assertFalse(evidence.can_answer)
        with self.assertRaisesRegex(UserError, "No answer is possible"):
            evidence.action_submit()

    def test_a_decided_case(self):
        data, evidence = self._gathered()
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        with self.assertRaisesRegex(UserError, "won"):
            evidence.action_stage()
        self.assertEqual(evidence.outcome, "won")

    def test_too_much_is_said_before_anything_is_sent(self):
        _data, evidence = self._gathered()
        self._add(evidence, "uncategorized_text", "x" * 150_001)
        with self.assertRaisesRegex(UserError, "150000 at most"):
            evidence.action_stage()
        evidence.line_ids.filtered(lambda line: line.field == "uncategorized_text").text = "short"
        self._add(evidence, "uncategorized_file", content=pdf(size=4_600_000))
        with self.assertRaisesRegex(UserError, "4500000 at most"):
            evidence.action_stage()
        line = evidence.line_ids.filtered(lambda each: each.field == "uncategorized_file")
        line.file = base64.b64encode(pdf(51))
        self.assertEqual(line.pages, 51)
        with self.assertRaisesRegex(UserError, "50 at most"):
            evidence.action_stage()
        self.assertFalse(self.stripe.files)
        self.assertEqual(evidence.state, "draft")

    def test_a_file_of_another_kind(self):
        _data, evidence = self._gathered()
        for field, content in (("uncategorized_file", b"MZ program"), ("refund_policy", b"<html>")):
            with self.assertRaisesRegex(ValidationError, "PDF, JPG and PNG"):
                self._add(evidence, field, content=content, name="proof.pdf")
        with self.assertRaisesRegex(ValidationError, "is a text"):
            self._add(evidence, "uncategorized_text", content=pdf())

    def test_what_stripe_refuses_is_shown_as_it_says_it(self):
        data, evidence = self._gathered()
        self.stripe.forbidden.add("/v1/files")
        with self.assertRaisesRegex(UserError, "The key may not do this"):
            evidence.action_stage()
        self.stripe.forbidden.clear()
        evidence.action_stage()
        self.assertEqual(self.stripe.versions["POST", f"/v1/disputes/{data['id']}"], "2026-10-28.endive")

    def test_nothing_to_send(self):
        _data, evidence = self._gathered()
        evidence.sudo().line_ids.unlink()
        with self.assertRaisesRegex(UserError, "no evidence yet"):
            evidence.action_stage()

    # === WHO === #

    def test_who_may_do_what(self):
        _data, evidence = self._gathered()
        chargeback, auditor = evidence.stripe_dispute_id, self._user("auditor", login="auditor-evidence")
        chargeback.dispute_ids.sudo().user_id = self.manager
        for user in (self.collector, auditor):
            for method in ("action_stage", "action_submit", "action_gather"):
                with self.assertRaises(UserError):
                    getattr(evidence.with_user(user), method)()
            with self.assertRaises(UserError):
                chargeback.with_user(user).action_open_evidence()
        with self.assertRaises(AccessError):
            evidence.with_user(auditor).line_ids[0].write({"text": "x"})
        chargeback.dispute_ids.sudo().user_id = self.collector
        evidence.with_user(self.collector).action_stage()
        self.assertEqual(evidence.state, "staged", "Whoever owns the dispute answers it.")

    def test_names_and_payments_come_from_our_records(self):
        _data, evidence = self._gathered()
        name = evidence.line_ids.filtered(lambda line: line.field == "customer_name")
        with self.assertRaisesRegex(UserError, "records of Odoo"):
            name.text = "Somebody else"
        self.payer.name = "Another Name"
        evidence.action_gather()
        self.assertEqual(self._value(evidence, "customer_name"), "Another Name")
        for vals in ({"state": "draft"}, {"submitted_by_id": self.manager.id}):
            with self.assertRaises(AccessError):
                evidence.write(vals)
        other = self._add(evidence, "uncategorized_text", "We called.")
        for vals in ({"is_fixed": True}, {"stripe_file": "file_1"}, {"is_edited": False}):
            with self.assertRaises(AccessError):
                other.write(vals)

    def test_fixed_fields_are_not_made_by_hand(self):
        _data, evidence = self._gathered()
        evidence.line_ids.filtered(lambda line: line.field == "customer_name").unlink()
        other = self._add(evidence, "uncategorized_text", "We called.")
        lines = evidence.line_ids.with_context(default_field="customer_name")
        for change in (lambda: self._add(evidence, "customer_name", "Somebody else"),
                       lambda: self._add(evidence, "duplicate_charge_id", "ch_1"),
                       lambda: other.write({"field": "customer_name"}),
                       lambda: lines.create({"evidence_id": evidence.id, "text": "Somebody else"})):  # fmt: skip
            with self.assertRaisesRegex(UserError, "records of Odoo"), self.cr.savepoint():
                change()
        evidence.action_gather()
        self.assertEqual(self._value(evidence, "customer_name"), self.payer.name)

    def test_a_line_stays_in_its_evidence(self):
        _data, submitted = self._gathered()
        submitted.action_stage()
        submitted.action_submit()
        _other, evidence = self._gathered()
        line = self._add(evidence, "uncategorized_text", "We called.")
        other = line.with_context(default_evidence_id=submitted.id)
        for change in (lambda: line.write({"evidence_id": submitted.id}),
                       lambda: submitted.write({"line_ids": [Command.link(line.id)]}),
                       lambda: other.create({"field": "refund_policy_disclosure", "text": "x"})):  # fmt: skip
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        line.write({"evidence_id": evidence.id, "text": "We called twice."})
        self.assertEqual(line.evidence_id, evidence)

    def test_nothing_changes_after_it_was_submitted(self):
        _data, evidence = self._gathered()
        line = self._add(evidence, "uncategorized_text", "We called.")
        evidence.action_stage()
        evidence.action_submit()
        for change in (lambda: line.write({"text": "x"}), line.unlink, evidence.action_gather,
                       lambda: self._add(evidence, "uncategorized_file", content=PNG)):  # fmt: skip
            with self.assertRaisesRegex(UserError, "was submitted"):
                change()
