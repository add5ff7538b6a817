from odoo import Command, api, models
from odoo.exceptions import UserError

from ....core.money import ZERO
from ....core.recovery import eligibility
from ....messages import ELIGIBILITY_TEXTS


class ArPlacementPropose(models.Model):
    """Proposals: what of a customer may be handed over, and the placement that waits for another person."""

    _inherit = "ar.placement"

    @api.model
    def _propose(self, customer, agency, currency, code, item_ids=None):
        """Propose to hand over what is free of a customer's items in one currency, as superuser.

        The caller checked the user's role, and whether the policy allows it by now.

        :param agency: `ar.agency` of the same company
        :param currency: `res.currency`
        :param str code: why, see ``const.PLACEMENT_REASONS``
        :param item_ids: journal items; default: all that are free
        :return: the `ar.placement`
        :raise UserError: where an item cannot be handed over, with the reason
        """
        customer._lock_account()
        self._check_agency(customer, agency)
        items = customer._get_placeable_items(currency)
        wanted = list(items) if item_ids is None else item_ids
        answers = {item.item_id: customer._get_free_to_place(item) for item in customer._get_facts().items}
        if not wanted or any(answers.get(item_id, ZERO) <= ZERO or item_id not in items for item_id in wanted):
            raise UserError(self.env._(ELIGIBILITY_TEXTS[eligibility.HELD]))
        placements = self.sudo().with_context(mail_create_nosubscribe=True)  # users may not write placements
        placement = placements.create(
            {
                "customer_id": customer.id,
                "currency_id": currency.id,
                "agency_id": agency.id,
                "code": code,
                "requested_by_id": self.env.uid,
                "date_proposed": customer.company_id._ar_today(),
                "limitation_date": min(customer._read_limitation_dates(wanted).values(), default=False),
                "line_ids": self._prepare_lines(customer, [items[item_id] for item_id in wanted]),
            }
        )
        placement._log_state()
        return placement

    @api.model
    def _check_agency(self, customer, agency):
        """Check that the agency works for the customer's company, and is not the customer.

        :raise UserError: with what to choose instead
        """
        if agency.company_id != customer.company_id or not agency.active:
            raise UserError(self.env._("Choose an agency of %s.", customer.company_id.name))
        if agency.partner_id.commercial_partner_id == customer.partner_id:
            raise UserError(self.env._("The agency cannot collect from itself: choose another agency."))

    @api.model
    def _prepare_lines(self, customer, items):
        """Return the commands that create the lines of these items, with what is free of each.

        :param items: list of core.facts.OpenItem
        """
        amounts = {item: customer._get_free_to_place(item) for item in items}
        return [Command.create(values) for values in customer._prepare_agreement_lines(amounts)]
