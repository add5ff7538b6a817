from odoo import fields, models

#: Items that a message to a payer lists by email; the others are added up in one row, and are on the payer's page. Mail
#: programs cut off what is longer than about 100 KB.
GROUP_ROWS = 100

#: Documents of a group that the line beside the subject names.
GROUP_NUMBERS = 3


class ArCommunicationGroup(models.Model):
    """Messages to an account that pays for others: the items of each debtor together, with a subtotal."""

    _inherit = "ar.communication"

    is_for_group = fields.Boolean(
        "For a Group", readonly=True, help="Whether it lists items of other customers, whom this one pays for."
    )

    def _get_accounts(self):
        """Return the accounts that the communications are about: who gets them, and members whose items they list."""
        listing = self.filtered("is_for_group").sudo()  # as the log itself, whoever reads it
        return self.customer_id | listing.line_ids.member_id.sudo(self.env.su)

    def _get_debtors(self):
        """Return the accounts that owe what the message lists; who gets it, where it lists nothing."""
        self.ensure_one()
        payer = self.customer_id.sudo()  # as above
        debtors = payer.browse().union(*(line.member_id or payer for line in self.sudo().line_ids))
        return (debtors or payer).sudo(self.env.su)

    def _get_lines_of(self, customers):
        """Return the lines about what these accounts owe."""
        # sudo: a member is only compared with the given accounts; the lines are those that the user may read.
        return self.line_ids.filtered(
            lambda line: (line.sudo().member_id or line.communication_id.customer_id) in customers
        )

    def _get_group_items(self):
        """Return the lines of the items that the message shows: of a group, by email, the first `GROUP_ROWS`."""
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        if not self.is_for_group:
            return items
        items = items.browse().union(*(own for _debtor, own in self._split_by_debtor(items)))
        return items[:GROUP_ROWS] if self._get_channel()._has_addresses else items

    def _get_table(self, lines, currency, get_row):
        """Override for groups: the first row of each debtor has the ``section``: {name, total}.

        By email, the rows above `GROUP_ROWS` are added up, see `rows_left`.
        """
        table = super()._get_table(lines, currency, get_row)
        if not self.is_for_group:
            return table
        limit = GROUP_ROWS if self._get_channel()._has_addresses else len(lines)
        rows, left = [], lines.browse()
        for debtor, own in self._split_by_debtor(lines):
            shown = own[: max(limit - len(rows), 0)]
            total = self._format_amount(sum(own.mapped("amount_left")), currency)
            for line in shown:
                section = {"name": debtor.display_name, "total": total} if line == shown[0] else None
                rows.append({**get_row(line, currency), "section": section})
            left += own - shown
        if not left:
            return {**table, "rows": rows}
        amount = self._format_amount(sum(left.mapped("amount_left")), currency)
        return {**table, "rows": rows, "rows_left": len(left), "left": amount}

    def _split_by_debtor(self, lines):
        """Return [(account, its lines as a message lists them)]: the payer itself first, the members by name."""
        payer = self.customer_id.sudo()  # names for the message, whatever the user may read
        grouped = lines.sudo().grouped(lambda line: line.member_id or payer)
        debtors = sorted(grouped, key=lambda debtor: (debtor != payer, debtor.display_name or "", debtor.id))
        return [(debtor, self._in_order(grouped[debtor]).sudo(self.env.su)) for debtor in debtors]

    def _get_named(self, lines):
        """Override to name some documents of a group only."""
        names = super()._get_named(lines)
        if not self.is_for_group or len(names) <= GROUP_NUMBERS:
            return names
        more = self.with_context(lang=self.lang).env._("%(number)s more", number=len(names) - GROUP_NUMBERS)
        return [*names[:GROUP_NUMBERS], more]
