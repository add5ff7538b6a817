from odoo import api, models
from odoo.exceptions import UserError


class ArCompanyMixin(models.AbstractModel):
    """Settings of a company, or shared by all, to which records of a company refer.

    Odoo checks the company of the record that is written, never of those that refer to it: these would follow rules
    and amounts of another company, which their users cannot even open.
    """

    _name = "ar.company.mixin"
    _description = "Setting of a Company"

    def write(self, vals):
        """Override of `base` to refuse another company while records of other companies refer to the setting."""
        result = super().write(vals)
        if vals.get("company_id"):
            for record in self:
                record._check_own_company()
        return result

    def _check_own_company(self):
        """Check that nothing of other companies refers to the record.

        :raise UserError: with the number of such records, and the way out
        """
        found = []
        for model, name in self._find_referring():
            # sudo: records of companies that the user does not work for count, too; only their number is told.
            records = self.env[model].sudo().with_context(active_test=False)
            foreign = ["!", ("company_id", "child_of", self.company_id.id), ("company_id", "!=", False)]
            if number := records.search_count([(name, "=", self.id), *foreign]):
                models_sudo = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
                found.append(f"{models_sudo.browse(models_sudo._get_id(model)).name}: {number}")
        if found:
            raise UserError(
                self.env._(
                    "“%(name)s” is used in another company (%(found)s): create one for %(company)s instead.",
                    name=self.display_name,
                    found=", ".join(dict.fromkeys(found)),
                    company=self.company_id.display_name,
                )
            )

    @api.model
    def _find_referring(self):
        """Return [(model, field)] of the records of a company that may refer to this model."""
        return [
            (model._name, field.name)
            for model in self.env.registry.values()
            if model._auto and not model._abstract and not model._transient and model._name.startswith("ar.")
            if "company_id" in model._fields and model._fields["company_id"].store
            for field in model._fields.values()
            if field.type == "many2one" and field.comodel_name == self._name and field.store
        ]
