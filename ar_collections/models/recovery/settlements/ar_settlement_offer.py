from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import COMMUNICATION_STATES, STEP_FREE_STATES
from ....core import decision as codes
from ....core.money import ZERO, to_decimal
from ....core.recovery import settlement as rules
from .ar_settlement import OFFER_TASK

NOTICE = "settlement_offered"

#: Items of which a part is held by one of these are not asked for by an offer.
CONTESTED = (codes.DISPUTED, codes.PLACED, codes.PAYMENT_BLOCKED)


class ArSettlementOffer(models.Model):
    """The offer to the customer: sent once, by a person who has seen it, by e-mail or as a letter."""

    _inherit = "ar.settlement"

    offer_state = fields.Selection(COMMUNICATION_STATES, "Offer", compute="_compute_offer")
    offered_on = fields.Date("Offered on", compute="_compute_offer")

    @api.depends("state")
    def _compute_offer(self):
        offers = {offer.agreement_id: offer for offer in self._find_offers()}
        for settlement in self:
            offer = offers.get(settlement.id)
            settlement.offer_state = offer.state if offer else False
            settlement.offered_on = offer.date_sent if offer else False

    def _find_offers(self):
        """Return the communications that offer these settlements, but those that reached nobody."""
        log = self.env["ar.communication"].sudo()  # the log counts whatever the user may read
        return log.search(
            [
                ("agreement_model", "=", self._name), ("agreement_id", "in", self.ids), ("notice", "=", NOTICE),
                ("state", "not in", STEP_FREE_STATES),
            ]
        )  # fmt: skip

    # === SENDING === #

    def action_offer(self):
        """Open the dialog that shows the offer, as an email and as a letter, and sends it.

        :raise UserError: where it cannot be sent, with the way out
        """
        self.ensure_one()
        offered = self._allowed("collector")
        offered._check_offer()
        return self.env["ar.settlement.offer"]._open_for(self)

    def _offer(self, channel):
        """Send the offer in the name of the user; a letter waits for the next print run.

        :param str channel: ``email`` or ``letter``
        :raise UserError: where it cannot be sent; nothing is stored then
        """
        self.ensure_one()
        offered = self._allowed("collector")
        offered.customer_id._lock_account()  # of two persons who send it, the second one finds it sent
        offered.invalidate_recordset()
        offered._check_offer()
        if channel not in offered._get_offer_channels():
            offered._refuse(rules.UNREACHED)
        communication = self.env["ar.outreach"]._notify(offered, NOTICE, is_manual=True, channel=channel)
        if not communication:
            raise UserError(
                self.env._("Nothing was sent: the template of offers was deleted or archived. Ask an administrator.")
            )
        label = dict(communication._fields["channel"]._description_selection(self.env))[channel]
        offered._log_on_thread(self.env._("Offered to the customer: %s.", label))
        offered.activity_unlink([OFFER_TASK])
        return communication

    def _check_offer(self):
        """Check that the settlement can be offered now.

        :raise UserError: otherwise, with the way out
        """
        self.ensure_one()
        if not self.company_id.ar_active:
            self._refuse(rules.NOT_STARTED)
        if not self._get_payment_parts():
            self._refuse(rules.NOT_OPEN)
        if self._find_offers():
            self._refuse(rules.OFFERED)
        if self._is_contested():
            self._refuse(rules.CONTESTED)
        if not self._get_offer_channels():
            self._refuse(rules.UNREACHED)

    def _is_contested(self):
        """Return whether a part that was agreed on is disputed, placed or blocked by now."""
        self.ensure_one()
        items = {item.item_id: item for item in self.customer_id._get_facts().items}
        for line in self.line_ids.filtered("move_line_id"):
            item = items.get(line.move_line_id.id)
            held = sum((part.amount for part in item.exclusions if part.code in CONTESTED), ZERO) if item else ZERO
            if item and item.residual_currency - held < to_decimal(line.currency_id.round(line.amount_left)):
                return True
        return False

    def _get_offer_channels(self):
        """Return the channels that reach the customer, the preferred one first."""
        self.env.flush_all()  # addresses are read with plain SQL
        rows = self.env["ar.facts"]._read_recipients(self.customer_id)[self.customer_id.id]
        return [code for code in ("email", "letter") if self.env["ar.channel"]._get(code)._reaches_any(rows)]

    def _add_offer_task(self):
        """Give whoever requested the settlement the task to send the offer, which takes a look at it."""
        text = self.env._("Approved: send the offer to the customer")
        self.activity_schedule(OFFER_TASK, summary=text, user_id=self.requested_by_id.id)

    # === NOTICE === #

    def _is_notice_valid(self, notice):
        """Override to drop the offer where nothing of it can be paid any more, or its items are contested."""
        return bool(self._get_payment_parts()) and not self._is_contested()

    def _get_notice_lines(self, notice):
        """Override to list what is owed of the items."""
        lines = self.line_ids.filtered(lambda line: line.move_line_id and line.amount_left)
        return [(line.move_line_id.sudo(), line.amount_left) for line in lines]  # amounts for the message

    def _get_notice_html(self, communication):
        """Override to render what is owed, what settles it by which day, and what follows otherwise."""
        lang, settlement = communication.lang, self.with_context(lang=communication.lang)
        left = self._get_amount_to_pay()
        values = {
            "settlement": settlement,
            "owed": self._format_amount(self.amount_total, lang),
            "agreed": self._format_amount(self.amount_agreed, lang),
            "released": self._format_amount(self.amount_released, lang),
            "left": self._format_amount(left, lang) if left != self.amount_agreed else "",
            "day": self._format_date(self.date_until, lang),
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.settlement_notice", values, minimal_qcontext=True, lang=lang)
