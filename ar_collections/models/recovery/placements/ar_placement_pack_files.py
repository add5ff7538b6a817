import csv
import io
import json

from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext

#: The columns of the log of communications.
LOG_COLUMNS = (
    "date", "channel", "subject", "tone", "state", "deadline", "invoices", "recipients", "call_result", "note", "text",
)  # fmt: skip

AGREEMENT_COLUMNS = ("type", "number", "state", "agreed_on", "due_on", "amount", "currency", "invoices", "note")


class ArPlacementPackFiles(models.Model):
    """The files of the hand-over pack. Texts are in the language of the database's codes, so that they do not vary."""

    _inherit = "ar.placement"

    def _get_pack_files(self):
        """Return {name: bytes} of the files of the pack, without the list of hashes."""
        self.ensure_one()
        pack = self.with_context(lang="en_US")
        case, invoices = pack._get_case(), pack._get_invoices()
        agreements = pack._get_agreements()
        agency = self.agency_id
        content = {"case": agency._map_fields("case", case), "invoices": [], "agreements": agreements}
        content["invoices"] = [agency._map_fields("invoices", row) for row in invoices]
        terms = html2plaintext(self.customer_id.policy_id.terms or "").strip()
        files = {
            "case.json": json.dumps(content, indent=2, ensure_ascii=False, default=str).encode(),
            "invoices.csv": pack._to_csv(content["invoices"], agency._get_columns("invoices")),
            "communications.csv": pack._to_csv(pack._get_log(), LOG_COLUMNS),
            "agreements.csv": pack._to_csv(agreements, AGREEMENT_COLUMNS),
        }
        if terms:
            files["terms.txt"] = terms.encode()
        if agency.with_statement:
            files["statement.pdf"] = pack._get_statement()
        # Opening balances and other entries have no document: Odoo prints invoices alone.
        for move in self.line_ids.move_id.filtered(lambda move: move.is_invoice(include_receipts=True)).sorted("id"):
            name = f"invoices/{self._get_file_name(move.name)}.pdf"
            if name in files:  # names that differ in signs alone
                name = f"invoices/{self._get_file_name(move.name)}-{move.id}.pdf"
            files[name] = pack._get_invoice(name, move)
        return files

    def _to_csv(self, rows, columns):
        """Return rows as the bytes of a CSV file; no spreadsheet takes a text for a formula.

        :param rows: [{column: value}]
        """
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(columns)
        escape = self.env["ar.statement"]._escape_formula
        for row in rows:
            values = ("" if row.get(name) in (None, False) else row[name] for name in columns)
            writer.writerow([escape(value) if isinstance(value, str) else value for value in values])
        return output.getvalue().encode("utf-8-sig")

    # === DATA === #

    def _get_case(self):
        """Return the case and the debtor, {our field: value}; see ``const.PACK_FIELDS``."""
        partner, agency, company = self.customer_id.partner_id, self.agency_id, self.company_id
        digits = self.currency_id.decimal_places
        return {
            "case_reference": self.name,
            "client_number": agency.reference or "",
            "placed_on": self.placed_on,
            "currency": self.currency_id.name,
            "amount_placed": f"{self.amount_total:.{digits}f}",
            "amount_open": f"{self.amount_left:.{digits}f}",
            "oldest_due_date": min(self.line_ids.mapped("date_due"), default=None),
            "limitation_date": self.limitation_date or None,
            "description": ", ".join(self.line_ids.mapped("name")),
            "creditor_name": company.name,
            "creditor_vat": company.vat or "",
            "debtor_type": "company" if partner.is_company else "person",
            "debtor_name": partner.name or "",
            "debtor_registration": partner.company_registry or partner.vat or "",
            "debtor_street": ", ".join(filter(None, (partner.street, partner.street2))),
            "debtor_zip": partner.zip or "",
            "debtor_city": partner.city or "",
            "debtor_state": partner.state_id.name or "",
            "debtor_country": partner.country_id.code or "",
            "debtor_email": partner.email or "",
            "debtor_phone": partner.phone or "",
            "debtor_language": partner.lang or "",
        }

    def _get_invoices(self):
        """Return the placed items, oldest first: [{our field: value}]; see ``const.PACK_FIELDS``."""
        digits = self.currency_id.decimal_places
        limits = self.customer_id._read_limitation_dates(self.line_ids.move_line_id.ids)
        rows = []
        for line in self.line_ids.sorted(lambda line: (line.date_due, line.id)):
            item, move = line.move_line_id, line.move_id
            amounts = (item.amount_currency, item.amount_currency - line.residual_before, line.amount, line.amount_left)
            original, paid, placed, left = (f"{amount:.{digits}f}" for amount in amounts)
            rows.append(
                {
                    "case_reference": self.name,
                    "invoice_number": line.name,
                    "invoice_date": move.invoice_date or move.date,
                    "due_date": line.date_due,
                    "currency": self.currency_id.name,
                    "amount_original": original,
                    "amount_paid_before": paid,
                    "amount_placed": placed,
                    "amount_open": left,
                    "payment_reference": move.payment_reference or "",
                    "order_reference": move.ref or move.invoice_origin or "",
                    "limitation_date": limits.get(item.id),
                }
            )
        return rows

    def _get_log(self):
        """Return all contacts about the customer with the outcome at each address, oldest first.

        What never went out, such as a message that was withdrawn or waits for its review, is no contact. What was sent
        to whoever pays for the customer is one; of a message about a group only the customer's own items are given, and
        no text, which lists what others owe.
        """
        domain = Domain("customer_id", "=", self.customer_id.id) | Domain(
            "line_ids.member_id", "=", self.customer_id.id
        )
        domain &= Domain("state", "in", ("sent", "failed", "unknown"))
        communications = self.env["ar.communication"].search(domain, order="id")
        with_notes, spoken = self.agency_id.with_notes, self.env["ar.channel"]._get_codes("_is_spoken")
        return [
            {
                "date": entry.date_sent or entry.date,
                "channel": entry.channel,
                "subject": entry.subject or entry.display_title or "",
                "tone": entry.tone,
                "state": entry.state,
                "deadline": entry.deadline,
                "invoices": ", ".join(
                    dict.fromkeys(entry._get_lines_of(self.customer_id).filtered("name").mapped("name"))
                ),
                "recipients": "; ".join(
                    " ".join(filter(None, (row.address, row.state, row.failure_reason))) for row in entry.address_ids
                )
                or entry.email_to
                or "",
                "call_result": entry.call_result or "",
                "note": (with_notes and entry.note) or "",
                # What is stored with a call was never said to the customer.
                "text": entry._get_text_as_sent()
                if not entry.is_for_group and (with_notes or entry.channel not in spoken)
                else "",
            }
            for entry in communications
        ]

    def _get_agreements(self):
        """Return the promises and payment plans about the placed items, also those that ended, oldest first."""
        items = self.line_ids.move_line_id.ids
        promises = self.env["ar.promise"].search([("line_ids.move_line_id", "in", items)], order="id")
        plans = self.env["ar.payment.plan"].search([("line_ids.move_line_id", "in", items)], order="id")
        rows = [self._get_agreement(promise, "promise", promise.promised_on, promise.date) for promise in promises]
        return rows + [
            self._get_agreement(
                plan, "payment plan", plan.activated_on, max(plan.installment_ids.mapped("date"), default=None)
            )
            for plan in plans
        ]

    def _get_agreement(self, agreement, kind, agreed_on, due_on):
        digits = agreement.currency_id.decimal_places
        return {
            "type": kind,
            "number": agreement.name,
            "state": agreement.state,
            "agreed_on": agreed_on or None,
            "due_on": due_on,
            "amount": f"{agreement.amount_total:.{digits}f}",
            "currency": agreement.currency_id.name,
            "invoices": ", ".join(agreement.line_ids.filtered("name").mapped("name"))
            if "name" in agreement.line_ids._fields
            else ", ".join(agreement.line_ids.move_id.mapped("name")),
            "note": (self.agency_id.with_notes and agreement.note) or "",
        }

    # === DOCUMENTS === #

    def _get_statement(self):
        """Return the statement of account as PDF."""
        day = self.company_id._ar_today()
        statement, customer = self.env["ar.statement"], self.customer_id
        shows = [
            [line.name, str(line.due_date), str(line.original), str(line.residual_currency)]
            for line in statement._read_lines(customer, day)
        ]
        return self._print("statement.pdf", shows, lambda: statement._render_pdf(customer, day, member_ids=())[0])

    def _get_invoice(self, name, move):
        """Return an invoice as PDF: the one that was sent, or a new one."""
        if move.invoice_pdf_report_id:
            return move.invoice_pdf_report_id.raw
        reports = self.env["ir.actions.report"].with_context(lang=self.customer_id.partner_id.lang)
        shows = [move.name, str(move.invoice_date), str(move.amount_total), str(move.amount_residual)]
        return self._print(name, shows, lambda: reports._render_qweb_pdf("account.account_invoices", move.ids)[0])
