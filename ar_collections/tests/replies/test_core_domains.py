from unittest import TestCase

from odoo.addons.ar_collections.core.replies.domains import ADDED, ONE_OFF, OTHER_ENDING, SAME_LOOK, compare

#: Its second letter is of another alphabet.
CYRILLIC = "m\N{CYRILLIC SMALL LETTER IE}adow-mills.example"

KNOWN = ["meadow-mills.example", "seller.co.uk"]


class TestCompare(TestCase):
    def assertLooks(self, how, *domains, known=KNOWN, **options):
        for domain in domains:
            with self.subTest(domain=domain):
                found = compare(domain, known, **options)
                self.assertEqual(found and found[0], how)

    def test_known_ones_and_their_hosts(self):
        self.assertLooks(None, "meadow-mills.example", "Meadow-Mills.Example", "mail.seller.co.uk", "seller.co.uk.")

    def test_one_letter_off(self):
        self.assertLooks(ONE_OFF, "meadow-mill.example", "meadow-mlils.example", "sellers.co.uk", "selles.co.uk",
                         "mail.sellar.co.uk")  # fmt: skip

    def test_same_look(self):
        self.assertLooks(SAME_LOOK, "rneadow-mills.example", "meadow-mi11s.example", "meadowmills.example",
                         CYRILLIC, CYRILLIC.encode("idna").decode())  # fmt: skip

    def test_other_ending(self):
        self.assertLooks(OTHER_ENDING, "seller.com", "seller.co", "meadow-mills.test")

    def test_something_added(self):
        self.assertLooks(ADDED, "seller-billing.co.uk", "my-seller.com", "meadow-mills-pay.test", "sellerbilling.com",
                         "payseller.com", "seller.co.uk.attacker.test", "seller.attacker.test",
                         "meadow-mills.example.attacker.test")  # fmt: skip

    def test_others(self):
        self.assertLooks(None, "other.example", "", "example", "meadow.example", "cellar-door.test", "co.uk")

    def test_short_names_are_not_compared_by_letters(self):
        self.assertLooks(None, "abd.test", "ab.test", known=["abc.test"])
        self.assertLooks(OTHER_ENDING, "abc.example", known=["abc.test"])

    def test_mail_providers(self):
        self.assertLooks(None, "mailbox.example", "mailbox.test", known=["mailbox.test"],
                         shared=["mailbox.example", "mailbox.test"])  # fmt: skip
