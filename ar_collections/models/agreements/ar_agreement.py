import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ArAgreement(models.AbstractModel):
    """What was agreed with a customer about open items: the ground of promises, disputes and payment plans.

    The books stay untouched: an agreement lies over the items, and what was paid is read from their residuals.
    A kind of agreement defines ``_moves`` (its states), and tells the customer's thread what happens.
    """

    _name = "ar.agreement"
    _inherit = ["ar.access.mixin", "ar.notice.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Agreement with a Customer"
    _check_company_auto = True

    #: Legal moves, state -> states; anything else is refused and logged.
    _moves = {}

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

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail` to number agreements."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"  # numbers, nothing more
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """What was agreed with a customer is part of its history."""
        raise UserError(
            self.env._("Agreements with customers cannot be deleted. Withdraw or cancel the agreement instead.")
        )

    @property
    def _mail_post_access(self):
        """The right that `mail` asks for before a message is posted.

        Nobody writes agreements by hand: buttons check who presses them, then act as the system. All who work on
        receivables may comment; salespeople may look, but not write to customers in our name.
        """
        works_here = self.env.su or self._has_role("auditor")
        return "read" if works_here else "write"

    # === STATES === #

    def _set_state(self, state, **values):
        """Move on to the state where that is legal; refuse and log the others.

        :param str state: the target, see ``_moves``
        :param values: what else to store with it
        :return: the agreements that moved
        """
        legal = self.filtered(lambda agreement: state in self._moves.get(agreement.state, ()))
        for refused in self - legal:
            _logger.info("%s %s stays %s: it cannot become %s.", self._name, refused.id, refused.state, state)
        if legal:
            legal.write({"state": state, **values})
        return legal

    def _allowed(self, group):
        """Check that the user may do this; the view hides the button, this refuses the call.

        :param str group: one of our groups, as in ``collector``
        :return: self as the system, because nobody may write agreements by hand
        :raise UserError: with whom to ask
        """
        self._require(group)
        return self.sudo()

    # === THE STORY, IN ONE PLACE === #

    def _log_on_thread(self, sentence):
        """Note on the customer's thread what happened, with a link to the agreement.

        :param str sentence: plain text; it is shown after the agreement's number
        """
        for agreement in self:
            body = Markup("%s: %s") % (agreement._get_html_link(title=agreement.name), sentence)
            agreement.customer_id.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
