from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ....core.credit.effect import BLOCK, WARN, Document
from ....core.money import ZERO, to_decimal
from ...customers.core_flow import ignore_failure
from ..ar_customer_limit import GROUP_AUDITOR

#: What the check stores with a document that it holds.
MARKS = frozenset(("ar_held_on", "ar_hold_reasons"))


class ArCreditDocumentMixin(models.AbstractModel):
    """A kind of document that credit control may hold: invoices here, orders and deliveries in other add-ons.

    A model that inherits it defines `_ar_get_document_kind` and `_ar_confirm_released`, and, where they differ,
    `_ar_get_credit_partner`, `_ar_get_credit_partners`, `_ar_get_credit_company`, `_ar_get_credit_total`,
    `_ar_get_credit_amount`, `_ar_get_counted`, `_ar_find_neutral`, `_ar_get_document_values` and `_ar_get_check`. It
    calls `_ar_check_documents` where its documents are confirmed, and handles the result with `_ar_mark_held`,
    `_ar_raise_hold` and `_ar_tell_held`.
    """

    _name = "ar.credit.document.mixin"
    _description = "Document under Credit Control"

    ar_held_on = fields.Datetime(
        "Held since", readonly=True, copy=False, index="btree_not_null", groups="base.group_user",
        help="When credit control first kept the document from being confirmed.",
    )  # fmt: skip
    ar_hold_reasons = fields.Json("Hold Reasons", readonly=True, copy=False, groups=GROUP_AUDITOR)
    ar_hold_text = fields.Char("Held for", compute="_compute_ar_hold_text", groups="base.group_user")

    @api.depends("ar_hold_reasons")
    @api.depends_context("lang", "uid")
    def _compute_ar_hold_text(self):
        for document in self:
            # Who confirms documents reads the sentences, and not what they were made of.
            stored = self.env["ar.credit.reasons"]._load(document.sudo().ar_hold_reasons)
            document.ar_hold_text = " ".join(document._ar_describe_reasons(stored)) or False

    # === WHAT THE DOCUMENT IS ABOUT === #

    def _ar_get_document_kind(self):
        """Return the kind of the document, of `core.credit.effect`."""
        raise NotImplementedError

    def _ar_get_credit_company(self):
        """Return the company of the document."""
        return self.company_id

    def _ar_get_credit_partner(self):
        """Return the commercial partner who owes what the document is about."""
        return self.partner_id.commercial_partner_id

    def _ar_get_credit_partners(self):
        """Return all commercial partners who owe a part of what these documents are about."""
        return self.env["res.partner"].union(*(document._ar_get_credit_partner()._origin for document in self))

    def _ar_get_credit_total(self):
        """Return (amount, currency) of the document as people see it."""
        return self.amount_total, self.currency_id

    def _ar_get_credit_amount(self):
        """Return the amount as Decimal in the currency of the root company, ``None`` where there is no rate for it."""
        return to_decimal(self._ar_get_credit_total()[0])

    def _ar_get_check(self):
        """Return the model `ar.credit.check` as these documents are checked with it; see `ar.credit.exposure`."""
        return self.env["ar.credit.check"]

    def _ar_get_counted(self):
        """Return how much of the document is part of the exposure already, see `core.credit.effect.Document`."""
        return ZERO

    def _ar_find_neutral(self):
        """Return those of these documents that add nothing to the exposure, because the policy does not count them."""
        return self.browse()

    def _ar_get_document_values(self, amount):
        """Return further values of the document: ``covered``, ``is_paid`` and ``terms_days``.

        :param Decimal amount: the amount of the document
        """
        return {}

    def _ar_confirm_released(self):
        """Confirm the document after it was released, as the user; return the action that follows, if any."""
        raise NotImplementedError

    def _ar_is_pending(self):
        """Return whether the document still waits for its confirmation, which alone can be held or released."""
        return self.state in ("draft", "sent")

    # === CHECK === #

    def _ar_check_documents(self, lock=True):
        """Return {id: core.credit.effect.DocumentEffect} of these documents, as if they were confirmed in this order.

        What cannot be checked because something of ours fails is not held.

        :param bool lock: a real check: customers are locked, and those left out whose policy only informs. False: what
            is shown to people
        :raise LockError: when another transaction holds a customer's account
        """
        stale = self.env["ar.credit.stale"]
        if not self or not (stale._may_stop() if lock else stale._is_used()):
            return {}
        effects, busy, concerned = {}, None, {}
        documents = self.sudo()  # who confirms need not read all about the customer
        if lock:
            documents._ar_ensure_accounts()
        with ignore_failure(self.env, "the customers of documents to check", writes=False):
            concerned = documents._ar_find_concerned(is_strict=lock)
        if not concerned:
            return {}
        with ignore_failure(self.env, "the credit check of documents"):
            try:
                effects = documents._ar_read_effects(concerned, lock)
            except LockError as error:
                busy = error
        if busy is not None:
            raise busy
        return effects

    def _ar_ensure_accounts(self):
        """Create the accounts of customers whom the check would not see otherwise.

        :raise LockError: when another transaction creates one of them
        """
        check, missing = self.env["ar.credit.check"], {}
        with ignore_failure(self.env, "the new customers of documents to check", writes=False):
            for root, documents in self.grouped(lambda document: document._ar_get_credit_company().root_id).items():
                kinds = {document._ar_get_document_kind() for document in documents}
                missing[root] = check._find_newcomers(documents._ar_get_credit_partners(), root, kinds)
        check._ensure_accounts(missing)

    def _ar_read_effects(self, concerned, lock):
        """Return what `_ar_check_documents` does, of the documents of these customers."""
        check, effects = self._ar_get_check(), {}
        for root, documents in concerned.items():
            effects |= check._check(documents._ar_make_documents(), root, lock)
        return effects

    def _ar_find_concerned(self, is_strict):
        """Return {root company: documents of customers who have an account}, without empty ones.

        :param bool is_strict: see `_ar_find_accounts`
        """
        found = {}
        for root, documents in self.grouped(lambda document: document._ar_get_credit_company().root_id).items():
            partners = documents._ar_find_accounts(root, is_strict).partner_id
            concerned = documents.filtered(
                lambda document, partners=partners: document._ar_get_credit_partners() & partners
            )
            if concerned:
                found[root] = concerned
        return found

    def _ar_find_accounts(self, root, is_strict):
        """Return the accounts of the customers in the root company.

        :param bool is_strict: leave out those whose policy only informs about documents of these kinds: whoever
            confirms them meets no lock
        """
        partners = self._ar_get_credit_partners()
        domain = fields.Domain("partner_id", "in", partners.ids) & fields.Domain("company_id", "=", root.id)
        if is_strict:
            kinds = {document._ar_get_document_kind() for document in self}
            domain &= fields.Domain.OR(
                fields.Domain(f"policy_id.effect_{kind}", "in", (WARN, BLOCK)) for kind in sorted(kinds)
            )
        domain &= fields.Domain("merged_into_id", "=", False)
        return self._ar_get_accounts().search(domain, order="id")

    @api.model
    def _ar_get_accounts(self):
        """Return the model of accounts, with those that somebody archived: they hold their limit all the same."""
        return self.env["ar.customer"].with_context(active_test=False)

    def _ar_make_documents(self):
        """Return {partner: [core.credit.effect.Document, …]}; called in superuser mode."""
        releases, neutral = self.env["ar.credit.release"]._read_for(self), self._ar_find_neutral()
        found = defaultdict(list)
        for record in self:
            document = record._ar_make_document(releases.get(record), adds=record not in neutral)
            found[record._ar_get_credit_partner()._origin].append(document)
        return found

    def _ar_make_document(self, release, adds=True):
        """Return this document as the rules read it.

        Where its currency has no rate nothing is known to be added, but it is a debt all the same.

        :param release: core.credit.effect.Release of a credit manager
        :param bool adds: whether it adds to the exposure what is not counted in it yet
        """
        amount, counted = self._ar_get_credit_amount(), self._ar_get_counted()
        if amount is None:
            amount = counted = to_decimal(self._ar_get_credit_company().currency_id.rounding)
        elif not adds:
            counted = amount
        values = self._ar_get_document_values(amount)
        return Document(self.id, self._ar_get_document_kind(), amount, counted=counted, release=release, **values)

    # === HOLD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse marks that are not set by the check."""
        self._ar_check_marks({name for vals in vals_list for name in vals})
        defaults = {f"default_{name}" for name in MARKS}
        if not self.env.su and not defaults.isdisjoint(self.env.context):
            context = {key: value for key, value in self.env.context.items() if key not in defaults}
            self = self.with_env(self.env(context=context))  # noqa: PLW0642
        return super().create(vals_list)

    def write(self, vals):
        """Override as `create`."""
        self._ar_check_marks(vals)
        return super().write(vals)

    @api.model
    def _ar_check_marks(self, names):
        """Check that nobody writes by hand why, or since when, a document is held.

        :raise AccessError: with the way out
        """
        if not self.env.su and not MARKS.isdisjoint(names):
            raise AccessError(
                self.env._(
                    "What credit control holds is marked by its check alone. A credit manager releases the document."
                )
            )

    def _ar_clear_hold(self):
        """Take the mark from these documents, past `write`: nothing else about them changes."""
        held = self.filtered("ar_held_on")
        for name in MARKS:
            self._fields[name].write(held, False)

    def _ar_mark_held(self, effects):
        """Mark these documents as held, past `write`, and say so once on their threads.

        :param effects: {id: core.credit.effect.DocumentEffect}
        """
        new = self.filtered(lambda document: not document.ar_held_on)
        self._fields["ar_held_on"].write(new, fields.Datetime.now())
        for document in self:
            reasons = self.env["ar.credit.reasons"]._dump_fixed(effects[document.id].status.reasons)
            self._fields["ar_hold_reasons"].write(document, reasons)
        if new:
            new._message_log_batch(bodies={document.id: document._ar_get_hold_text(effects) for document in new})

    def _ar_get_credit_account(self):
        """Return the account of the customer in the root company, in superuser mode; may be empty."""
        partner, company = self._ar_get_credit_partner(), self._ar_get_credit_company().root_id
        return self._ar_get_accounts().search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])

    def _ar_prepare_release(self, reason, hold_text, user):
        """Return the values of a release of this document, up to its present amount."""
        self.ensure_one()
        partner, company = self._ar_get_credit_partner(), self._ar_get_credit_company().root_id
        account = self._ar_get_credit_account()
        total, currency = self._ar_get_credit_total()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "document_name": self.display_name,
            "customer_id": account.id,
            "partner_id": partner.id,
            "company_id": company.id,
            "amount": float(self._ar_get_credit_amount() or 0),
            "document_amount": total,
            "document_currency_id": currency.id,
            "hold_text": hold_text,
            "reason": reason,
            "user_id": user.id,
        }

    def action_ar_release(self):
        """Open the dialog in which a credit manager releases the document.

        :raise UserError: without the role; the message names whom to ask
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["ar.customer"]._has_role("credit_manager"):
            raise UserError(self._ar_get_credit_company()._ar_get_credit_contact_text())
        return self.env["ar.credit.release.new"]._open_for(self)
