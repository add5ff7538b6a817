from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.replies.days import find_days

#: A Wednesday.
TODAY = date(2026, 6, 10)


def days(text, language="en", written_on=TODAY, **options):
    return [named.day for named in find_days(text, language, written_on, **options)]


def june(*numbers):
    return [date(2026, 6, number) for number in numbers]


class TestFindDays(TestCase):
    def assertDays(self, expected, language, *texts, **options):
        for text in texts:
            with self.subTest(text=text):
                self.assertEqual(days(text, language, **options), expected)

    def test_written_dates(self):
        self.assertDays(june(12), "en", "12 June", "June 12th", "12th of June 2026", "2026-06-12", "the 12th of June,")
        self.assertDays(june(12), "de", "12. Juni", "12.6.", "am 12.06.2026", "12.06.26", "zum 12.06.")
        self.assertDays(june(12), "fr", "le 12 juin", "12/06", "12/06/2026")
        self.assertDays(june(12), "es", "el 12 de junio", "12 de junio de 2026")
        self.assertDays(june(12), "it", "il 12 giugno", "12 giu.")
        self.assertDays([date(2026, 7, 1)], "fr", "le 1er juillet")

    def test_weekdays(self):
        self.assertDays(june(12), "en", "on Friday", "this Fri")
        self.assertDays(june(12), "de", "am Freitag")
        self.assertDays(june(17), "en", "on Wednesday")
        self.assertDays(june(5), "en", "last Friday", "on Friday", is_past=True)
        self.assertDays(june(5), "fr", "vendredi dernier")

    def test_next_friday_may_be_either_and_says_so(self):
        (named,) = find_days("next Friday", "en", TODAY)
        self.assertEqual((named.day, named.other), (date(2026, 6, 19), date(2026, 6, 12)))
        # Said on a Monday, the Friday of next week; on a Sunday, that of the coming one.
        self.assertEqual(days("next friday", written_on=date(2012, 12, 31)), [date(2013, 1, 11)])

    def test_relative(self):
        self.assertDays(june(11), "en", "tomorrow")
        self.assertDays(june(12), "de", "übermorgen")
        self.assertDays(june(24), "en", "in two weeks", "within 14 days", "in 2 weeks")
        self.assertDays(june(24), "fr", "sous quinze jours", "dans deux semaines")
        self.assertDays(june(17), "es", "dentro de una semana")
        self.assertDays(june(20), "it", "entro dieci giorni")
        self.assertDays([date(2026, 7, 10)], "en", "in a month")
        self.assertDays([date(2026, 2, 28)], "en", "in one month", written_on=date(2026, 1, 31))

    def test_ends(self):
        self.assertDays(june(30), "en", "by the end of the month", "end of month", "at month-end", "end of June", "EOM")
        self.assertDays(june(30), "de", "Monatsende", "Ende des Monats", "Ende Juni")
        self.assertDays(june(30), "fr", "fin du mois", "fin juin")
        self.assertDays(june(30), "es", "a fin de mes", "a finales de junio")
        self.assertDays(june(30), "it", "entro fine mese", "fine giugno")
        self.assertDays([date(2026, 7, 31)], "en", "end of next month")
        self.assertDays(june(12), "en", "end of the week", "end of this week")
        self.assertDays(june(19), "en", "next week", "end of next week")
        self.assertDays(june(15), "de", "Mitte Juni")

    def test_a_day_of_the_month_alone(self):
        self.assertDays(june(11), "en", "on the 11th", "by the 11th")
        self.assertDays([date(2026, 7, 2)], "en", "on the 2nd")
        self.assertDays(june(15), "de", "am 15. ")

    def test_ambiguous(self):
        (named,) = find_days("06/07/2026", "en", TODAY)
        self.assertEqual({named.day, named.other}, {date(2026, 6, 7), date(2026, 7, 6)})
        self.assertEqual(named.day, date(2026, 7, 6))  # of the two, the one that is not over
        (named,) = find_days("06/07/2026", "en", TODAY, month_first=True)
        self.assertEqual((named.day, named.other), (date(2026, 6, 7), date(2026, 7, 6)))
        (clear,) = find_days("06/25/2026", "en", TODAY)
        self.assertEqual((clear.day, clear.other), (date(2026, 6, 25), None))
        (clear,) = find_days("06/07/2026", "fr", TODAY)
        self.assertEqual((clear.day, clear.other), (date(2026, 7, 6), None))

    def test_the_year_that_is_missing(self):
        self.assertEqual(days("3 January", written_on=date(2026, 12, 20)), [date(2027, 1, 3)])
        self.assertEqual(days("28 December", written_on=date(2026, 1, 5), is_past=True), [date(2025, 12, 28)])
        # In June "your invoice of 5 May" is no day of next year.
        self.assertEqual(days("5 May"), [date(2026, 5, 5)])

    def test_no_days(self):
        self.assertDays([], "en", "31 June", "INV/2026/00041", "1.250,50", "3-5 days", "99/99", "room 12.5", "may we",
                        "12/6/1999", "v1.2.3", "10.5%", "in 999999 weeks", "the 45th", "0/0")  # fmt: skip
        self.assertDays([], None, "tomorrow", "12 June")
        self.assertDays(june(12), None, "2026-06-12", "12.06.2026")
