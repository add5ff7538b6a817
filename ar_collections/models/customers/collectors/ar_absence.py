from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ArAbsence(models.Model):
    """The absence of a collector, during which a colleague signs the messages and gets the replies and the tasks.

    Collectors enter their own absences. The colleague becomes the responsible collector of the customers, see
    ``ar.customer.collector_id``.
    """

    _name = "ar.absence"
    _inherit = ["ar.access.mixin"]
    _description = "Absence of a Collector"
    _order = "date_from desc, id desc"

    _writable = {
        "collector": (
            "user_id", "cover_id", "date_from", "date_to",
        ),
    }  # fmt: skip

    user_id = fields.Many2one(
        "res.users",
        "Away",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    cover_id = fields.Many2one(
        "res.users", "Covered by", required=True, domain=[("share", "=", False)], ondelete="cascade"
    )
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._ar_today())
    date_to = fields.Date("To", required=True, help="Last day of the absence.")

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The end of an absence cannot be before its start."
    )
    _cover_is_another = models.Constraint(
        "CHECK (user_id <> cover_id)", "A collector cannot be the substitute for their own absence."
    )

    @api.depends("user_id", "cover_id")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(user)s, covered by %(cover)s", user=absence.user_id.name, cover=absence.cover_id.name
            )

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        """Check that a collector has at most one absence on a day, so that exactly one colleague is responsible."""
        for absence in self:
            same_days = [("date_from", "<=", absence.date_to), ("date_to", ">=", absence.date_from)]
            if self.search_count([("user_id", "=", absence.user_id.id), ("id", "!=", absence.id), *same_days], limit=1):
                raise ValidationError(
                    self.env._(
                        "%(user)s already has an absence on some of these days; change that absence instead.",
                        user=absence.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to recompute the responsible collectors."""
        self._invalidate_collectors()
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base` to recompute the responsible collectors."""
        self._invalidate_collectors()
        return super().write(vals)

    def unlink(self):
        """Override of `base` to recompute the responsible collectors."""
        self._invalidate_collectors()
        return super().unlink()

    def _invalidate_collectors(self):
        """Invalidate the responsible collectors: they depend on what `api.depends` cannot express.

        That is the current day, and whether users still work for the company.
        """
        self.env["ar.customer"].invalidate_model(["collector_id"])

    @api.model
    def _get_covers(self, today):
        """Return {id of an absent user: id of the user who covers}.

        Where the covering user is absent, too, it is the one who covers that user. Users who cover each other in a
        circle are left out: each of them keeps the own customers.

        :param date today: the company's date
        """
        # Every user may know who is responsible for a customer, also without access to absences.
        absences = self.sudo().search([("date_from", "<=", today), ("date_to", ">=", today)])
        cover_of = {absence.user_id.id: absence.cover_id.id for absence in absences if absence.cover_id.active}
        return {user_id: cover for user_id in cover_of if (cover := self._follow(user_id, cover_of))}

    @api.model
    def _get_lent(self, today):
        """Return what `_get_covers` does, for authority that substitutes borrow: nobody may lend it to oneself.

        Absences of others that the substitute entered or changed do not count, nor do those that lead to one.
        """
        # Who decides may not read all absences.
        absences = self.sudo().search([("date_from", "<=", today), ("date_to", ">=", today)])
        by_user = {absence.user_id.id: absence for absence in absences}
        found = {}
        for user_id, cover in self._get_covers(today).items():
            chain, away = self.sudo().browse(), user_id  # as above: who entered an absence is only compared
            while away != cover:
                chain |= by_user[away]
                away = by_user[away].cover_id.id
            if cover not in (chain.create_uid | chain.write_uid).ids:
                found[user_id] = cover
        return found

    @api.model
    def _follow(self, user_id, cover_of):
        """Return the id of the user who covers in the end, or False where the covers form a circle.

        :param dict cover_of: {id of an absent user: id of the user who covers}
        """
        seen = {user_id}
        cover = cover_of[user_id]
        while cover in cover_of and cover not in seen:
            seen.add(cover)
            cover = cover_of[cover]
        return cover if cover not in seen else False
