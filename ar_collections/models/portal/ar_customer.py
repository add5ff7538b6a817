from odoo import models
from odoo.tools import email_normalize

from ...core.customers.aging import age
from ...core.customers.owed import aged_date, asked, days_late, due_parts, late, overdue
from ...core.facts import INSTALLMENT, LEDGER
from ...core.money import ZERO
from ..communications.mail.origin import Origin

#: Items per page of the list; totals and "pay all" always include all items.
PAGE_SIZE = 100

#: Order of the buttons for requests about selected items: the most common first.
ASK_ORDER = {"reported": 1, "promise": 2, "plan": 3, "dispute": 4, "copy": 5}

#: Type of the task for what a customer requests on the page.
REQUEST_TYPE = "ar_collections.mail_activity_type_request"


class ArCustomer(models.Model):
    """The customer's portal page: what it shows, and the customer's requests besides payments."""

    _inherit = "ar.customer"

    def action_send_statement(self):
        """Open the mail composer with its template and today's statement, addressed to the first usable recipient."""
        self.ensure_one()
        self.check_access("write")
        content, mimetype = self.env["ar.statement"]._render_pdf(self, self.company_id._ar_today())
        name = self.env["ar.statement"]._get_file_name(self, "pdf", self.company_id._ar_today())
        values = {"name": name, "raw": content, "mimetype": mimetype, "res_model": self._name, "res_id": self.id}
        attachment = self.env["ir.attachment"].create(values)
        recipients = self.env["ar.facts"]._read_recipients(self)[self.id]
        context = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_partner_ids": [row["id"] for row in recipients if row["usable"]][:1],
            "default_subject": self.env._("Statement of your account with %(company)s", company=self.company_id.name),
            "default_attachment_ids": attachment.ids,
        }
        if template := self.env.ref("ar_collections.mail_template_statement", raise_if_not_found=False):
            del context["default_subject"]  # the template has one, in the language of the customer
            context["default_template_id"] = template.id
        return {
            "name": self.env._("Send Statement"),
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    # === PAGE === #

    def _get_statement_values(self, day=None, member_ids=None):
        """Return the statement's values for the report, see `ar.statement._get_values`.

        :param date day: default: today
        """
        self.ensure_one()
        return self.env["ar.statement"]._get_values(self, day or self.company_id._ar_today(), member_ids)

    def _get_page_values(self, ticked=None, page=1, search=""):
        """Return the values of the page, amounts grouped by currency.

        :param ticked: ids of the items to preselect; default: all that are late and not going to be charged
            automatically. An item that is not asked for, because it is disputed, promised, planned, excluded from
            reminders or a small difference, for example, is not preselected, although the customer may pay it
        :param int page: of the items, from 1
        :param str search: part of a number or reference; only the list is filtered, totals include all items
        :return: {today, groups: [see `_get_page_groups`], members: the accounts it pays for, idle_members: those of
            them with nothing open, page, page_count, history, agreements, asks}
        """
        self.ensure_one()
        today, accounts = self.company_id._ar_today(), self._get_group()
        facts = accounts._read_facts()
        payables = accounts._read_payables(facts)
        found = accounts._search_group(facts, search)
        rows = self._get_page_rows(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], payables, today)
        for row in rows:
            preselected = row["days_late"] > 0 if ticked is None else row["id"] in ticked
            # A link preselects what was refused of a dispute, too: its answer asks for it in the days of grace.
            is_asked = row["is_due"] if ticked is None else row["asked"] > 0
            row["ticked"] = row["payable"] and is_asked and preselected
        return {
            "today": today,
            "groups": self._get_page_groups(accounts, facts, payables, rows, today),
            "members": accounts[1:],
            "idle_members": accounts[1:].filtered(lambda each: not facts[each.id].items and not facts[each.id].credits),
            "page": page,
            "page_count": max(1, -(-len(found) // PAGE_SIZE)),
            "search": search,
            "has_found": bool(found),
            "history": self._get_payment_history(),
            "agreements": self._get_agreement_rows(),
            "asks": dict(sorted(self._get_possible_asks().items(), key=lambda ask: ASK_ORDER.get(ask[0], 9))),
        }

    def _get_page_rows(self, shown, payables, today):
        """Return the rows of the items on this page of the list, see `_get_item_row`.

        :param shown: [(account, OpenItem)]
        :param dict payables: see `_read_payables`
        """
        by_id = {payable.item_id: payable for rows in payables.values() for payable in rows}
        lines = {line.id: line for line in self._browse_lines([item.item_id for _account, item in shown])}
        installments = self.env["ar.facts"]._read_installments(lines)
        rows = []
        for account, item in shown:
            row = account._get_item_row(item, by_id[item.item_id], lines[item.item_id], today)
            rows.append({**row, "account": account, "installment": installments.get(item.item_id, "")})
        return rows

    def _get_page_groups(self, accounts, facts, payables, rows, today):
        """Return the page's sections, one for each currency, see `_get_currency_group` and `_get_group_section`.

        :param accounts: this account and those it pays for
        :param dict facts: {account id: AccountFacts}
        """
        names = {item.currency for account in accounts for item in facts[account.id].items}
        own = facts[self.id]
        names |= {credit.currency for account in accounts for credit in facts[account.id].credits}
        names |= {credit.currency for credit in own.usable_credits}
        names = sorted(names, key=lambda name: (name != self.currency_id.name, name))
        currencies = self.env["res.currency"]._ar_by_name(names)
        own_rows = [row for row in rows if row["account"] == self]
        own_payables = {payable.item_id: payable for payable in payables[self]}
        groups = []
        for name in names:
            group = self._get_currency_group(currencies[name], own, own_payables, own_rows, today)
            section = accounts._get_group_section(group, facts, payables, rows, today) if accounts[1:] else {}
            groups.append({"members": [], **group, **section})
        return groups

    def _get_item_row(self, item, payable, line, today):
        """Return the page's row of one open item; amounts are floats in the item's currency.

        ``amount`` is what settles the item today, ``asked`` the part of it that is neither contested nor agreed on,
        which is preselected; ``is_due``: whether statements ask for a part of it.
        """
        move = line.move_id
        return {
            "id": item.item_id,
            "currency": item.currency,
            "name": move.name,
            "reference": move.payment_reference if move.payment_reference != move.name else "",
            "move": move,
            "date": move.invoice_date or line.date,
            "date_due": item.due_date,
            "days_late": days_late(item, today),
            "original": line.amount_currency,
            "paid": line.amount_currency - line.amount_residual_currency,
            "left": float(item.residual_currency),
            "payable": payable.left > 0,
            "is_due": asked(item) > 0,
            "amount": float(payable.settles_for),
            "asked": float(min(payable.settles_for, self._get_asked_amount(item))),
            "discount": float(payable.left - payable.settles_for),
            "discount_date": line.discount_date,
            "partial": self.policy_id.allow_partial_payment or not self.policy_id,
            "statuses": self._get_item_statuses(item),
        }

    def _get_currency_group(self, currency, facts, payables, rows, today):
        """Return the page's section of one currency: totals of all items, and the rows of this page.

        :param facts: `core.facts.AccountFacts` of the customer
        :param payables: {item id: core.portal.allocation.Payable}
        :param rows: the rows of this page in all currencies, see `_get_item_row`
        """
        items = [item for item in facts.items if item.currency == currency.name]
        own = {credit.item_id for credit in facts.credits}
        branch = [credit for credit in facts.usable_credits if credit.item_id not in own]
        credits = [credit for credit in (*facts.credits, *branch) if credit.currency == currency.name]
        usable = own & {credit.item_id for credit in facts.usable_credits}
        set_off = [credit.amount_currency for credit in facts.usable_credits if credit.currency == currency.name]
        deducted = sum(set_off, ZERO)
        payable = [payables[item.item_id] for item in items if payables[item.item_id].is_asked_for]
        to_pay = [item for item in items if self._is_in_scope("overdue", payables[item.item_id], item, today)]
        parts = [(item, amount) for item, amount in due_parts(facts) if item.currency == currency.name]
        aged = [(aged_date(item, today), amount) for item, amount in parts]
        buckets = age(aged, today, self.company_id._ar_aging_edges())
        total = sum(buckets, ZERO)
        return {
            "currency": currency,
            "rows": [row for row in rows if row["currency"] == currency.name],
            "open": float(sum((item.residual_currency for item in items), ZERO)),
            "overdue": float(overdue(facts, today).get(currency.name, ZERO)),
            "is_late": any(item.currency == currency.name for item in late(facts, today)),
            "transfers": self._get_page_transfers(currency, payable, items, deducted),
            "has_discount": any(item.settles_for < item.left for item in payable),
            "credit": float(sum((credit.amount_currency for credit in credits), ZERO)),
            "credits": self._get_credit_rows(credits, usable),
            "buckets": [float(amount) for amount in buckets],
            "bucket_names": self.company_id._ar_aging_names(),
            "shares": [float(amount / total * 100) if total else 0.0 for amount in buckets],
            "pay_all": float(sum((item.settles_for for item in payable), ZERO)),
            "pay_overdue": float(sum((payables[item.item_id].settles_for for item in to_pay), ZERO)),
        }

    def _is_in_scope(self, scope, payable, item, today):
        """Return whether an item is part of a payment of all items, or of all overdue ones; extension point.

        :param str scope: ``all`` or ``overdue``
        :param payable: core.portal.allocation.Payable of the item
        :param item: core.facts.OpenItem
        """
        return payable.is_asked_for and (scope == "all" or days_late(item, today) > 0)

    def _count_late(self):
        """Return the number of invoices and installments on the page that are overdue and asked for, see its red rows.

        Of the accounts that this one pays for, installments of plans are on their own pages. An invoice with several
        due dates counts once, the items of an entry, such as an opening balance, one by one.
        """
        self.ensure_one()
        today, facts = self.company_id._ar_today(), self._get_group()._read_facts()
        items = [item for each in facts.values() for item in late(each, today) if item.kind == LEDGER]
        installments = [item for item in late(facts[self.id], today) if item.kind == INSTALLMENT]
        lines = self._browse_lines([item.item_id for item in items])
        of_invoices = lines.filtered(lambda line: line.move_id.is_invoice(include_receipts=True))
        return len(of_invoices.move_id) + len(lines - of_invoices) + len(installments)

    # === REQUESTS === #

    def _handle_request(self, language=None, address=None, call=None):
        """Handle a request the customer made on the page.

        The language changes immediately. Another address or a call becomes a task for the collector: a visitor who only
        has the link must not be able to redirect the customer's mail.

        :param str language: code of an installed language; others are ignored
        :param str address: e-mail address for reminders
        :param str call: when and where to call, as entered
        """
        self.ensure_one()
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        if language in codes:
            self.partner_id.sudo().lang = language  # the customer's own language; the caller checked the access
        requested = []
        if address and email_normalize(address):
            requested.append(self.env._("Please send reminders to %(address)s.", address=email_normalize(address)))
        if call:
            requested.append(self.env._("Please call: %(words)s", words=call[:200]))
        if requested:
            text = " ".join(requested)
            # A request gets its own task; unlike a reply by mail it does not pause reminders.
            self.with_context(ar_origin=Origin.PAGE).message_post(
                body=text, author_id=self.partner_id.id, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self._add_task(REQUEST_TYPE, text[:250], append=True)

    # === EXTENSION POINTS === #

    def _get_agreement_rows(self):
        """Return the agreements that the page lists.

        Extension point: an override appends the rows of its kind of agreement to those of `super()`.

        :return: [{name, title, status, date (the next one, or False), text, url (or False)}], in the order shown
        """
        self.ensure_one()
        return []

    def _get_possible_asks(self):
        """Return what the customer may request about selected items: {code: label of the button}.

        Extension point: an override adds its code to the result of `super()` where the policy allows it; the page links
        to the route that ends with the code.
        """
        self.ensure_one()
        return {}
