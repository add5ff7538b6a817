from odoo import api, models
from odoo.tools import SQL

from ...core.recovery.placement import READY
from ...core.recovery.settlement import REQUESTED


class ArApprovalRecovery(models.Model):
    """What late charges and recovery wait for: each is decided by another person than the one who asked for it.

    - waivers of late charges above the policy's amount: by a collections manager
    - write-offs: by a credit manager
    - proposed placements: by a credit manager
    - requested settlements: by a credit manager
    """

    _inherit = "ar.approval"
    _depends = {
        "ar.late.charge": ["customer_id", "name"],
        "ar.late.charge.waiver": ["amount", "charge_id", "company_id", "date", "state", "user_id"],
        "ar.placement": [
            "amount_total", "company_id", "currency_id", "customer_id", "date_proposed", "name", "requested_by_id",
            "state",
        ],
        "ar.settlement": [
            "amount_released", "company_id", "currency_id", "customer_id", "date_requested", "name",
            "requested_by_id", "state",
        ],
        "ar.write.off": ["amount_total", "company_id", "date_requested", "name", "requested_by_id", "state"],
        "ar.write.off.line": ["partner_id", "write_off_id"],
    }  # fmt: skip

    # === SQL === #

    @api.model
    def _select_recovery(self):
        """Return the queries of this file, with the columns of the first one in `_table_query`."""
        return (
            self._select_waivers(),
            self._select_write_offs(),
            self._select_placements(),
            self._select_settlements(),
        )

    @api.model
    def _select_waivers(self):
        return SQL(
            """
            SELECT waiver.id * 16 + 5, 'waiver', waiver.id, charge.name, waiver.company_id, charge.customer_id,
                   charge.currency_id, waiver.amount, waiver.user_id, waiver.date,
                   %(may)s AND waiver.user_id IS DISTINCT FROM %(user)s
              FROM ar_late_charge_waiver waiver
              JOIN ar_late_charge charge ON charge.id = waiver.charge_id
             WHERE waiver.state = 'waiting'
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("manager"),
            user=self.env.uid,
        )

    @api.model
    def _select_write_offs(self):
        """Select write-offs to decide; one of several customers is listed once, with the first of them."""
        return SQL(
            """
            SELECT write_off.id * 16 + 6, 'write_off', write_off.id, write_off.name, write_off.company_id,
                   owner.customer_id, company.currency_id, write_off.amount_total, write_off.requested_by_id,
                   write_off.date_requested, %(may)s AND write_off.requested_by_id IS DISTINCT FROM %(user)s
              FROM ar_write_off write_off
              JOIN res_company company ON company.id = write_off.company_id
              JOIN LATERAL (
                       SELECT account.id AS customer_id
                         FROM ar_write_off_line line
                         JOIN res_partner partner ON partner.id = line.partner_id
                         JOIN ar_customer account ON account.partner_id = partner.commercial_partner_id
                              AND account.company_id = write_off.company_id AND account.merged_into_id IS NULL
                        WHERE line.write_off_id = write_off.id
                     ORDER BY line.id
                        LIMIT 1
                   ) owner ON TRUE
             WHERE write_off.state = 'open'
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("credit_manager"),
            user=self.env.uid,
        )

    @api.model
    def _select_placements(self):
        return SQL(
            """
            SELECT placement.id * 16 + 7, 'placement', placement.id, placement.name, placement.company_id,
                   placement.customer_id, placement.currency_id, placement.amount_total, placement.requested_by_id,
                   placement.date_proposed, %(may)s AND placement.requested_by_id IS DISTINCT FROM %(user)s
              FROM ar_placement placement
             WHERE placement.state = %(ready)s
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("credit_manager"),
            user=self.env.uid,
            ready=READY,
        )

    @api.model
    def _select_settlements(self):
        """Select requested settlements, each with what would be given up: its size decides who may approve it."""
        return SQL(
            """
            SELECT settlement.id * 16 + 8, 'settlement', settlement.id, settlement.name, settlement.company_id,
                   settlement.customer_id, settlement.currency_id, settlement.amount_released,
                   settlement.requested_by_id, settlement.date_requested,
                   %(may)s AND settlement.requested_by_id IS DISTINCT FROM %(user)s
              FROM ar_settlement settlement
             WHERE settlement.state = %(requested)s
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("credit_manager"),
            user=self.env.uid,
            requested=REQUESTED,
        )

    # === TEXTS === #

    @api.model
    def _get_waiver_text(self, waiver):
        return self.env._(
            "Waive the late charge of %(invoice)s? %(reason)s", invoice=waiver.charge_id.name, reason=waiver.reason
        )

    @api.model
    def _get_write_off_text(self, write_off):
        label = dict(write_off._fields["reason_code"]._description_selection(self.env))[write_off.reason_code]
        reason = ". ".join(filter(None, (label, write_off.reason)))
        customers = len(write_off.line_ids.partner_id.commercial_partner_id)
        if customers > 1:
            return self.env._("Write off? %(reason)s (%(number)s customers)", reason=reason, number=customers)
        return self.env._("Write off? %(reason)s", reason=reason)

    @api.model
    def _get_placement_text(self, placement):
        # sudo: whoever may read the placement may read to whom it goes.
        agency = placement.sudo().agency_id.partner_id.display_name
        label = dict(placement._fields["code"]._description_selection(self.env))[placement.code]
        return self.env._("Hand over to %(agency)s? %(reason)s", agency=agency, reason=label)

    @api.model
    def _get_settlement_text(self, settlement):
        return self.env._(
            "Accept %(agreed)s of %(owed)s by %(day)s? %(reason)s",
            agreed=settlement._format_amount(settlement.amount_agreed),
            owed=settlement._format_amount(settlement.amount_total),
            day=settlement._format_date(settlement.date_until),
            reason=settlement.reason,
        )
