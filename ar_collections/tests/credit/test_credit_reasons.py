from datetime import date
from decimal import Decimal

from ...core.credit import rules
from ...core.credit.insurance import STOPPING_GAPS
from ...core.credit.reasons import Reason
from ...messages import CREDIT_REASONS
from .common_credit import ArCreditCommon

#: What holds or releases a customer besides the rules of its policy.
OTHERS = (rules.FORCED, rules.READY_TO_RELEASE, rules.INSOLVENT)


class TestCreditReasons(ArCreditCommon):
    """Each reason has a sentence, and survives being stored."""

    def _describe(self, *reasons):
        return self.env["ar.credit.reasons"]._describe(reasons, self.company.currency_id)

    def test_each_rule_has_a_sentence(self):
        """No code of the rules is without words, whatever values its reason has."""
        self.assertEqual(set(CREDIT_REASONS), {*rules.RULE_VALUES, *OTHERS})
        for code in CREDIT_REASONS:
            for sentence in self._describe(Reason(code, rules.HOLD), Reason(code, rules.HOLD, 3, Decimal(5))):
                self.assertNotIn("%(", sentence)
                self.assertTrue(sentence.endswith("."))

    def test_sentences_name_the_values(self):
        """Amounts have their currency, shares are rounded as people read them."""
        over, used, exact = self._describe(
            Reason(rules.OVER_LIMIT, rules.HOLD, amount=Decimal("1234.5")),
            Reason(rules.LIMIT_USED, rules.WARNING, percent=Decimal("93.456")),
            Reason(rules.LIMIT_USED, rules.WARNING, percent=Decimal("90.00")),
        )
        self.assertIn("1,234.50", over)
        self.assertIn(self.company.currency_id.symbol, over)
        self.assertEqual(used, "93.5 % of the credit limit is used.")
        self.assertEqual(exact, "90 % of the credit limit is used.")

    def test_days_are_counted_as_people_do(self):
        """One day is not several days."""
        for code, one, several in (
            (rules.OVERDUE, "is overdue, the oldest item for one day.", "is overdue, the oldest item for 2 days."),
            (rules.LIMIT_EXPIRED, "limit is one day overdue.", "limit is 2 days overdue."),
            (rules.INSURANCE_EXPIRED, "ended one day ago.", "ended 2 days ago."),
        ):
            sentences = self._describe(*(Reason(code, rules.HOLD, days, Decimal(5)) for days in (1, 2)))
            self.assertTrue(sentences[0].endswith(one), sentences[0])
            self.assertTrue(sentences[1].endswith(several), sentences[1])

    def test_each_gap_of_the_insurance_has_words(self):
        """All gaps that stop deliveries can be told in one sentence."""
        (sentence,) = self._describe(Reason(rules.NOT_INSURED, rules.HOLD, detail=STOPPING_GAPS))
        self.assertEqual(sentence.count(","), len(STOPPING_GAPS) - 1)

    def test_what_is_stored_is_read_as_it_was(self):
        """JSON keeps amounts exact and dates as dates; codes of an add-on that is gone are left out."""
        reasons = (
            Reason(rules.OVERDUE, rules.HOLD, 61, Decimal("0.10"), Decimal("33.333"), until=date(2026, 7, 1)),
            Reason(rules.RISK_CLASS, rules.WARNING, count=2, detail=("D",)),
        )
        model = self.env["ar.credit.reasons"]
        stored = [*model._dump(reasons), {"code": "gone", "status": "hold"}]
        self.assertEqual(model._load(stored, self.TODAY), reasons)
        self.assertEqual(model._load(False, self.TODAY), ())

    def test_days_that_grow_are_counted_when_they_are_read(self):
        """The day from which they count is stored, so that nothing is written because a day has passed."""
        model, due = self.env["ar.credit.reasons"], date(2026, 4, 1)
        today, tomorrow = (Reason(rules.OVERDUE, rules.HOLD, days, since=due) for days in (61, 62))
        self.assertEqual(model._dump([today]), model._dump([tomorrow]))
        self.assertEqual(model._load(model._dump([today]), date(2026, 6, 2)), (tomorrow,))
