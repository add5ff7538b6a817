from unittest import TestCase

from ....models.credit.review import vat


class TestVatNumbers(TestCase):
    """VAT numbers are checked by the rules of their countries, without a service."""

    def test_numbers_that_tax_offices_give_are_right(self):
        numbers = (
            ("ATU12345675", "AT"), ("CHE-123.456.788 TVA", "CH"), ("CY10259033P", "CY"), ("DE123456788", "DE"),
            ("12/345/67890", "DE"), ("EL123456783", "GR"), ("ESA12345674", "ES"), ("FR23334175221", "FR"),
            ("GB123456782", "GB"), ("XI123456782", "GB"), ("IE1234567FA", "IE"), ("NL123456782B90", "NL"),
            ("NO123456785MVA", "NO"), ("NO123456785", "NO"), ("RS101134702", "RS"), ("83 914 571 673", "AU"),
        )  # fmt: skip
        self.assertEqual([number for number in numbers if vat.is_valid(*number) is not True], [])
        self.assertEqual([vat.is_valid(n, "BE") for n in ("BE0477472702", "BEBE0477472701", "x")], [False] * 3)
