"""The bounds of one run of automatic payments, for one company."""

from ...core.autopay import charge as rules
from ...core.autopay.bounds import Spent, admits
from ...core.money import to_decimal

#: The moves that are made while automatic payments are stopped: they charge nothing and announce nothing.
MOVES_WHILE_STOPPED = (rules.ASK, rules.FAIL)


class Limits:
    """What one run may charge; beyond it nothing more is charged, and the problems list says so."""

    def __init__(self, company):
        self.company = company
        self.is_stopped = company.ar_autopay_stopped
        self._bounds = company._ar_get_autopay_bounds()
        number, amount = company._ar_read_autopay_day()
        self._spent = Spent(day_number=number, day_amount=amount)
        self._left_out = 0

    def allows_move(self, move):
        """Return whether a move may be made, a code of `core.autopay.charge`."""
        return not self.is_stopped or move in MOVES_WHILE_STOPPED

    def admit(self, unit):
        """Return whether the unit may be charged, with at most the announced amount; it counts then."""
        company = self.company
        amount = unit.currency_id._convert(
            unit.autopay_notice_amount, company.currency_id, company, company._ar_today()
        )
        if not admits(self._bounds, self._spent, to_decimal(amount)):
            self._left_out += 1
            return False
        self._spent = self._spent.plus(to_decimal(amount))
        return True

    def report(self):
        """Report what was left out as a problem of the company, or solve it where nothing was."""
        problems = self.company.env["ar.problem"]
        if self._left_out:
            text = self.company.env._(
                "The limits for automatic payments are reached: %(number)s due payments were not charged.",
                number=self._left_out,
            )
            problems._report(self.company, "autopay_limits", text, company=self.company)
        else:
            problems._clear(self.company, "autopay_limits")
