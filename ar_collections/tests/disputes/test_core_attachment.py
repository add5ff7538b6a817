"""Uploaded files at their limits, and content that is not what its name says."""

from unittest import TestCase

from odoo.addons.ar_collections.core.disputes.attachment import (
    FILE_KIND,
    FILE_TOO_LARGE,
    FILES_TOO_LARGE,
    TOO_MANY_FILES,
    File,
    check_kind,
    check_sizes,
    safe_name,
)
from odoo.addons.ar_collections.core.portal.allocation import RequestRefused

MEGABYTE = 2**20


def refusal(check, *values):
    try:
        check(*values)
    except RequestRefused as refused:
        return refused.code
    return None


class TestSizes(TestCase):
    def test_five_files_of_ten_megabytes_and_25_together(self):
        table = [
            ([1] * 5, None),
            ([1] * 6, TOO_MANY_FILES),
            ([10 * MEGABYTE, 10 * MEGABYTE, 5 * MEGABYTE], None),
            ([10 * MEGABYTE, 10 * MEGABYTE, 5 * MEGABYTE + 1], FILES_TOO_LARGE),
            ([10 * MEGABYTE + 1], FILE_TOO_LARGE),
        ]
        for sizes, code in table:
            with self.subTest(sizes=sizes):
                self.assertEqual(refusal(check_sizes, sizes), code)


class TestNames(TestCase):
    def test_a_long_name_is_cut_before_its_extension(self):
        self.assertEqual(safe_name(f"{'a' * 116}.pdf"), f"{'a' * 116}.pdf")
        self.assertEqual(safe_name(f"Note {'x' * 500}.pdf"), f"Note {'x' * 111}.pdf")
        self.assertEqual(safe_name(f"Note {'x' * 500}"), f"Note {'x' * 115}")
        self.assertEqual(len(safe_name(f"note.{'x' * 500}")), 120)

    def test_spaces_around_it_are_left_out(self):
        self.assertEqual(safe_name("  delivery note.pdf "), "delivery note.pdf")


class TestKinds(TestCase):
    def kind(self, name, content, guessed="application/octet-stream"):
        return refusal(check_kind, File(name, content), guessed)

    def test_photos_of_telephones(self):
        self.assertIsNone(self.kind("a.heif", b"\x00\x00\x00\x18ftypmif1\x00"))
        self.assertEqual(self.kind("a.heic", b"\x00\x00\x00\x18ftypisom\x00"), FILE_KIND)  # a film
        self.assertEqual(self.kind("a.heic", b"\x00\x00\x00\x18moovheic\x00"), FILE_KIND)
        self.assertEqual(self.kind("a.png", b"\x00\x00\x00\x18ftypheic\x00", "image/png"), FILE_KIND)

    def test_text_of_people_and_of_machines(self):
        for content in (b"a\tb\r\nc\n\x0c", b"", b"Order #! 5", b"  text"):
            with self.subTest(content=content[:20]):
                self.assertIsNone(self.kind("a.txt", content))
        runs = (b"#!/bin/sh", b"\xef\xbb\xbf#!/bin/sh", b"\n #!/bin/sh", b"<?PHP", b"hello <svg onload=x>",
                b"x" * 1992 + b"<script>")  # fmt: skip
        for content in (*runs, b"a\x0bb", b"a\x08b", b"a\x0eb", b"a\x1bb"):
            with self.subTest(content=content[:20]):
                self.assertEqual(self.kind("a.txt", content), FILE_KIND)

    def test_a_name_without_an_extension_names_no_kind(self):
        self.assertEqual(self.kind("pdf", b"%PDF-1.4", "application/pdf"), FILE_KIND)
        self.assertEqual(self.kind("a.", b"%PDF-1.4", "application/pdf"), FILE_KIND)
        self.assertIsNone(self.kind("a.b.Csv", b"1;2", "text/csv"))
