from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....core.invoicing import arrival
from ...customers.sql import pg_array

TASK = "ar_collections.mail_activity_type_not_received"

#: Invoices that are sent again at once: the documents of some may have to be made first.
MOST_COPIES = 10


class Copies(NamedTuple):
    """What became of a request for copies.

    ``state`` is ``sent``, ``before`` (sent again today already), ``no_address``, ``failed`` or ``nothing``; ``failed``
    are also invoices that were never sent: the collector sends them.
    """

    state: str
    address: str = ""
    names: str = ""


class ArCustomerCopies(models.Model):
    """ "I did not get it": invoices are sent again to an address we know, and the collector learns of it.

    Nothing else moves: no reminder, no due date, no day from which the invoice is known.
    """

    _inherit = "ar.customer"

    def _find_copy_contact(self, moves):
        """Return (contact, address) that the invoices are sent to again; an empty contact where none works.

        The best recipient of the customer's messages whose address did not return one of these invoices.

        :param moves: `account.move` of the customer, as superuser
        """
        self.ensure_one()
        partners = self.env["res.partner"].sudo()  # the address was found for the customer, whoever asks
        bounced = self._read_returned_addresses(moves)
        for row in self.env["ar.facts"]._read_recipients(self)[self.id]:
            usable = [address for address in row["emails"] if address not in bounced]
            if usable and len(usable) == len(row["emails"]):
                return partners.browse(row["id"]), usable[0]
        return partners, ""

    def _read_returned_addresses(self, moves):
        """Return the addresses from which one of these invoices came back, the last time it was sent there."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (move_id, address) address, kind
                  FROM ar_invoice_arrival
                 WHERE move_id = ANY(%s::int[]) AND address IS NOT NULL
              ORDER BY move_id, address, id DESC
                """,
                pg_array(moves.ids),
            )
        )
        return {address for address, kind in rows if kind == arrival.BOUNCED}

    def _send_copies(self, line_ids):
        """Send the invoices of open items again, each once a day, and tell the collector.

        :param line_ids: ids of journal items; what is no open invoice of the customer is left out
        :rtype: Copies
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self._lock_account()  # of two requests, the second one finds the first
        moves = self._find_copied(line_ids)
        if not moves:
            return Copies("nothing")
        names = ", ".join(moves.mapped("name"))
        rows = [{"move_id": move.id, "kind": arrival.REQUESTED, "route": "page"} for move in moves]
        added = self.env["ar.invoice.arrival"].sudo()._store(rows)  # the access was checked by the caller
        moves = moves.filtered(lambda move: move.id in added)
        if not moves:
            return Copies("before", names=names)
        names = ", ".join(moves.mapped("name"))
        contact, address = self._find_copy_contact(moves)
        if not contact:
            reader = self._in_staff_language()
            reader._tell_not_received(reader.env._("no address of the customer works"), names)
            return Copies("no_address", names=names)
        sent = self._send_known_again(moves, contact, address)
        return Copies("sent", address, ", ".join(sent.mapped("name"))) if sent else Copies("failed", names=names)

    def _send_known_again(self, moves, contact, address):
        """Send those of these invoices again that were sent before, and tell the collector; return what was sent."""
        known = self._find_sent_before(moves)
        sent = known.filtered(lambda move: self._send_again(move, contact))
        reader = self._in_staff_language()  # the collector reads it, not the visitor
        for each, outcome in (
            (sent, reader.env._("sent again to %(address)s", address=address)),
            (known - sent, reader.env._("could not be sent, see the invoice")),
            (moves - known, reader.env._("not sent so far, see the invoice")),
        ):
            if each:
                reader._tell_not_received(outcome, ", ".join(each.mapped("name")))
        return sent

    @api.model
    def _find_sent_before(self, moves):
        """Return those of these invoices that were sent as they are: only these are sent again without a person.

        Extension point: an override leaves out what is not to be sent by itself, or not yet.
        """
        evidence = self.env["ar.invoice.arrival"]._read_evidence(moves.ids)
        return moves.filtered(
            lambda move: any(fact.kind == arrival.SENT for fact in evidence.get(("move", move.id), ()))
        )

    def _find_copied(self, line_ids):
        """Return the invoices of those items that are open items of the customer, at most ``MOST_COPIES``."""
        return self._find_copied_items(line_ids).move_id

    def _find_copied_items(self, line_ids):
        """Return those items that are open items of the customer, of at most ``MOST_COPIES`` invoices."""
        own = {item.item_id for item in self._get_facts().items}
        lines = self._browse_lines([line_id for line_id in line_ids if line_id in own])
        moves = lines.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))[:MOST_COPIES]
        return lines.filtered(lambda line: line.move_id in moves)

    def _send_again(self, move, contact):
        """Send an invoice by Odoo's own means, by email alone; return whether it was done.

        No electronic document is transmitted to an authority, and the day since which the invoice is known stays.

        One by one: wkhtmltopdf without patched Qt makes one document at a time, and what fails stops no other. As the
        system user, who is the sender where the invoice names none; a visitor may not send invoices.
        """
        known, before = move._fields["ar_known_on"], move.ar_known_on
        sender = self.env["account.move.send"].with_user(SUPERUSER_ID).with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                own = sender.env["account.move"].browse(move.id)
                sender._generate_and_send_invoices(
                    own, sending_methods=["email"], extra_edis=set(), mail_partner_ids=contact.ids
                )
        except UserError:
            return False
        if move.ar_known_on != before:
            known.write(move, before)
        return True

    def _tell_not_received(self, outcome, names):
        """Give the collector a task, or add to the one that is open; in the language of self."""
        text = self.env._("The customer did not get %(names)s: %(outcome)s", names=names, outcome=outcome)
        self._add_task(TASK, text, append=True)
