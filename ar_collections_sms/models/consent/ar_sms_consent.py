from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CONSENT_WAYS, WITHDRAWN_WAYS


class ArSmsConsent(models.Model):
    """That a person agreed to text messages of a company: when, how, by which number, and who recorded it.

    Append only: a consent ends, and another one may follow. It holds for the number that it names, not for a later one.
    """

    _name = "ar.sms.consent"
    _inherit = ["ar.access.mixin"]
    _description = "Consent to Text Messages"
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    # What was sent on this basis outlives the contact.
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True, index=True, ondelete="set null")
    former_name = fields.Char("Deleted Contact", readonly=True, help="Name of the contact when it was deleted.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    number = fields.Char(required=True, readonly=True, index=True, help="Number that the consent is for.")
    way = fields.Selection(CONSENT_WAYS, "Agreed", required=True, readonly=True)
    given_on = fields.Date("Agreed on", required=True, readonly=True)
    note = fields.Char("Proof", readonly=True, help="Where the consent can be found.")
    recorded_by_id = fields.Many2one("res.users", "Recorded by", required=True, readonly=True, ondelete="restrict")
    withdrawn_on = fields.Datetime("Ended on", readonly=True)
    withdrawn_way = fields.Selection(WITHDRAWN_WAYS, "Ended", readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", "Ended by", readonly=True, ondelete="restrict")
    is_valid = fields.Boolean("Valid", compute="_compute_is_valid")

    _valid_once = models.UniqueIndex(
        "(partner_id, company_id, number) WHERE withdrawn_on IS NULL", "This consent is recorded already."
    )

    @api.depends("withdrawn_on", "partner_id")
    def _compute_is_valid(self):
        """Compute whether text messages may be sent on this basis: to a contact that is still there."""
        for consent in self:
            consent.is_valid = not consent.withdrawn_on and bool(consent.partner_id)

    @api.model
    def _record(self, partner, company, way, given_on, note=""):
        """Record that a contact agreed; the caller checked the user's role.

        :raise UserError: without a number, for a day to come, or where the number asked to stop
        """
        number = partner._ar_get_sms_number()
        if not number:
            raise UserError(
                self.env._(
                    "%(contact)s has no valid phone number: enter it on the contact.", contact=partner.display_name
                )
            )
        if given_on > company._ar_today():
            raise UserError(self.env._("The day of the consent is in the future."))
        self._lift_block(number, company, given_on)
        values = {
            "partner_id": partner.id, "company_id": company.id, "number": number, "way": way, "given_on": given_on,
            "note": note, "recorded_by_id": self.env.uid,
        }  # fmt: skip
        consents = self.sudo()  # no role may create them directly
        domain = [(name, "=", values[name]) for name in ("partner_id", "company_id", "number")]
        consents.search([*domain, ("withdrawn_on", "=", False)])._withdraw("again")
        return consents.create(values)

    @api.model
    def _lift_block(self, number, company, given_on):
        """Lift the block of a number that asked to stop before the day of a new consent, in the company's time zone.

        :raise UserError: where it asked later, or is blocked for another reason, which an administrator knows
        """
        blocks = self.env["phone.blacklist"].sudo()  # the list is the administrator's
        if not blocks.search_count([("number", "=", number)], limit=1):
            return
        stop = self.env["ar.sms.stop"].sudo().search([("value", "=", number)], limit=1)  # of all companies
        if not stop or company._ar_day(stop.date) >= given_on:
            raise UserError(
                self.env._("%(number)s asked to stop. A new consent must be later than that.", number=number)
            )
        blocks._remove([number], message=self.env._("The contact agreed again."))

    @api.model
    def _end(self, domain, way):
        """End the valid consents that a domain finds; sudo by the caller.

        :param str way: one of ``const.WITHDRAWN_WAYS``
        """
        self.search([("withdrawn_on", "=", False), *domain])._withdraw(way)

    def _withdraw(self, way):
        """End the consents.

        :param str way: one of ``const.WITHDRAWN_WAYS``
        """
        valid = self.filtered(lambda consent: not consent.withdrawn_on)
        valid.sudo().write(  # no role may write them directly
            {"withdrawn_on": fields.Datetime.now(), "withdrawn_way": way, "withdrawn_by_id": self.env.uid}
        )
        # The unique index must see them as ended before another one is recorded.
        valid.flush_recordset(["withdrawn_on"])

    @api.model
    def _keep_one(self, partners):
        """End all but the first of the valid consents of contacts that become one, for each company and number."""
        found = self.sudo().search(  # all of them, whoever merges
            [("partner_id", "in", partners.ids), ("withdrawn_on", "=", False)], order="given_on, id"
        )
        for same in found.grouped(lambda consent: (consent.company_id, consent.number)).values():
            same[1:]._withdraw("again")

    def action_withdraw(self):
        """End consents on behalf of the contact."""
        self._require("collector")
        self._withdraw("staff")
        return True
