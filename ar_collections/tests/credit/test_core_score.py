"""The score from own behavior: the examples of the PAYDEX scale to the digit, and reasons that add up."""

from dataclasses import replace
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.credit import features
from odoo.addons.ar_collections.core.credit.experience import (
    PaymentExperience,
    days_beyond_terms,
    payment_points,
    trend_days,
)
from odoo.addons.ar_collections.core.credit.features import FEATURES, Behavior, Feature
from odoo.addons.ar_collections.core.credit.limit import CreditRefused
from odoo.addons.ar_collections.core.credit.scale import PAYDEX, Scale
from odoo.addons.ar_collections.core.credit.score import (
    CLASSES,
    ClassOverride,
    ScoreRules,
    check_override,
    classify,
    is_worse,
    override,
    rate,
)

from ..core_common import dec

TODAY = date(2026, 6, 10)

#: The weighted example: 7.0 days beyond terms.
EXAMPLE = tuple(
    PaymentExperience(dec(amount), days) for amount, days in ((10000, 0), (5000, 20), (1000, 60), (4000, -5))
)

GOOD = Behavior(
    agreements_kept=dec(100),
    returned_payments=0,
    disputes_rejected=0,
    short_payments=0,
    utilization=dec(40),
    relation_months=36,
    idle_months=1,
)


def paying(days, **values):
    """Return the behavior of a customer that pays all invoices so late, and is good otherwise."""
    months = (1, 2, 5, 9)
    experiences = tuple(PaymentExperience(dec(1000), days, months_ago) for months_ago in months)
    return replace(GOOD, experiences=experiences, **values)


class TestPaydex(TestCase):
    def test_the_chart(self):
        for days, points in [
            (-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20),
        ]:  # fmt: skip
            with self.subTest(days=days):
                self.assertEqual(PAYDEX.at(dec(days)), dec(points))

    def test_between_the_points_of_the_chart(self):
        for days, points in [
            (-10, 85), (-2, 81), (3, 78), (8, 75), (18, 66), (23, 59), (26, 55), (33, 49), (45, 45), (75, 35),
        ]:  # fmt: skip
            with self.subTest(days=days):
                self.assertEqual(round(PAYDEX.at(dec(days))), points)

    def test_beyond_its_ends(self):
        self.assertEqual((PAYDEX.at(dec(-90)), PAYDEX.at(dec(999))), (dec(100), dec(20)))

    def test_a_stepped_scale(self):
        late = Scale(((dec(10), dec(100)), (dec(60), dec(50)), (dec(100), dec(0))), is_stepped=True)
        for share, points in [(0, 100), (10, 100), ("10.01", 50), (60, 50), ("60.01", 0), (100, 0)]:
            with self.subTest(share=share):
                self.assertEqual(late.at(dec(share)), dec(points))


class TestExperiences(TestCase):
    def test_the_mean_of_the_scores_counts_not_the_score_of_the_mean(self):
        self.assertEqual(days_beyond_terms(EXAMPLE), dec("7.0"))
        self.assertEqual(round(PAYDEX.at(days_beyond_terms(EXAMPLE)), 1), dec("75.3"))
        self.assertEqual(round(payment_points(EXAMPLE), 1), dec("74.2"))

    def test_recent_months_count_twice(self):
        old, new = PaymentExperience(dec(100), 0, months_ago=3), PaymentExperience(dec(100), 30, months_ago=2)
        self.assertEqual(days_beyond_terms([old, new]), dec(20))

    def test_the_trend(self):
        old, new = PaymentExperience(dec(100), 10, months_ago=3), PaymentExperience(dec(900), 4, months_ago=2)
        self.assertEqual(trend_days([old, new]), dec(-6))
        self.assertIsNone(trend_days([old]))
        self.assertIsNone(trend_days([new]))

    def test_without_any(self):
        self.assertIsNone(days_beyond_terms([]))
        self.assertIsNone(payment_points([PaymentExperience(dec(0), 5)]))


