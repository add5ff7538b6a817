"""What a policy says about late charges, read once for all items of its customers."""

from dataclasses import replace

from ....core.late_charges.interest import accrue


class LateRules:
    """The rules of one policy on one day.

    :param policy: `ar.credit.policy` with rules of late charges
    :param date today: for the working days
    """

    def __init__(self, policy, today):
        self.policy = policy
        self.regime = policy.late_charge_regime_id
        self.rules = policy._get_late_charge_rules()
        self.lump_sums = self.regime._get_lump_sums() if policy.late_charge_lump_sums else []
        self._calendar = policy._get_work_calendar(today) if self.regime.moves_to_workday else None
        self._terms = {}

    def accrue(self, debt, currency_id, day):
        """Return the interest of a debt until the end of a day; see `core.late_charges.interest.accrue`.

        :raise ChargeRefused: without a rate
        """
        if currency_id not in self._terms:
            currency = self.policy.env["res.currency"].browse(currency_id)
            self._terms[currency_id] = self.regime._get_terms(currency)
        return accrue(debt, self._terms[currency_id], day, self._calendar)

    def get_rules(self, item):
        """Return when the item is charged, with the smallest amount in the item's currency at its booked rate.

        :param LateItem item: the item
        """
        if not self.rules.minimum or not item.balance:
            return self.rules
        return replace(self.rules, minimum=self.rules.minimum * item.amount / item.balance)


class LateRulesOf:
    """The rules of policies by their id, each read once."""

    def __init__(self, env, today):
        self._env, self._today, self._found = env, today, {}

    def __getitem__(self, policy_id):
        if policy_id not in self._found:
            policy = self._env["ar.credit.policy"].browse(policy_id)
            self._found[policy_id] = LateRules(policy, self._today)
        return self._found[policy_id]
