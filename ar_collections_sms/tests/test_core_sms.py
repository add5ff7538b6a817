import unittest
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo.addons.ar_collections_sms.core.parts import count_parts, simplify
from odoo.addons.ar_collections_sms.core.quiet import Quiet, next_moment
from odoo.addons.ar_collections_sms.core.stop import is_stop

WORDS = {"stop", "stopp", "arret", "baja", "optout", "abmelden"}


class TestStopWords(unittest.TestCase):
    """Requests to stop, and sentences that are none."""

    def test_requests(self):
        for text in (
            "STOP", "stop.", "Stop!", "  STOP  ", "Stop please", "STOP SMS", "STOP 36111", "Arrêt", "ARRÊT svp", "Baja",
            "STOPP", "Opt-out", "OPT OUT", "Stop. Thank you", "stop\n\nSent from my phone", "Abmelden bitte", "¡BAJA!",
            "STOP\n> Books: 100 EUR is due",
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertTrue(is_stop(text, WORDS))

    def test_sentences(self):
        for text in (
            "I will stop by tomorrow", "Don't stop", "non-stop", "Stop the delivery of order 5", "We cannot stop now",
            "The bus stop", "Please call", "", "  ", "!!!", "Baja California", "On Monday we paid", "stop it or I sue",
            "On Tue, Books wrote:\n> Reply STOP to end", "12345", "stop" * 3000, "Stopped payment by mistake",
        ):  # fmt: skip
            with self.subTest(text=text[:40]):
                self.assertFalse(is_stop(text, WORDS))


class TestParts(unittest.TestCase):
    """Amounts as languages write them do not make a message wide."""

    def test_typographic_characters_cost_nothing_more(self):
        text = "Société Générale : 1\u202f250,00\u00a0€ à payer d’ici le 5 juin…"
        self.assertEqual(count_parts(simplify(text * 2)), 1)
        self.assertEqual(count_parts(text * 2), 2)

    def test_a_character_outside_of_the_alphabet_makes_it_wide(self):
        self.assertEqual(count_parts("ê" + "a" * 69), 1)
        self.assertEqual(count_parts("ê" + "a" * 70), 2)


class TestQuietHours(unittest.TestCase):
    """Quiet hours across a change to summer time, and in a country of many time zones."""

    def test_change_of_summer_time(self):
        paris = ZoneInfo("Europe/Paris")
        night = datetime(2026, 3, 27, 22, tzinfo=timezone.utc)
        self.assertEqual(next_moment(night, [paris], Quiet(sundays=False)).hour, 7)
        following = datetime(2026, 3, 28, 22, tzinfo=timezone.utc)
        self.assertEqual(next_moment(following, [paris], Quiet(sundays=False)).hour, 6)

    def test_no_hours_are_quiet(self):
        now = datetime(2026, 6, 14, 3, 7, tzinfo=timezone.utc)
        self.assertEqual(next_moment(now, [timezone.utc], Quiet(0, 0, False)), now)

    def test_coast_to_coast(self):
        zones = [ZoneInfo("America/New_York"), ZoneInfo("Pacific/Honolulu")]
        found = next_moment(datetime(2026, 6, 10, 12, tzinfo=timezone.utc), zones, Quiet())
        self.assertEqual((found.hour, found.minute), (18, 0))
