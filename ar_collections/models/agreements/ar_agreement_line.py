from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.agreements.following import follow
from ...core.agreements.settlement import open_part
from ...core.money import to_decimal
from .res_partner import OPEN_AGREEMENTS


class ArAgreementLine(models.AbstractModel):
    """The items of an agreement, which follow their invoice when it is reset to draft and posted again.

    Odoo changes, deletes and creates the items of such an invoice. What was agreed is an amount of the invoice, so it
    stays excluded whatever items carry it. A concrete model has the fields ``move_line_id``, ``move_id``, ``amount``,
    ``currency_id`` and ``date_due``, and names the field of its agreement.
    """

    _name = "ar.agreement.line"
    _description = "Item of an Agreement"

    #: The field of the agreement.
    _agreement = None

    #: Whether an item can be in one agreement of this model only.
    _is_exclusive = True

    @api.model
    def _get_holding_domain(self):
        """Return the domain of the lines whose agreement still holds; a concrete model implements it."""
        raise NotImplementedError

    @api.model
    def _get_all_models(self):
        """Return the concrete models of agreement lines, empty, in superuser mode.

        Whoever posts or cancels invoices needs no right on agreements.
        """
        names = self.env.registry.descendants(["ar.agreement.line"], "_inherit")
        return [self.env[name].sudo() for name in sorted(names) if not self.env[name]._abstract]

    @api.model
    def _get_models_about(self, moves):
        """Return those of `_get_all_models` with any line about these invoices; one query, for most have none."""
        lines_of = self._get_all_models()
        conditions = [
            SQL(
                "EXISTS (SELECT FROM %s WHERE move_id = ANY(%s))",
                SQL.identifier(lines._table),
                moves.ids,
                to_flush=lines._fields["move_id"],
            )
            for lines in lines_of
        ]
        (row,) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(conditions)))
        return [lines for lines, exists in zip(lines_of, row, strict=True) if exists]

    @api.model
    def _find_by_item(self, items, domain):
        """Return {item: lines about it}, oldest first.

        An invoice that was posted again may have other items: a line whose item is gone is about all of them.

        :param items: `account.move.line` recordset
        :param domain: which lines
        """
        gone = Domain("move_line_id", "=", False) & Domain("move_id", "in", items.move_id.ids)
        found = self.search((Domain("move_line_id", "in", items.ids) | gone) & Domain(domain), order="id")
        by_item = found.grouped("move_line_id")
        of_gone = by_item.get(items.browse(), self.browse()).grouped("move_id")
        none = self.browse()
        return {item: (by_item.get(item, none) | of_gone.get(item.move_id, none)).sorted("id") for item in items}

    # === WHAT IS OPEN === #

    @api.depends("move_line_id.amount_residual_currency", "move_line_id.parent_state", "amount", "residual_before")
    def _compute_amount_left(self):
        """Compute what is open of the amounts; what was credited on the rest of an item does not reduce them.

        For models with the fields ``residual_before``, ``credited_before`` and ``amount_left``.
        """
        parts = [line._get_part() for line in self]
        outside = self.env["ar.facts"]._read_credited_outside(parts)
        for line, part, credited in zip(self, parts, outside, strict=True):
            _line_id, amount, before, _credited_before = part
            owed = line.move_line_id.parent_state == "posted"
            line.amount_left = float(open_part(amount, before - credited, line._get_item_residual())) if owed else 0.0

    def _get_item_residual(self):
        """Return what is open of the whole item."""
        self.ensure_one()
        item = self.move_line_id
        return to_decimal(item.currency_id.round(item.amount_residual_currency))

    def _get_part(self):
        """Return (journal item id or None, agreed amount, residual then, credited by then), for `ar.facts`."""
        self.ensure_one()
        amounts = (self.amount, self.residual_before, self.credited_before)
        return (self.move_line_id.id or None, *(to_decimal(self.currency_id.round(amount)) for amount in amounts))

    # === THE INVOICE IS POSTED AGAIN === #

    @api.model
    def _follow_invoices(self, moves):
        """Move the agreements about invoices that were just posted again to their present items.

        An agreement does not follow to another debtor, nor to another currency, in which its amounts mean nothing: its
        part of the invoice ends.

        :param moves: `account.move` recordset, invoices
        """
        domain = [*self._get_holding_domain(), ("move_id", "in", moves.ids)]
        for move, lines in self.search(domain, order="id").grouped("move_id").items():
            lost = lines.filtered(lambda line, move=move: line._is_of_another_debtor(move))
            if lost:
                lost._lose(self.env._("%(invoice)s is owed by another customer now", invoice=move.name))
            foreign = (lines - lost).filtered(lambda line, move=move: line.currency_id != move.currency_id)
            if foreign:
                foreign._lose(self.env._("%(invoice)s is in another currency now", invoice=move.name))
            (lines - lost - foreign)._follow(move)

    def _is_of_another_debtor(self, move):
        """Return whether the invoice is owed by another company than the agreement was made with.

        The commercial partner that Odoo stored may belong to another company since.
        """
        self.ensure_one()
        debtor = move.commercial_partner_id.commercial_partner_id
        return self[self._agreement].customer_id.partner_id.commercial_partner_id != debtor

    def _follow(self, move):
        """Spread the agreed amounts over the present items of the invoice, oldest first; see `core`'s ``follow``."""
        items = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        items = items.sorted(lambda line: (line.date_maturity or line.date, line.id))
        sizes = {item.id: max(to_decimal(item.amount_currency), 0) for item in items}
        parts = [(line[self._agreement], line.move_line_id.id or None, to_decimal(line.amount)) for line in self]
        for agreement, amounts in follow(parts, sizes, self._is_exclusive).items():
            lines = self.filtered(lambda line, own=agreement: line[self._agreement] == own)
            if lines._spread(amounts, sizes):
                agreement._note_changed_invoice(move)

    def _spread(self, amounts, sizes):
        """Give the lines of one agreement these amounts, one line for each item; return whether anything changed.

        :param amounts: {journal item id, or None for what no item holds: Decimal}
        :param sizes: {journal item id: Decimal}, the items of the invoice
        """
        kept = {line.move_line_id.id or None: line for line in self}
        spare = [line for line in self if kept[line.move_line_id.id or None] != line]
        spare += [line for item_id, line in kept.items() if item_id not in amounts]
        changed = bool(spare)
        source = self[0]
        for item_id, amount in sorted(amounts.items(), key=lambda pair: pair[0] not in kept):
            line = kept.get(item_id) or (spare.pop() if spare else self.browse())
            values = (line or source)._prepare_following_vals(item_id, amount, sizes.get(item_id))
            if not line:
                source.copy({source._agreement: source[source._agreement].id, **values})
            elif line._differs(values):
                changed |= line.amount != values["amount"] or line.move_line_id.id != item_id
                line.write(values)
            changed |= not line
        self.browse().union(*spare).unlink()
        self.flush_model()
        return changed

    def _prepare_following_vals(self, item_id, amount, size):
        """Return the values of a line that holds this amount of an item.

        :param item_id: journal item; None: what no item holds
        :param Decimal amount: the agreed amount
        :param Decimal size: the amount of the whole item; None without an item
        """
        self.ensure_one()
        values = {"move_line_id": item_id or False, "amount": float(amount)}
        if item_id:
            item = self.env["account.move.line"].browse(item_id)
            values["date_due"] = item.date_maturity or item.date
            if "residual_before" in self._fields:
                before = min(to_decimal(self.residual_before), size) if self.move_line_id == item else size
                values["residual_before"] = float(max(before, amount))
        return values

    def _differs(self, values):
        """Return whether the line has other values than these."""
        self.ensure_one()
        return any(self._fields[name].convert_to_write(self[name], self) != value for name, value in values.items())

    # === THE INVOICE IS NO DEBT OF THE CUSTOMER ANY MORE === #

    def _lose(self, reason):
        """End these parts of agreements; an agreement without any other part ends as a whole.

        :param str reason: a sentence without its full stop, for the log
        """
        agreements = self[self._agreement]
        self.write({"move_line_id": False, **({"is_live": False} if "is_live" in self._fields else {})})
        agreements._end_without_items(reason)

    @api.model
    def _get_agreements_about(self, moves):
        """Return the open agreements about these invoices."""
        agreements = self.search([*self._get_holding_domain(), ("move_id", "in", moves.ids)])[self._agreement]
        return agreements.filtered_domain(OPEN_AGREEMENTS[agreements._name])
