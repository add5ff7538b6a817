from odoo import api, models
from odoo.exceptions import ValidationError

#: Highest numbers of days, months and years that people may enter: dates that are computed with them must exist.
HIGHEST = {"days": 3650, "months": 1200, "years": 100}


class ArAccessMixinBounds(models.AbstractModel):
    """Numbers of days and the like have a maximum: a slip would break the night of all customers of a policy."""

    _inherit = "ar.access.mixin"

    @api.constrains(lambda self: self._get_bounded_fields())
    def _check_bounds(self):
        """Check the numbers that people enter.

        :raise ValidationError: with the name of the field and the bound
        """
        for name, highest in self._get_bounded_fields().items():
            label = self._fields[name]._description_string(self.env)
            if any(record[name] > highest for record in self):
                raise ValidationError(
                    self.env._("“%(field)s” can be %(highest)s at most.", field=label, highest=highest)
                )
            if any(record[name] < -highest for record in self):
                raise ValidationError(
                    self.env._("“%(field)s” can be %(lowest)s at least.", field=label, lowest=-highest)
                )

    @api.model
    def _get_bounded_fields(self):
        """Return {field: its maximum} of the numbers of days, months and years that a role may write."""
        numbers = [name for name in self._get_writable_fields() if name in self._fields]
        return {
            name: HIGHEST[unit]
            for name in numbers
            if self._fields[name].type == "integer" and self._fields[name].store
            for unit in HIGHEST.keys() & set(name.split("_"))
        }
