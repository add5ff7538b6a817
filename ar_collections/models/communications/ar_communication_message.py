import re
from collections import defaultdict

from lxml import etree, html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext
from odoo.tools.urls import urljoin

from ...formats import get_formats, join_value

#: A space before punctuation: what is left of a tag at the end of an amount.
SPACED = re.compile(r"(?<=\S) (?=[.,;،؛](?:\s|$))", re.MULTILINE)


class ArCommunicationMessage(models.Model):
    """The rendered parts of a message that mail templates and letters insert: items, pay button and contact."""

    _inherit = "ar.communication"

    items_html = fields.Html(
        "Items", compute="_compute_parts", sanitize=False, help="Table of the items, per currency."
    )
    pay_html = fields.Html("Pay Button", compute="_compute_parts", sanitize=False)
    contact_html = fields.Html(
        "Contact", compute="_compute_parts", sanitize=False, help="Contact person and ways to reply."
    )

    unmatched_payments = fields.Json(
        readonly=True, help="[{date, amount (text), currency (name)}]: the payments named as not matched yet."
    )

    def _compute_parts(self):
        """Render the parts from the templates ``communication_<part>``, in the customer's language."""
        qweb = self.env["ir.qweb"]
        for communication in self.with_context(ar_formats=get_formats(self.env)):
            values = communication._get_message_values()
            if values["pay_url"]:  # with its server now: else all of the message would be searched for it
                values["pay_url"] = urljoin(communication.get_base_url(), values["pay_url"])
            for part in ("items", "pay", "contact"):
                communication[f"{part}_html"] = qweb.with_context(lang=communication.lang)._render(
                    f"ar_collections.communication_{part}", values, minimal_qcontext=True, lang=communication.lang
                )

    def _forget_texts(self):
        """Store the texts, and drop them from memory."""
        self.flush_recordset()
        self.invalidate_recordset(["body", "items_html", "pay_html", "contact_html", "agreement_html"], flush=False)
        self.env["mail.mail"].invalidate_model(["body_html"])

    def _get_message_values(self):
        """Return the values of the templates, with amounts and dates formatted in the customer's language.

        :return: {object, tables: [{rows, total}] one for each currency, total_label, deadline, unmatched: the texts of
            payments that are not matched yet, pay_url, can_pay_online and can_pay_part: what is possible there, which
            the portal domain knows, start and end: on which side a line of text starts and ends in
            this language}
        """
        self.ensure_one()
        return {
            "object": self,
            "tables": self._get_tables(self._get_row),
            "total_label": self._get_total_label(),
            "deadline": self._format_date(self.deadline),
            "unmatched": self._get_unmatched_texts(),
            "pay_url": self._get_pay_url(),
            "can_pay_online": False,
            "can_pay_part": False,
            **({"start": "right", "end": "left"} if self._is_right_to_left() else {"start": "left", "end": "right"}),
        }

    def _is_right_to_left(self):
        """Return whether the customer's language is written from right to left."""
        return self.env["res.lang"]._get_data(code=self.lang).direction == "rtl"

    def _keep_direction(self, body):
        """Return a body that is shown in its own direction everywhere, such as among the messages of the customer."""
        return Markup('<div dir="rtl">%s</div>') % body if self._is_right_to_left() else body

    def _get_pay_url(self):
        """Return the address of the customer's page, with the items of this message selected."""
        return self.customer_id._get_page_address(message=self.id)

    def _get_transfers(self, with_image=False):
        """Return the bank transfers that pay what the message lists, see `ar.bank.details._get_transfers`.

        :param bool with_image: the QR codes are contained, for letters; mails link to them
        """
        self.ensure_one()
        details = self.env["ar.bank.details"].sudo()  # for the message, whatever the user may read
        transfers = []
        for currency, lines in self.sudo().line_ids.grouped("currency_id").items():
            amounts = defaultdict(float)
            credit = self._get_deducted(lines)
            for line in lines.filtered(lambda line: line.kind == "item"):
                for item, amount in line._get_transfer_amounts().items():
                    amounts[item] += amount
            transfers += details._get_transfers(self.customer_id, currency, amounts, self.lang, credit, with_image)
        return transfers

    def _get_deducted(self, lines):
        """Return how much credit a transfer deducts; of several customers, each one's pays its own items at most.

        :param lines: in one currency
        """
        deducted, is_group = 0.0, bool(lines.member_id)
        for own in lines.grouped("member_id").values():
            credit = -sum(line.amount_left for line in own if line.kind == "credit")
            owed = sum(line.amount_left for line in own if line.kind == "item")
            deducted += min(credit, owed) if is_group else credit
        return deducted

    def _get_preheader(self):
        """Return the line that mail programs show beside the subject: amounts, and until when they are to be paid."""
        self.ensure_one()
        translated = self.with_context(lang=self.lang)
        totals = [
            self._format_amount(sum(lines.mapped("amount_left")), currency)
            for currency, lines in self.line_ids.grouped("currency_id").items()
        ]
        numbers = ", ".join(self._get_named(self.line_ids))
        amount = " + ".join(totals)
        if not totals:
            return (agreement := self._get_agreement()) and agreement.display_name or ""
        if self.notice or not self.deadline:
            return translated.env._("%(amount)s: %(numbers)s", amount=amount, numbers=numbers)
        values = {"amount": amount, "numbers": numbers, "date": self._format_date(self.deadline)}
        return translated.env._("Amount due %(amount)s, please pay by %(date)s: %(numbers)s", **values)

    def _get_tables(self, get_row):
        """Return {rows, total, rows_left, left} of each currency, see `_get_table`.

        :param get_row: returns the formatted values of a line and its currency
        """
        by_currency = self.line_ids.grouped("currency_id")
        return [self._get_table(lines, currency, get_row) for currency, lines in by_currency.items()]

    def _get_table(self, lines, currency, get_row):
        """Return the rows and the total of one currency: items first, then credits, each by due date.

        ``rows_left`` is the number of rows that are not shown, and ``left`` what they add up to: none here.
        """
        total = self._format_amount(sum(line.amount_left for line in lines), currency)
        rows = [get_row(line, currency) for line in self._in_order(lines)]
        return {"rows": rows, "total": total, "rows_left": 0, "left": ""}

    @api.model
    def _in_order(self, lines):
        """Return the lines in the order in which a message lists them."""
        return lines.sorted(lambda line: (line.kind != "item", line.date_due, line.id))

    def _get_named(self, lines):
        """Return the numbers of the documents that the line beside the subject names."""
        return list(dict.fromkeys(lines.filtered(lambda line: line.kind == "item").mapped("name")))

    def _get_row(self, line, currency):
        """Return the formatted values of one line.

        ``left`` may be less than original minus paid, for instance by a disputed part, which is not requested.
        """
        reference = line.sudo().move_id.payment_reference  # for the message, whatever the user may read
        return {
            **self._get_short_row(line, currency),
            "reference": reference if line.kind == "item" and reference != line.name else "",
            "date": self._format_date(line.date),
            "original": self._format_amount(line.amount_original, currency),
            "has_paid": bool(line.amount_paid),
            "paid": self._format_amount(line.amount_paid, currency),
        }

    def _get_short_row(self, line, currency):
        """Return the formatted values of one line that its sentence in the plain text names."""
        return {
            "section": None,
            "name": line.name,
            "installment": line.installment,
            "kind": line.kind,
            "date": self._format_date(line.date) if line.kind == "credit" else "",
            "date_due": self._format_date(line.date_due),
            "days_late": max(line.days_late, 0),
            "left": self._format_amount(line.amount_left, currency),
        }

    def _get_unmatched_texts(self):
        """Return a text with date and amount for each payment that is not matched yet, in the customer's language."""
        rows = self.unmatched_payments or ()
        if not rows:
            return []
        names = {row["currency"] for row in rows}
        currencies = self.env["res.currency"]._ar_by_name(names)
        return [
            self.with_context(lang=self.lang).env._(
                "%(amount)s of %(date)s",
                amount=self._format_amount(row["amount"], currencies[row["currency"]]),
                date=self._format_date(fields.Date.to_date(row["date"])),
            )
            for row in rows
        ]

    def _get_plain_text(self):
        """Return the message as plain text, in which each table is replaced by one sentence for each item.

        Of other tables with headings, each row is one line.
        """
        self.ensure_one()
        body = html.fromstring(f"<div>{self.body}</div>")
        for xpath, texts in self._get_table_texts():
            for node in body.xpath(xpath)[:1]:
                self._replace_by_lines(node, texts)
        return self._to_plain_text(body)

    def _get_text_as_sent(self):
        """Return the stored message as plain text for a file or a print, with one line for each row of a table.

        It says what was sent, without the addresses of links and images, which nobody can follow on paper.
        """
        self.ensure_one()
        return self._to_plain_text(html.fromstring(f"<div>{self.body or ''}</div>"), with_links=False)

    @api.model
    def _to_plain_text(self, body, with_links=True):
        """Return HTML as plain text; each row of a table with headings is one line. The element is changed.

        :param body: lxml element
        :param bool with_links: whether a list of the addresses of links and images follows
        """
        for table in body.xpath("//table[thead]"):
            rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]
            self._replace_by_lines(table, map(" | ".join, rows))
        for node in body.iter("b"):
            node.attrib.clear()  # Odoo marks with stars only those without attributes, at their beginning
        text = html2plaintext(html.tostring(body, encoding="unicode"), include_references=with_links)
        return SPACED.sub("", text)

    @api.model
    def _replace_by_lines(self, node, texts):
        """Replace an element of HTML by a paragraph for each of these texts."""
        block = html.Element("div")
        for text in texts:
            etree.SubElement(block, "p").text = text
        block.tail = node.tail
        node.getparent().replace(node, block)

    def _get_table_texts(self):
        """Return [(xpath, lines of text)]: the lines replace the first element that the xpath finds, entry by entry.

        An override adds the tables of its own.
        """
        return [
            ("//table[contains(@class, 'o_ar_items')]", self._get_row_texts(table))
            for table in self._get_tables(self._get_short_row)
        ]

    def _get_row_texts(self, table):
        """Return a table line by line, in the customer's language."""
        texts = []
        for row in table["rows"]:
            if row["section"]:
                texts.append(join_value(self.env, row["section"]["name"], row["section"]["total"]))
            texts.append(self._get_row_text(row))
        if table["rows_left"]:
            values = {"number": table["rows_left"], "left": table["left"]}
            texts.append(
                self.with_context(lang=self.lang).env._("- and %(number)s more, on your page: %(left)s", **values)
            )
        return [*texts, self._get_total_text(table)]

    def _get_row_text(self, row):
        """Return one item or credit as a sentence, in the customer's language."""
        translated = self.with_context(lang=self.lang)
        if row["kind"] == "credit":
            return translated.env._(
                "- Credit %(number)s of %(date)s: %(left)s", number=row["name"], date=row["date"], left=row["left"]
            )
        number = f"{row['name']} ({row['installment']})" if row["installment"] else row["name"]
        values = {"number": number, "due": row["date_due"], "days": row["days_late"], "left": row["left"]}
        if row["days_late"] == 1:
            return translated.env._("- %(number)s, due %(due)s, 1 day late: %(left)s left to pay", **values)
        if row["days_late"]:
            return translated.env._("- %(number)s, due %(due)s, %(days)s days late: %(left)s left to pay", **values)
        return translated.env._("- %(number)s, due %(due)s: %(left)s left to pay", **values)

    def _get_total_label(self):
        """Return what the total of a table is called, in the customer's language."""
        return self.with_context(lang=self.lang).env._("Total due")

    def _get_total_text(self, table):
        """Return the total of a table as a sentence, in the customer's language."""
        return self.with_context(lang=self.lang).env._("Total due: %(total)s", total=table["total"])

    def _format_amount(self, amount, currency):
        """Return an amount in the format of the customer's language."""
        return get_formats(self.env).amount(self.env, amount, currency, self.lang)

    def _format_date(self, day):
        """Return a date in the format of the customer's language."""
        return get_formats(self.env).date(self.env, day, self.lang, "medium")
