from odoo import models


class ArCustomerStored(models.Model):
    """Reading stored values of many accounts together: a batch of the nightly run needs the same few several times."""

    _inherit = "ar.customer"

    def _get_stored(self, name):
        """Return {account id: value of a stored field as the cache holds it: an id of a record, None where empty}.

        A batch reads the same few fields of hundreds of accounts several times; a record for each value of a
        many-to-one field costs more than the rest.
        """
        field = self._fields[name]
        self._check_field_access(field, "read")
        if field.compute:
            self._recompute_recordset([name])
        stored = field._get_cache(self.env)
        if any(account_id not in stored for account_id in self._ids):
            self.fetch([name])
        return {account_id: stored[account_id] for account_id in self._ids}

    def _group_by_company(self):
        """Return {company: its accounts}; the batches of a run are of one."""
        companies = self.company_id
        return {companies: self} if len(companies) == 1 else self.grouped("company_id")

    def _map_of_policy(self, read):
        """Return {partner id: what ``read`` returns of the policy that applies}; each policy is read once.

        :param read: function of one `ar.credit.policy`, or of none
        """
        of_policy = {policy.id: read(policy) for policy in self.policy_id}
        of_policy[None] = read(self.policy_id.browse())
        policy_ids = self._get_stored("policy_id")
        return {
            partner_id: of_policy[policy_ids[account_id]]
            for account_id, partner_id in self._get_stored("partner_id").items()
        }
