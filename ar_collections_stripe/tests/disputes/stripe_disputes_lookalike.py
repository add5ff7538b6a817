"""The simulated Stripe server with what answers a dispute: files, evidence, what Stripe refuses, the money it moves."""

import email
import re
import time

from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import StripeError

from ...const import API_VERSION
from ..events.stripe_events_lookalike import StripeEventsLookalike

#: Limits of Stripe: characters of all texts, bytes of all files.
TEXT_MAX, FILES_MAX = 150_000, 4_500_000

#: Kinds of files that Stripe takes as evidence, by how they begin.
KINDS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}

FILE_FIELDS = {
    "receipt", "customer_communication", "customer_signature", "service_documentation", "shipping_documentation",
    "refund_policy", "cancellation_policy", "duplicate_charge_documentation", "uncategorized_file",
}  # fmt: skip

TEXT_FIELDS = {
    "customer_name", "customer_email_address", "customer_purchase_ip", "billing_address", "product_description",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "refund_policy_disclosure", "refund_refusal_explanation", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "duplicate_charge_id", "duplicate_charge_explanation", "access_activity_log",
    "uncategorized_text",
}  # fmt: skip


class StripeDisputesLookalike(StripeEventsLookalike):
    """Adds the files host, and evidence that is staged and submitted.

    :ivar files: {number: file, with its ``content``}
    :ivar evidence: {number of the dispute: {field: value}} as it is staged
    """

    def __init__(self, secret_key, publishable_key):
        self.files, self.evidence = {}, {}
        super().__init__(secret_key, publishable_key)

    def read_body(self, body, headers):
        """Override to read files."""
        if not headers.get("Content-Type", "").startswith("multipart/form-data"):
            return super().read_body(body, headers)
        head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + body).get_payload()
        return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}

    def _find_route(self, method, path):
        """Override to add files, the answer to a dispute, and intents in our version of the API."""
        matched = re.fullmatch(r"/v1/payment_intents/(\w+)", path)
        if method == "GET" and matched and self.versions[method, path] == API_VERSION:
            return self._read_intent, matched.groups()
        if (method, path) == ("POST", "/v1/files"):
            return self._upload, ()
        if method == "POST" and (matched := re.fullmatch(r"/v1/disputes/(\w+)", path)):
            return self._answer, matched.groups()
        return super()._find_route(method, path)

    def _upload(self, data):
        content = data["file"]
        kind = next((kind for begin, kind in KINDS.items() if content.startswith(begin)), None)
        if data["purpose"] != b"dispute_evidence" or kind is None:
            raise StripeError("Invalid file: only pdf, jpg and png are taken as evidence")
        if len(content) > 5_000_000:
            raise StripeError("The file is too large")
        number = self._id("file")
        self.files[number] = {
            "id": number, "object": "file", "purpose": "dispute_evidence", "size": len(content), "type": kind,
        }  # fmt: skip
        return self.files[number]

    def _answer(self, number, data):
        """Stage evidence, or submit it: once, in time, within the limits."""
        dispute = self._get(self.disputes, number)
        details = dispute["evidence_details"]
        self._check_open(dispute)
        given = {key[9:-1]: value for key, value in data.items() if key.startswith("evidence[")}
        self._check_evidence({**self.evidence.get(number, {}), **given})
        self.evidence[number] = {**self.evidence.get(number, {}), **given}
        details["has_evidence"] = True
        if data.get("submit", "true") == "true":
            details["submission_count"] += 1
            dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        self._event("charge.dispute.updated", dispute)
        return dispute

    def _check_open(self, dispute):
        details = dispute["evidence_details"]
        if not dispute["status"].endswith("needs_response"):
            raise StripeError(
                "This dispute has already been submitted" if details["submission_count"] else "This dispute is closed"
            )
        if not details["due_by"] or details["due_by"] < time.time():
            raise StripeError("The deadline for submitting evidence has passed")

    def _check_evidence(self, evidence):
        if not re.fullmatch(r"((ch|py)_\w+)?", evidence.get("duplicate_charge_id", "")):
            raise StripeError("duplicate_charge_id is no charge")
        for field, value in evidence.items():
            if field in FILE_FIELDS and value and value not in self.files:
                raise StripeError(f"No such file upload: {value}")
            if field not in FILE_FIELDS | TEXT_FIELDS:
                raise StripeError(f"Received unknown parameter: evidence[{field}]")
        texts = sum(len(value) for field, value in evidence.items() if field in TEXT_FIELDS)
        files = sum(self.files[value]["size"] for field, value in evidence.items() if field in FILE_FIELDS and value)
        if texts > TEXT_MAX or files > FILES_MAX:
            raise StripeError("The evidence is too large")

    def _read_intent(self, number, _data):
        """Return an intent as newer API versions do: it names its last charge, and has no list of them."""
        intent = dict(self._get(self.intents, number))
        charges = intent.pop("charges")["data"]
        return {**intent, "latest_charge": charges[0]["id"] if charges else None}

    def _refund(self, data):
        """Override: what is contested is not refunded, but an inquiry is."""
        for dispute in self.disputes.values():
            is_over = dispute["status"] in ("won", "warning_closed")
            if dispute["payment_intent"] == data["payment_intent"] and not (is_over or dispute["is_charge_refundable"]):
                raise StripeError("Charge has been charged back; cannot issue a refund.", code="charge_disputed")
        return super()._refund(data)

    # === EVENTS OUTSIDE ODOO === #

    def dispute(self, intent, status="needs_response", amount=None, reason="product_not_received", due=8 * 86400):
        """Override to count how often evidence was submitted."""
        dispute = super().dispute(intent, status, amount, reason, due)
        dispute["evidence_details"].update(submission_count=0, past_due=bool(due) and due < 0)
        return dispute

    def move_money(self, dispute, amount, fee=0, status=None, created=None, **values):
        """Take money back (negative) or return it; return the event.

        :param created: timestamp, now by default
        :param values: of the balance transaction, such as its currency
        """
        entry = {
            "id": self._id("txn"), "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee,
            "currency": dispute["currency"], "created": int(created or time.time()), "type": "adjustment", **values,
        }  # fmt: skip
        dispute["balance_transactions"].append(entry)
        name = "funds_withdrawn" if amount < 0 else "funds_reinstated"
        return self.move_dispute(dispute, status, name=name)
