from lxml import html

from odoo.tests import HttpCase, tagged

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestDirection(ArPortalCommon, HttpCase):
    """The customer page is written in the customer's language, from right to left where it is."""

    def _page(self, lang, path=None):
        """Return the root element of the page in this language, by default the account opened by its link."""
        self.env["res.lang"].sudo()._activate_lang(lang)
        self.opener.cookies["frontend_lang"] = lang
        response = self.url_open(path or self._link())
        self.assertIn(response.status_code, (200, 404))
        return html.fromstring(response.content)

    def test_arabic_and_hebrew_from_right_to_left(self):
        for lang, code in (("ar_001", "ar"), ("he_IL", "he")):
            with self.subTest(lang=lang):
                for path in (None, "/my/receivables/999999"):
                    page = self._page(lang, path)
                    self.assertEqual((page.get("lang", "")[:2], page.get("dir")), (code, "rtl"))
                    self.assertEqual(page.xpath("//*[@id='wrap']/@dir"), ["rtl"])

    def test_others_from_left_to_right(self):
        page = self._page("fr_FR")
        self.assertEqual((page.get("lang", "")[:2], page.get("dir")), ("fr", "ltr"))
