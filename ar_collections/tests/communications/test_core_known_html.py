from unittest import TestCase

from odoo.addons.ar_collections.core.communications.known_html import KnownHtml, has_text

#: Texts that have to be sanitized as a whole.
REFUSED = [
    "<script>act()</script>",
    "<p>1 < 2</p>",
    "<p>2 > 1</p>",
    '<p onclick="act()">x</p>',
    "<p onclick='act()'>x</p>",
    "<p class=x onclick=act()>x</p>",
    "<P>x</P>",
    '<p/onclick="act()">x</p>',
    '<img src="/x" onerror="act()">',
    '<img src="x" onerror=act()>',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<a href="javascript:act()">x</a>',
    '<a href=" javascript:act()">x</a>',
    '<a href="java\nscript:act()">x</a>',
    '<a href="&#106;avascript:act()">x</a>',
    '<a href="//evil.example.com/">x</a>',
    '<a href="/\\evil.example.com/">x</a>',
    '<a href="vbscript:act()">x</a>',
    "<a href=\"https://a.example.com/'onclick='act()\">x</a>",
    '<a xlink:href="javascript:act()">x</a>',
    '<td background="javascript:act()">x</td>',
    '<form action="/web"><p>x</p></form>',
    '<svg><a href="/x">x</a></svg>',
    "<math><mi>x</mi></math>",
    '<iframe src="https://evil.example.com/"></iframe>',
    "<style>p {}</style>",
    '<noscript><p title="</noscript><img src=x onerror=act()>">x</p></noscript>',
    "<!-- <p> --><p>x</p>",
    "<![CDATA[<p>]]>",
    "<?php act() ?>",
    "<p>x",
    "x</p>",
    "<p><b>x</p></b>",
    "<div><img></img></div>",
    "<p>-- \nSignature</p>",
    "<p>Hello\n&gt; quoted</p>",
    '<p data-o-mail-quote="1">x</p>',
    "<blockquote>x</blockquote>",
    '<p id="wrapwrap">x</p>',
    '<p title="<">x</p>',
]


def remove_color(text):
    """A sanitizer that removes one thing, and counts how often it is asked."""
    remove_color.calls += 1
    return text.replace("color: red; ", "")


class TestKnownHtml(TestCase):
    def setUp(self):
        super().setUp()
        remove_color.calls = 0
        self.known = KnownHtml(remove_color)

    def test_what_may_hide_something_is_left_to_the_sanitizer(self):
        for text in REFUSED:
            with self.subTest(text=text):
                self.assertIsNone(self.known.clean(text))

    def test_a_tag_that_the_sanitizer_changes_is_changed_in_the_text(self):
        text = '<p style="color: red; margin: 0">Hello</p>'
        self.assertEqual(self.known.clean(text), '<p style="margin: 0">Hello</p>')

    def test_what_the_sanitizer_removes_altogether_is_left_to_it(self):
        self.assertIsNone(KnownHtml(lambda _text: "<p>x</p>").clean('<p><b class="x">Hello</b></p>'))

    def test_each_tag_is_sanitized_once_whatever_its_address(self):
        for number in range(50):
            text = (
                f'<div class="a"><a href="https://pay.example.com/my?id={number}&amp;x=1" class="b">Pay</a><br/></div>'
            )
            self.assertEqual(self.known.clean(text), text.replace("<br/>", "<br>"))
        self.assertEqual(remove_color.calls, 3)

    def test_words_of_customers_stay_text(self):
        text = "<p>O&#39;Neil &amp; &lt;script&gt;act()&lt;/script&gt; &#34;x&#34;</p>"
        self.assertEqual(self.known.clean(text), '<p>O\'Neil &amp; &lt;script&gt;act()&lt;/script&gt; "x"</p>')


class TestHasText(TestCase):
    def test_nothing_to_see_is_no_text(self):
        for text in ("", " ", "<p></p>", "<p>&nbsp;\n</p>", '<p title="x"> </p>', '<img src="/x">', "<!-- x -->"):
            with self.subTest(text=text):
                self.assertFalse(has_text(text))

    def test_words_are_text(self):
        for text in ("Subject", "<p>&nbsp;<b>x</b></p>", "<html><body>x</body></html>"):
            with self.subTest(text=text):
                self.assertTrue(has_text(text))
