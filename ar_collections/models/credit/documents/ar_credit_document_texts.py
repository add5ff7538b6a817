import logging

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.tools import SQL

from ....core.credit.effect import BLOCK, RELEASED, WARN
from ....core.credit.rules import LIMIT_USED, OVER_GROUP_LIMIT, OVER_LIMIT, TERMS_TOO_LONG
from ....formats import format_amount
from .credit_hold import CreditHold

_logger = logging.getLogger(__name__)


class ArCreditDocumentTexts(models.AbstractModel):
    """What people read about documents on hold."""

    _inherit = "ar.credit.document.mixin"

    def _ar_get_hold_text(self, effects):
        """Return the sentence on the thread of a document that is held."""
        return self.env._("On hold: %s", self._ar_get_reason_text(effects, is_shared=True))

    def _ar_describe_reasons(self, reasons, is_shared=False):
        """Return a sentence for each reason; risk class and score are named to those alone who may read them.

        :param bool is_shared: for the thread, which everybody reads who may read the document
        """
        self.ensure_one()
        currency = self._ar_get_credit_company().sudo().root_id.currency_id  # the user may work for a branch alone
        names_class = not is_shared and self.env["ar.customer"]._has_role("auditor")
        return self.env["ar.credit.reasons"]._describe(reasons, currency, names_class=names_class)

    def _ar_get_reason_text(self, effects, is_shared=False):
        """Return why the document is held: the reasons, and the room where a limit is exceeded.

        :param effects: {id: core.credit.effect.DocumentEffect}
        :param bool is_shared: see `_ar_describe_reasons`
        """
        self.ensure_one()
        currency = self._ar_get_credit_company().sudo().root_id.currency_id  # the user may work for a branch alone
        reasons = effects[self.id].status.reasons
        texts = self._ar_describe_reasons(reasons, is_shared)
        over = max((reason.amount for reason in reasons if reason.code in (OVER_LIMIT, OVER_GROUP_LIMIT)), default=None)
        amount = self.sudo()._ar_get_credit_amount()  # as above
        if over is not None and amount is not None:
            room = format_amount(self.env, max(amount - over, 0), currency)
            texts.append(self.env._("Room: %s.", room))
        return " ".join(texts)

    def _ar_get_effect_text(self, found):
        """Return what a status means for this document, first in the line about it.

        :param found: core.credit.effect.DocumentEffect
        """
        if found.exemption == RELEASED:
            return self.env._("Released by a credit manager.")
        if found.effect == BLOCK:
            return self.env._("On hold:")
        return self.env._("Credit warning:") if found.effect == WARN else ""

    @api.model
    def _ar_get_told_reasons(self, found):
        """Return the reasons that are told: a limit that is exceeded need not be said to be used up.

        :param found: core.credit.effect.DocumentEffect
        """
        is_over = OVER_LIMIT in found.status.codes
        return [reason for reason in found.status.reasons if not (is_over and reason.code == LIMIT_USED)]

    def _ar_get_way_out(self, found):
        """Return what can be done about it, last in the line: other payment terms, whom to ask.

        :param found: core.credit.effect.DocumentEffect
        """
        company = self._ar_get_credit_company()
        is_too_long = TERMS_TOO_LONG in found.status.codes and found.exemption is None
        parts = [self.env._("Choose shorter payment terms.") if is_too_long else ""]
        if found.effect == BLOCK:
            parts.append(company._ar_get_credit_contact_text())
        elif is_too_long:
            parts.append(company._ar_get_credit_question_text())
        return " ".join(filter(None, parts))

    def _ar_get_hold_line(self, effects):
        """Return the line about this document in a list of several."""
        total, currency = self._ar_get_credit_total()
        return self.env._(
            "%(customer)s, %(document)s, %(amount)s: %(text)s",
            customer=self._ar_get_credit_partner().name,
            document=self.sudo().display_name,  # the caller has it in hand
            amount=format_amount(self.env, total, currency),
            text=self._ar_get_reason_text(effects),
        )

    def _ar_get_hold_message(self, effects):
        """Return the lines about all of these documents, and whom to ask."""
        lines = [document._ar_get_hold_line(effects) for document in self]
        companies = self.env["res.company"].union(*(document._ar_get_credit_company() for document in self))
        return "\n".join([*lines, *dict.fromkeys(company._ar_get_credit_contact_text() for company in companies)])

    def _ar_raise_hold(self, effects):
        """Raise for documents that are all held; the marks are stored after the transaction was rolled back.

        :raise CreditHold: always
        """
        if not modules.module.current_test:  # tests look at one transaction
            values = {
                document.id: self.env["ar.credit.reasons"]._dump_fixed(effects[document.id].status.reasons)
                for document in self
            }
            registry, model = self.env.registry, self._name
            self.env.cr.postrollback.add(lambda: _store_marks(registry, model, values))
        raise CreditHold(self._ar_get_hold_message(effects))

    def _ar_tell_held(self, effects):
        """Show the user a notification about those of a batch that were held."""
        self._ar_notify(self.env._("Held by credit control"), self._ar_get_hold_message(effects))

    def _ar_tell_warned(self, effects):
        """Say on the thread of each document, and to the user, that it was confirmed in spite of a warning."""
        bodies = {
            document.id: self.env._(
                "Confirmed in spite of a credit warning. %s", document._ar_get_reason_text(effects, is_shared=True)
            )
            for document in self
        }
        self.sudo()._message_log_batch(bodies=bodies)  # who confirms need not write the thread
        lines = [document._ar_get_hold_line(effects) for document in self]
        self._ar_notify(self.env._("Confirmed in spite of a credit warning"), "\n".join(lines))

    @api.model
    def _ar_notify(self, title, message):
        """Show a notification to the user who works at a screen."""
        if self.env.user._is_internal() and self.env.uid != SUPERUSER_ID:
            values = {"type": "warning", "title": title, "message": message, "sticky": True}
            self.env.user._bus_send("simple_notification", values)

    def _ar_get_blocked(self, effects):
        """Return those of these documents that are held."""
        return self.filtered(lambda document: document.id in effects and effects[document.id].effect == BLOCK)


def _store_marks(registry, model, values):
    """Mark documents as held in a transaction of its own; those that somebody works on stay without a mark.

    :param dict values: {id: reasons as JSON}
    """
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            records = env[model].browse(values).try_lock_for_update()
            for record in records.filtered(lambda record: record._ar_is_pending()):  # others confirmed it meanwhile
                cr.execute(
                    SQL(
                        "UPDATE %s SET ar_hold_reasons = %s, ar_held_on = COALESCE(ar_held_on, %s) WHERE id = %s",
                        SQL.identifier(records._table),
                        records._fields["ar_hold_reasons"].convert_to_column(values[record.id], record),
                        fields.Datetime.now(),
                        record.id,
                    )
                )
    except Exception:  # a mark is a help for people; what is held is decided anew each time
        _logger.info("Held documents are not marked", exc_info=True)
