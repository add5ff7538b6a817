import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...formats import format_amount, format_date
from ..customers.sql import JOIN_DEBTOR

_logger = logging.getLogger(__name__)

#: Domain of the open agreements of each model.
OPEN_AGREEMENTS = {
    "ar.promise": [("state", "in", ("open",))],
    "ar.dispute": [("state", "in", ("new", "review"))],
    "ar.reported.payment": [("state", "in", ("open",))],
    "ar.payment.plan": [("state", "in", ("draft", "proposed", "active"))],
    "ar.placement": [("state", "in", ("ready", "placed", "accepted", "partly_paid", "disputed", "legal"))],
    "ar.settlement": [("state", "in", ("requested", "open"))],
}


class ArAgreement(models.AbstractModel):
    """Agreement with a customer about open items: abstract model of promises, disputes and payment plans.

    An agreement never changes the ledger; what was paid is read from the residuals of its items. A concrete model
    defines ``state`` and ``_moves`` (the legal transitions), logs its events with :meth:`_log_on_thread`, and
    implements the notices of `ar.notice.mixin`.
    """

    _name = "ar.agreement"
    _inherit = ["ar.thread.mixin", "ar.notice.mixin", "mail.activity.mixin"]
    _description = "Agreement with a Customer"
    _check_company_auto = True

    #: Legal transitions, {state: set of states}; others are refused and logged.
    _moves = {}

    #: States whose lines hold their items, ``is_live``: an item is in one of them at a time. Empty: lines have no such
    #: field, and hold nothing.
    _live_states = ()

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    origin = fields.Selection(
        [("staff", "Staff"), ("portal", "Customer portal")], required=True, default="staff", readonly=True
    )
    note = fields.Text(help="Summary of the conversation.")
    # As on the account: Odoo would search all messages and tasks, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail` to number agreements by the sequence whose code is the model's name."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # Only numbers are drawn; the user needs no right on sequences.
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"
        agreements = super().create(vals_list)
        agreements.customer_id._mark_changed()
        return agreements

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete agreements: they are part of the customer's history."""
        raise UserError(
            self.env._("Agreements with customers cannot be deleted. Withdraw or cancel the agreement instead.")
        )

    @property
    def _mail_post_access(self):
        """Override of `mail`: the access that posting a message requires.

        Users may not write agreements: buttons check the user's role, then act as superuser. Collectors may comment;
        auditors and salespeople may read, but not write to customers on the company's behalf.
        """
        has_role = self.env.su or self._has_role("collector")
        return "read" if has_role else "write"

    # === STATES === #

    def _set_state(self, state, **values):
        """Set the state where the transition is legal; the others stay as they are, and are logged.

        :param str state: the new state, see ``_moves``
        :param values: other fields to write with it
        :return: the agreements whose state changed
        :raise psycopg2.IntegrityError: where an item is held by another agreement of the kind
        """
        legal = self.filtered(lambda agreement: state in self._moves.get(agreement.state, ()))
        for refused in self - legal:
            _logger.info("%s %s stays %s: it cannot become %s.", self._name, refused.id, refused.state, state)
        if legal:
            legal.write({"state": state, **values})
            legal.customer_id._mark_changed()
        if legal and self._live_states:
            legal.line_ids.write({"is_live": state in self._live_states})
            legal.line_ids.flush_recordset(["is_live"])
        return legal

    def _mark_to_judge(self):
        """Mark agreements of a model with ``to_judge`` to be judged again: payments of their items changed.

        Also those that are marked: a judgement reads the books and takes the mark off in one transaction. It must not
        take off one that stands for what it could not see, so the two write the same row, and the database lets the
        later one of them begin anew. In the order of their ids, as `_touch` of accounts.

        :raise SerializationFailure: where one of them was judged since this transaction began
        """
        self.flush_recordset(["to_judge"])
        query = SQL(
            """
            WITH mine AS (SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE)
            UPDATE %(table)s agreement SET to_judge = TRUE FROM mine WHERE agreement.id = mine.id
            """,
            table=SQL.identifier(self._table),
            ids=self.ids,
        )
        self.env.cr.execute(query, log_exceptions=False)  # that another one was quicker is no error
        self.invalidate_recordset(["to_judge"], flush=False)

    def _allowed(self, group):
        """Check that the user has a role: the view hides the button, this refuses the call.

        :param str group: a role, see `ar.access.mixin`
        :return: self as superuser, because users may not write agreements themselves
        :raise UserError: without the role, with whom to ask
        """
        self._require(group)
        return self.sudo()

    # === FILES === #

    def _attach(self, files):
        """Attach the customer's files to the agreement, so that only staff who may read it can open them.

        For models with the field ``file_ids``.

        :param files: records with a ``name`` and a ``content`` in bytes, checked by the caller
        """
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()  # visitors and collectors need no right on attachments
        self.file_ids = attachments.create(
            [{"name": file.name, "raw": file.content, "res_model": self._name, "res_id": self.id} for file in files]
        )

    # === CHANGED INVOICES === #

    def _end_without_items(self, reason):
        """End the agreements none of whose items is owed any more; the others are only logged.

        Items of invoices in draft are still owed: they will be posted again.

        :param str reason: a sentence without its full stop, for the log
        """
        if not self:
            return
        self.env.flush_all()
        self.line_ids.invalidate_recordset(["move_line_id", "move_id"])
        for agreement in self:
            items = agreement.line_ids.filtered(lambda line: line.move_id.state in ("draft", "posted"))
            if items.filtered(lambda line: line.move_line_id or line.move_id.state == "draft"):
                agreement._log_on_thread(agreement.env._("Changed: %(reason)s.", reason=reason))
            else:
                agreement._end_unowed(reason)

    def _end_unowed(self, reason):
        """End the agreement because its items are not owed any more; a concrete model implements it.

        :param str reason: a sentence without its full stop, for the log
        """
        raise NotImplementedError

    def _note_changed_invoice(self, move):
        """Log that the invoice was posted again with other items, over which the agreed amount is spread."""
        self.ensure_one()
        self._log_on_thread(
            self.env._("%(invoice)s was posted again: what was agreed is spread over its items.", invoice=move.name)
        )

    # === DEBTOR === #

    @api.model
    def _follow_items(self, company, partner_ids=None):
        """Move open agreements whose items are all owed by another account now, as an agreement belongs to its debts.

        Called in superuser mode, where contacts or journal items have changed.

        :param partner_ids: only agreements about items of these contacts; default: all of the company
        """
        for agreement_id, customer_id in self._find_moved(company, partner_ids):
            agreement = self.browse(agreement_id)
            agreement._log_on_thread(self.env._("Moved to the account that owes its items now."))
            before, agreement.customer_id = agreement.customer_id, customer_id
            agreement._log_on_thread(self.env._("Taken over with its items from another account."))
            agreement._on_moved(before)

    @api.model
    def _find_moved(self, company, partner_ids=None):
        """Return [(agreement id, id of the account that owes all of its items now)], see `_follow_items`."""
        self.env.flush_all()
        line = self._fields["line_ids"]
        return self.env.execute_query(
            SQL(
                """
                SELECT agreement.id, MIN(account.id)
                  FROM %(agreements)s agreement
                  JOIN %(lines)s agreed ON agreed.%(inverse)s = agreement.id
                  JOIN account_move_line line ON line.id = agreed.move_line_id
                  %(join_debtor)s
                  JOIN ar_customer account ON account.partner_id = debtor.commercial_partner_id
                       AND account.company_id = agreement.company_id AND account.merged_into_id IS NULL
                 WHERE agreement.company_id = %(company)s AND agreement.state IN %(states)s AND %(is_concerned)s
              GROUP BY agreement.id, agreement.customer_id
                HAVING MIN(account.id) = MAX(account.id) AND MIN(account.id) <> agreement.customer_id
              ORDER BY agreement.id
                """,
                agreements=SQL.identifier(self._table),
                lines=SQL.identifier(self.env[line.comodel_name]._table),
                inverse=SQL.identifier(line.inverse_name),
                join_debtor=JOIN_DEBTOR,
                company=company.id,
                is_concerned=SQL("TRUE") if partner_ids is None else self._has_items_of(partner_ids),
                states=tuple(OPEN_AGREEMENTS[self._name][0][2]),
            )
        )

    def _on_moved(self, before):
        """Act on a move to another account, where the agreement is now; by default nothing. Extension point.

        :param before: `ar.customer`, whose agreement it was
        """
        self.ensure_one()

    @api.model
    def _has_items_of(self, partner_ids):
        """Return the SQL condition that an `agreement` is about a journal item of one of these contacts."""
        line = self._fields["line_ids"]
        return SQL(
            """
            agreement.id IN (SELECT concerned.%(inverse)s
                               FROM account_move_line item
                               JOIN %(lines)s concerned ON concerned.move_line_id = item.id
                              WHERE item.partner_id = ANY(%(partners)s))
            """,
            inverse=SQL.identifier(line.inverse_name),
            lines=SQL.identifier(self.env[line.comodel_name]._table),
            partners=list(partner_ids),
        )

    # === LOG === #

    def _in_staff_language(self):
        """Return the agreement in the language of those who work on its customer."""
        return self.with_context(lang=self.customer_id[:1]._in_staff_language().env.lang)

    def _log_on_thread(self, sentence):
        """Log an event on the customer's thread, with a link to the agreement.

        :param str sentence: plain text; it is shown after the agreement's number
        """
        for agreement in self:
            body = Markup("%s: %s") % (agreement._get_html_link(title=agreement.name), sentence)
            agreement.customer_id.message_post(body=body, subtype_xmlid="mail.mt_note")

    # === FORMATS === #

    def _format_amount(self, amount, lang=None):
        """Return an amount as text, in the agreement's currency.

        :param str lang: default: the reader's language
        """
        return format_amount(self.env, amount, self.currency_id, lang_code=lang)

    @api.model
    def _format_date(self, day, lang=None):
        """Return a date as text, in its long form.

        :param str lang: default: the reader's language
        """
        return format_date(self.env, day, lang_code=lang, date_format="long")

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
