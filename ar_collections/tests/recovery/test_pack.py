import csv
import hashlib
import io
import json
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_placements import PlacementCommon


@tagged("post_install", "-at_install")
class TestPack(PlacementCommon):
    """The hand-over pack: its files, the names that an agency expects, and the same bytes for the same facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.with_notes = True  # what it may hold; without notes: `test_agency_told`

    @contextmanager
    def _refused(self, text):
        """Expect a refusal with this text, after which the transaction is undone as by Odoo."""
        with self._on(), self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            yield

    def _read(self, placement):
        """Return {name: bytes} of the files of the pack."""
        with zipfile.ZipFile(io.BytesIO(placement.sudo().pack_id.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _rows(self, content):
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def _download(self, placement, day=None):
        with self._on(day):
            placement.with_user(self.collector).action_download_pack()
        self.env.invalidate_all()
        return placement.sudo().pack_id.raw

    def test_the_files(self):
        self.policy.terms = "<p>Payable within 30 days.</p>"
        placement = self._place()
        files = self._read(placement)
        invoices = {f"invoices/{move.name.replace('/', '-')}.pdf" for move in (self.old, self.new)}
        others = {"case.json", "invoices.csv", "communications.csv", "agreements.csv", "terms.txt", "statement.pdf"}
        self.assertEqual(set(files), invoices | others | {"SHA256SUMS.txt"})
        self.assertEqual(files["terms.txt"], b"Payable within 30 days.")
        case = json.loads(files["case.json"])
        self.assertEqual(case["case"]["case_reference"], placement.name)
        self.assertEqual((case["case"]["amount_placed"], case["case"]["debtor_name"]), ("400.00", "Late Payer"))
        rows = self._rows(files["invoices.csv"])
        self.assertEqual([row["amount_open"] for row in rows], ["300.00", "100.00"])
        self.assertEqual([row["invoice_number"] for row in rows], [self.old.name, self.new.name])

    def test_the_hashes_are_those_of_the_files(self):
        files = self._read(self._place())
        listed = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS.txt").decode().splitlines())
        self.assertEqual(listed, {name: hashlib.sha256(content).hexdigest() for name, content in files.items()})

    def test_the_log_with_outcomes_promises_and_calls(self):
        self._day()
        with self._on():
            self.customer._log_call("reached", self.partner, "=will pay", False)
            promise = self.customer._promise(self.TODAY, {self._debt(self.old).id: None}, "said so")
            promise._withdraw("changed his mind")
        files = self._read(self._place())
        log = self._rows(files["communications.csv"])
        self.assertIn("payer@customer.example.com sent", log[0]["recipients"])
        self.assertIn(self.old.name, log[0]["invoices"])
        # a row of the table is one line, and no addresses of links and images follow
        self.assertRegex(log[0]["text"], rf"(?m)^{self.old.name} .*300\.00.*$")
        self.assertNotIn("http", log[0]["text"])
        self.assertNotIn("terms.txt", files)
        self.assertEqual([row["note"] for row in log if row["call_result"]], ["'=will pay"])
        (agreed,) = self._rows(files["agreements.csv"])
        self.assertEqual((agreed["type"], agreed["state"], agreed["amount"]), ("promise", "withdrawn", "300.00"))

    def test_the_log_has_what_the_payer_of_the_group_was_sent_about_this_debtor_alone(self):
        payer = self._customer(self._partner(name="Head", email="head@customer.example.com"))
        sister, other = self._late(5, 70.0, name="Sister", email="sister@customer.example.com")
        (self.customer | sister).payer_id = payer
        self.env.flush_all()
        self._day()
        (row,) = self._rows(self._read(self._place())["communications.csv"])
        self.assertIn("head@customer.example.com sent", row["recipients"])
        self.assertIn(self.old.name, row["invoices"])
        self.assertNotIn(other.name, row["invoices"] + row["text"])

    def test_what_never_went_out_is_in_no_log(self):
        with self._on():
            call = self.customer._log_call("reached", self.partner, "spoke", False)
        call.copy({"state": "cancelled", "note": "unfair draft"})
        log = self._rows(self._read(self._place())["communications.csv"])
        self.assertEqual([row["note"] for row in log], ["spoke"])

    def test_names_that_differ_in_signs_alone_stand_for_two_files(self):
        kinds = self.env.registry["ar.placement"]
        with patch.object(kinds, "_get_file_name", staticmethod(lambda _text: "INV-1")):
            files = self._read(self._place())
        names = sorted(name for name in files if name.startswith("invoices/"))
        self.assertEqual(names, [f"invoices/INV-1-{max(self.old.id, self.new.id)}.pdf", "invoices/INV-1.pdf"])

    def test_an_opening_balance_has_no_document(self):
        receivable = self.partner.with_company(self.company).property_account_receivable_id
        other = self.company_data["default_account_revenue"]
        day = self.TODAY - timedelta(days=200)
        rows = ((receivable, 70.0, self.partner.id), (other, -70.0, False))
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "balance": amount, "partner_id": partner, "date_maturity": day}
                    )
                    for account, amount, partner in rows
                ],
            }
        )
        entry.action_post()
        with self.assertRaisesRegex(UserError, "Only invoices"):
            self.env["ir.actions.report"]._render_qweb_pdf("account.account_invoices", entry.ids)
        files = self._read(self._place())
        self.assertEqual(len([name for name in files if name.startswith("invoices/")]), 2)
        rows = {row["invoice_number"]: row["amount_open"] for row in self._rows(files["invoices.csv"])}
        self.assertEqual(rows, {entry.name: "70.00", self.old.name: "300.00", self.new.name: "100.00"})

    def test_the_names_that_the_agency_expects(self):
        rows = [
            ("invoices", "invoice_number", "factuurnummer"),
            ("invoices", "amount_open", "bedrag"),
            ("case", "debtor_name", "naam"),
        ]
        self.agency.field_ids = [
            Command.create({"sequence": n, "file": file, "source": source, "target": target})
            for n, (file, source, target) in enumerate(rows)
        ]
        files = self._read(self._place())
        self.assertEqual(list(self._rows(files["invoices.csv"])[0]), ["factuurnummer", "bedrag"])
        self.assertEqual(json.loads(files["case.json"])["case"], {"naam": "Late Payer"})

    def test_the_same_facts_make_the_same_bytes(self):
        placement = self._place()
        first, pack = placement.sudo().pack_id.raw, placement.pack_id
        again = self._download(placement, self.TODAY + timedelta(days=9))
        self.assertEqual((again, placement.pack_id), (first, pack))
        self._pay(self.old, 100)
        changed = self._download(placement)
        self.assertNotEqual(changed, first)
        self.assertEqual(self._download(placement), changed)
        rows = self._rows(self._read(placement)["invoices.csv"])
        self.assertEqual([row["amount_open"] for row in rows], ["200.00", "100.00"])

    def test_a_document_that_cannot_be_printed_leaves_nothing_half_done(self):
        self.agency.delivery = "email"
        placement = self._propose()
        reports = self.env["ir.actions.report"]
        mails = self.env["mail.mail"].search_count([])
        failing = patch.object(type(reports), "_render_qweb_pdf", side_effect=ValueError("no such font"))
        with self._refused("(?s)cannot be printed: no such font.*Nothing"), failing:
            placement.with_user(self.credit_manager).action_approve()
        self.env.invalidate_all()
        self.assertEqual((placement.state, placement.pack_id.id, placement.placed_on), ("ready", False, False))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_handed_over_by_email(self):
        self.agency.delivery = "email"
        with self.mock_mail_gateway():
            placement = self._place()
        (mail,) = self._mails
        self.assertEqual(mail["email_to"], ['"Fair Collect" <cases@agency.example.com>'])
        self.assertIn(placement.name, mail["subject"])
        (attachment,) = mail["attachments"]
        self.assertEqual(hashlib.sha256(attachment[1]).hexdigest(), placement.pack_hash)

    def test_an_agency_without_an_address_is_named(self):
        self.agency.delivery = "email"
        self.agency.partner_id.email = False
        placement = self._propose()
        with self._refused("Fair Collect has no email address"):
            placement.with_user(self.credit_manager).action_approve()
        self.env.invalidate_all()
        self.assertEqual(placement.state, "ready")

    def test_only_collectors_make_packs(self):
        placement = self._place()
        auditor = self._user("auditor", login="recovery-auditor")
        with self.assertRaisesRegex(UserError, "Only the role"):
            placement.with_user(auditor).action_download_pack()
