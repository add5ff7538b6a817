"""Amounts as customers type them: read in the page's language, and refused where they can be read in two ways."""

from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.portal.typed_amount import read_amount, show_amount

ENGLISH, GERMAN, FRENCH, SWISS, NO_GROUPS = (".", ","), (",", "."), (",", "\u202f"), (".", "’"), (",", "")

READ = [
    # text, language, decimals of the currency, amount
    ("1,250", ENGLISH, 2, "1250"),
    ("1,250.00", ENGLISH, 2, "1250.00"),
    ("1,250,000.5", ENGLISH, 2, "1250000.5"),
    ("1250", ENGLISH, 2, "1250"),
    ("1250.5", ENGLISH, 2, "1250.5"),
    ("12,50", ENGLISH, 2, "12.50"),
    ("0.01", ENGLISH, 2, "0.01"),
    (" 1 250.50 ", ENGLISH, 2, "1250.50"),
    ("1.250", GERMAN, 2, "1250"),
    ("1.250,50", GERMAN, 2, "1250.50"),
    ("12.50", GERMAN, 2, "12.50"),
    ("1\u202f250,50", FRENCH, 2, "1250.50"),
    ("1\u00a0250,50", FRENCH, 2, "1250.50"),
    ("1 250", FRENCH, 2, "1250"),
    ("1’250.50", SWISS, 2, "1250.50"),
    ("1'250.50", SWISS, 2, "1250.50"),
    ("1250,5", NO_GROUPS, 2, "1250.5"),
    ("1,250", ENGLISH, 0, "1250"),
    ("1,250", ENGLISH, 3, "1250"),
    ("1.250", ENGLISH, 3, "1.250"),
    ("1,250", GERMAN, 3, "1.250"),
]

REFUSED = [
    ("1.250", ENGLISH, 2),  # a German 1250, or 1.25 with a zero too many
    ("1,250", GERMAN, 2),
    ("1.250", FRENCH, 2),
    ("1,250", FRENCH, 2),
    ("1.250", FRENCH, 3),  # neither the decimal nor the thousands separator of the language
    ("10.005", ENGLISH, 2),
    ("100.5", ENGLISH, 0),
    ("1,2500", ENGLISH, 2),
    ("12,50,00", ENGLISH, 2),
    ("1,250,00", ENGLISH, 2),
    ("1.250.50", GERMAN, 2),
    ("1 250,000 50", FRENCH, 2),
    ("-5", ENGLISH, 2),
    ("+5", ENGLISH, 2),
    ("5-", ENGLISH, 2),
    ("1e3", ENGLISH, 2),
    ("NaN", ENGLISH, 2),
    ("", ENGLISH, 2),
    (".", ENGLISH, 2),
    (".5", ENGLISH, 2),
    ("5.", ENGLISH, 2),
    ("ten", ENGLISH, 2),
    ("9" * 13, ENGLISH, 2),
]


class TestTypedAmount(TestCase):
    def test_read(self):
        for text, language, digits, amount in READ:
            with self.subTest(text=text, language=language, digits=digits):
                self.assertEqual(read_amount(text, digits, *language), Decimal(amount))

    def test_refused(self):
        for text, language, digits in REFUSED:
            with self.subTest(text=text, language=language, digits=digits), self.assertRaises(ValueError):
                read_amount(text, digits, *language)

    def test_what_fills_a_field_is_read_again(self):
        for language in (ENGLISH, GERMAN, FRENCH, SWISS, NO_GROUPS):
            for digits in (0, 2, 3):
                amount = round(Decimal("1250.456"), digits)
                with self.subTest(language=language, digits=digits):
                    self.assertEqual(read_amount(show_amount(amount, digits, language[0]), digits, *language), amount)