class TestScore(TestCase):
    rules = ScoreRules()

    def test_who_always_pays_so_late(self):
        for days, value, risk_class in [
            (-30, "98.6", "A"),
            (-10, "88.9", "A"),
            (0, "85.6", "A"),
            (15, "69.1", "B"),
            (30, "56.1", "C"),
            (60, "49.6", "D"),
            (90, "43.1", "D"),
            (365, "36.6", "D"),
        ]:
            with self.subTest(days=days):
                score = rate(paying(days), self.rules)
                self.assertEqual((score.value, score.risk_class), (dec(value), risk_class))

    def test_all_bad_is_an_e(self):
        behavior = paying(
            365,
            agreements_kept=dec(0),
            returned_payments=4,
            disputes_rejected=6,
            short_payments=9,
            utilization=dec(150),
            idle_months=0,
        )
        self.assertEqual(rate(behavior, self.rules).risk_class, "E")

    def test_the_weights_as_delivered_add_up_to_100(self):
        self.assertEqual(sum(feature.weight for feature in FEATURES), 100)
        self.assertEqual(len({feature.code for feature in FEATURES}), len(FEATURES))

    def test_the_contributions_are_the_score(self):
        for days in (-5, 0, 12, 44, 130):
            with self.subTest(days=days):
                score = rate(paying(days, returned_payments=1), self.rules)
                gained = sum(part.gained for part in score.contributions)
                lost = sum(part.lost for part in score.contributions)
                self.assertAlmostEqual(gained, score.value, delta=dec("0.05"))
                self.assertAlmostEqual(gained + lost, dec(100), delta=dec("0.000001"))
                self.assertEqual(list(score.contributions), sorted(score.contributions, key=lambda part: -part.lost))

    def test_what_is_not_known_does_not_count(self):
        score = rate(Behavior(experiences=EXAMPLE), ScoreRules(features=(Feature(features.PAYMENT_DAYS, 40),)))
        self.assertEqual(score.value, dec("74.2"))
        with_unknown = rate(Behavior(experiences=EXAMPLE), self.rules)
        self.assertNotIn(features.UTILIZATION, [part.code for part in with_unknown.contributions])

    def test_no_feature_makes_it_better_by_being_worse(self):
        worse = {
            "agreements_kept": dec(50), "returned_payments": 2, "disputes_rejected": 3, "short_payments": 3,
            "utilization": dec(110), "idle_months": 12,
        }  # fmt: skip
        good = rate(paying(10), self.rules).value
        for name, value in worse.items():
            with self.subTest(feature=name):
                self.assertLess(rate(paying(10, **{name: value}), self.rules).value, good)

    def test_the_values_that_are_shown(self):
        behavior = replace(GOOD, experiences=(*EXAMPLE, PaymentExperience(dec(500), 3, months_ago=6)))
        values = {part.code: part.value for part in rate(behavior, self.rules).contributions}
        self.assertEqual((values["late_share"], values["worst_delay"], values["trend"]), (dec(60), dec(60), dec(4)))
        self.assertEqual((values["utilization"], values["relation_months"]), (dec(40), dec(36)))

    def test_a_weight_of_zero_takes_a_feature_away(self):
        unweighted = tuple(replace(feature, weight=0) for feature in FEATURES)
        score = rate(paying(10), ScoreRules(features=unweighted))
        self.assertEqual((score.value, score.source), (None, "no_history"))

    def test_a_newcomer_has_no_score(self):
        experiences = EXAMPLE[:2]
        score = rate(replace(GOOD, experiences=experiences), self.rules)
        self.assertEqual((score.value, score.risk_class, score.source), (None, "C", "no_history"))
        self.assertEqual(rate(replace(GOOD, experiences=EXAMPLE[:3]), self.rules).source, "scored")

    def test_a_setting_that_names_an_unknown_feature_does_no_harm(self):
        rules = ScoreRules(features=(*FEATURES, Feature("weather", 50)))
        self.assertEqual(rate(paying(0), rules), rate(paying(0), self.rules))


class TestClasses(TestCase):
    def test_the_class_follows_from_the_value_that_is_shown(self):
        """A mean of 79.95 is shown as 80.0, and is an A."""
        experiences = tuple(PaymentExperience(dec(1000), 0) for _n in range(3))
        scale = Scale(((dec(0), dec("79.95")), (dec(1), dec(0))))
        score = rate(Behavior(experiences), ScoreRules(features=(Feature(features.PAYMENT_DAYS, 1, scale),)))
        self.assertEqual((str(score.value), score.risk_class), ("80.0", "A"))

    def test_bands(self):
        values = ("100", "80.0", "79.9", "65.0", "64.9", "50.0", "49.9", "30.0", "29.9", "0")
        self.assertEqual("".join(classify(dec(value), ScoreRules()) for value in values), "AABBCCDDEE")

    def test_fewer_bands(self):
        rules = ScoreRules(bands=(80, 50))
        self.assertEqual("".join(classify(dec(value), rules) for value in (90, 60, 10)), "ABC")

    def test_an_override_ends_by_itself(self):
        score = rate(paying(90), ScoreRules())
        by_person = ClassOverride("A", "guarantee of the parent", TODAY)
        overridden = override(score, by_person, TODAY)
        self.assertEqual((overridden.risk_class, overridden.source), ("A", "overridden"))
        self.assertEqual((overridden.value, overridden.contributions), (score.value, score.contributions))
        self.assertEqual(override(score, by_person, date(2026, 6, 11)), score)
        self.assertEqual(override(score, None, TODAY), score)

    def test_an_override_needs_class_reason_and_end(self):
        for values, expected in [
            (("A", "known well", TODAY), None),
            (("F", "known well", TODAY), "unknown_class"),
            (("A", " ", TODAY), "no_reason"),
            (("A", "known well", None), "no_end"),
            (("A", "known well", date(2026, 6, 9)), "ended"),
        ]:
            with self.subTest(values=values):
                try:
                    check_override(*values, TODAY)
                    self.assertIsNone(expected)
                except CreditRefused as refused:
                    self.assertEqual(refused.code, expected)

    def test_worse_classes(self):
        self.assertEqual([name for name in CLASSES if is_worse(name, "C")], ["D", "E"])
