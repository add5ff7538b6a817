"""What may be disputed, how a dispute ends, which amount of an item it excludes; and which files are accepted."""

from datetime import date
from decimal import Decimal
from functools import partial
from unittest import TestCase

from odoo.addons.ar_collections.core.disputes import attachment, dispute
from odoo.addons.ar_collections.core.disputes.attachment import File
from odoo.addons.ar_collections.core.disputes.dispute import Disputable, DisputedPart, excluded_parts
from odoo.addons.ar_collections.core.portal.allocation import RequestRefused
from odoo.addons.ar_collections.core.workdays import WorkCalendar

FRIDAY = date(2026, 6, 12)

A = Disputable(1, "EUR", Decimal("300.00"))

B = Disputable(2, "EUR", Decimal("100.00"), disputed=Decimal("60.00"))

GONE = Disputable(3, "EUR", Decimal("100.00"), disputed=Decimal("100.00"))

PAID = Disputable(4, "EUR", Decimal(0))

FOREIGN = Disputable(5, "USD", Decimal("50.00"))

ALL = (A, B, GONE, PAID, FOREIGN)


class TestCheck(TestCase):
    def _refused(self, code, requested):
        with self.assertRaises(RequestRefused) as caught:
            dispute.check(ALL, requested)
        self.assertEqual(caught.exception.code, code)

    def test_all_that_is_open_or_a_part(self):
        self.assertEqual(dispute.check(ALL, {1: None, 2: None}), {1: 300, 2: 40})
        self.assertEqual(dispute.check(ALL, {1: Decimal("0.01"), 2: Decimal("40.00")}), {1: Decimal("0.01"), 2: 40})

    def test_amounts_that_make_no_sense(self):
        for amount in ("0", "-1", "NaN", "Infinity", "-Infinity", "sNaN"):
            with self.subTest(amount=amount):
                self._refused("bad_amount", {1: Decimal(amount)})

    def test_more_than_open_and_not_disputed(self):
        self._refused("too_much", {1: Decimal("300.01")})
        self._refused("too_much", {2: Decimal("40.01")})

    def test_what_cannot_be_disputed(self):
        self._refused("nothing_selected", {})
        self._refused("unknown_item", {9: None})
        self._refused("unknown_item", {1: None, 9: None})
        self._refused("paid_item", {4: None})
        self._refused("already_disputed", {3: Decimal(1)})
        self._refused("mixed_currencies", {1: None, 5: None})

    def test_the_item_that_stands_in_the_way_is_named(self):
        with self.assertRaises(RequestRefused) as caught:
            dispute.check(ALL, {1: None, 2: Decimal(50)})
        self.assertEqual(caught.exception.item_id, 2)


class TestDeadline(TestCase):
    def test_working_days_after_the_day_it_was_raised(self):
        table = [  # raised, days, deadline
            (date(2026, 6, 8), 1, date(2026, 6, 9)),
            (date(2026, 6, 8), 5, date(2026, 6, 15)),
            (FRIDAY, 1, date(2026, 6, 15)),
            (date(2026, 6, 13), 1, date(2026, 6, 15)),
            (date(2026, 6, 14), 2, date(2026, 6, 16)),
            (FRIDAY, 0, FRIDAY),
            (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap year
            (date(2026, 12, 31), 1, date(2027, 1, 1)),
        ]
        for raised, days, expected in table:
            with self.subTest(raised=raised, days=days):
                self.assertEqual(dispute.deadline(raised, days, WorkCalendar()), expected)

    def test_holidays_do_not_count(self):
        calendar = WorkCalendar(holidays=frozenset({date(2026, 6, 15), date(2026, 6, 16)}))
        self.assertEqual(dispute.deadline(FRIDAY, 2, calendar), date(2026, 6, 18))


class TestOutcome(TestCase):
    def test_by_what_was_granted(self):
        table = [
            ([(100, 100)], "accepted"),
            ([(100, 0)], "rejected"),
            ([(100, 1)], "partly"),
            ([(100, 100), (50, 0)], "partly"),
            ([(100, 100), (50, 50)], "accepted"),
            ([(100, 0), (50, 0)], "rejected"),
        ]
        for parts, expected in table:
            with self.subTest(parts=parts):
                self.assertEqual(dispute.outcome([(Decimal(a), Decimal(b)) for a, b in parts]), expected)

    def test_not_less_than_nothing_and_not_more_than_disputed(self):
        for amount, code in (("-0.01", "bad_amount"), ("NaN", "bad_amount"), ("100.01", "too_much")):
            with self.subTest(amount=amount), self.assertRaises(RequestRefused) as caught:
                dispute.accept(Decimal(100), Decimal(amount))
            self.assertEqual(caught.exception.code, code)


class TestExcludedParts(TestCase):
    GRACE = date(2026, 6, 19)

    def _excluded(self, state, amount, residual, accepted=0, credited=0, grace=None, today=FRIDAY):
        part = DisputedPart(state, Decimal(amount), Decimal(accepted), Decimal(credited), grace)
        return [(int(excluded), until) for excluded, until in excluded_parts(part, Decimal(residual), today)]

    def test_while_nobody_has_answered(self):
        for state in ("new", "review"):
            self.assertEqual(self._excluded(state, 40, 100), [(40, None)])
            self.assertEqual(self._excluded(state, 40, 30), [(30, None)])  # the customer paid all but 30
            self.assertEqual(self._excluded(state, 40, 0), [])

    def test_granted_is_excluded_until_the_ledger_shows_it(self):
        self.assertEqual(self._excluded("accepted", 40, 100, accepted=40), [(40, None)])
        self.assertEqual(self._excluded("accepted", 40, 85, accepted=40, credited=15), [(25, None)])
        self.assertEqual(self._excluded("accepted", 40, 60, accepted=40, credited=40), [])
        self.assertEqual(self._excluded("accepted", 40, 40, accepted=40), [(40, None)])  # the rest was paid in money
        self.assertEqual(self._excluded("accepted", 40, 100, accepted=40, credited=-10), [(40, None)])  # one undone

    def test_not_granted_is_excluded_for_the_grace(self):
        self.assertEqual(self._excluded("rejected", 40, 100, grace=self.GRACE), [(40, self.GRACE)])
        self.assertEqual(
            self._excluded("rejected", 40, 100, grace=self.GRACE, today=date(2026, 6, 18)), [(40, self.GRACE)]
        )
        self.assertEqual(self._excluded("rejected", 40, 100, grace=self.GRACE, today=self.GRACE), [])
        self.assertEqual(self._excluded("rejected", 40, 100, grace=FRIDAY), [])  # no grace at all

    def test_partly_granted_is_both(self):
        both = [(30, None), (10, self.GRACE)]
        self.assertEqual(self._excluded("partly", 40, 100, accepted=30, grace=self.GRACE), both)
        self.assertEqual(self._excluded("partly", 40, 35, accepted=30, grace=self.GRACE), [(30, None), (5, self.GRACE)])
        self.assertEqual(
            self._excluded("partly", 40, 100, accepted=30, grace=self.GRACE, today=self.GRACE), [(30, None)]
        )

    def test_withdrawn_is_not_excluded(self):
        self.assertEqual(self._excluded("withdrawn", 40, 100), [])

    def test_never_more_than_is_open(self):
        for residual in range(0, 120, 7):
            excluded = self._excluded("partly", 100, residual, accepted=60, grace=self.GRACE)
            self.assertLessEqual(sum(amount for amount, _until in excluded), residual)


class TestFiles(TestCase):
    def _refused(self, code, work):
        with self.assertRaises(RequestRefused) as caught:
            work()
        self.assertEqual(caught.exception.code, code)

    def test_number_and_sizes(self):
        attachment.check_sizes([])
        attachment.check_sizes([attachment.FILE_BYTES_MAX, 1, 1, 1, 1])
        self._refused("too_many_files", lambda: attachment.check_sizes([1] * 6))
        self._refused("file_too_large", lambda: attachment.check_sizes([attachment.FILE_BYTES_MAX + 1]))
        self._refused("files_too_large", lambda: attachment.check_sizes([attachment.FILE_BYTES_MAX] * 3))
        self._refused("file_empty", lambda: attachment.check_sizes([1, 0]))

    def test_kinds_that_are_taken(self):
        table = [
            ("a.pdf", b"%PDF-1.4", "application/pdf"),
            ("A.PDF", b"%PDF-1.4", "application/pdf"),
            ("a.b.png", b"\x89PNG", "image/png"),
            ("a.jpeg", b"\xff\xd8\xff", "image/jpeg"),
            ("a.heic", b"\x00\x00\x00\x18ftypheic\x00", "application/octet-stream"),
            ("a.txt", b"We got nine, not ten.", "text/plain"),
            ("a.txt", "\ufeffNeun statt zehn Stück".encode(), "text/plain"),
            ("a.csv", "Menge;Stück".encode("latin-1"), "application/octet-stream"),  # detected as UTF-8 only
            ("a.docx", b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("a.ods", b"PK", "application/vnd.oasis.opendocument.spreadsheet"),
            ("a.xls", b"\xd0\xcf", "application/vnd.ms-excel"),
        ]
        for name, content, guessed in table:
            with self.subTest(name=name):
                attachment.check_kind(File(name, content), guessed)

    def test_kinds_that_are_refused(self):
        table = [
            ("setup.exe", b"MZ", "application/x-dosexec"),
            ("invoice.pdf.exe", b"MZ", "application/x-dosexec"),
            ("invoice.pdf", b"MZ\x90\x00", "application/x-dosexec"),
            ("invoice.pdf", b"MZ\x90\x00", "application/octet-stream"),
            ("invoice.pdf", b"<html><script>", "text/html"),
            ("page.html", b"<html>", "text/html"),
            ("drawing.svg", b"<svg onload='x'/>", "image/svg+xml"),
            ("drawing.png", b"<svg onload='x'/>", "image/svg+xml"),
            ("run.sh", b"#!/bin/sh", "text/x-shellscript"),
            ("run.txt", b"#!/bin/sh\nrm", "text/plain"),
            ("page.txt", b"Hello <SCRIPT>alert(1)</SCRIPT>", "text/plain"),
            ("data.csv", b"a\x00b", "application/octet-stream"),
            ("macro.docm", b"PK", "application/vnd.ms-word.document.macroEnabled.12"),
            ("archive.zip", b"PK", "application/zip"),
            ("letter.docx", b"PK", "application/zip"),
            ("letter.docx", b"PK", "application/java-archive"),
            ("nothing", b"%PDF-1.4", "application/pdf"),
            (".pdf", b"MZ", "application/x-dosexec"),
            ("", b"%PDF", "application/pdf"),
        ]
        for name, content, guessed in table:
            with self.subTest(name=name, guessed=guessed):
                file = File(name, content)
                self._refused("file_kind", partial(attachment.check_kind, file, guessed))

    def test_names_are_made_safe(self):
        self.assertEqual(attachment.safe_name("/etc/../note.pdf"), "note.pdf")
        self.assertEqual(attachment.safe_name("a\r\nb\u202e.pdf"), "ab.pdf")
        long_name = attachment.safe_name(f"{'x' * 500}.pdf")
        self.assertTrue(long_name.endswith("x.pdf"))
        self.assertLessEqual(len(long_name), attachment.NAME_LENGTH_MAX)
        self.assertLessEqual(len(attachment.safe_name("x" * 500)), attachment.NAME_LENGTH_MAX)


class TestShareCredits(TestCase):
    """How the credit notes of an item are divided among its disputes."""

    def test_hundreds_of_disputes_of_one_item(self):
        """Each dispute was raised after the credit note for the one before; the cost must not grow with each prefix."""
        granted = [(Decimal(1), Decimal(number)) for number in range(300)]
        self.assertEqual(dispute.share_credits(granted, Decimal(300)), [1] * 300)
        self.assertEqual(sum(dispute.share_credits(granted, Decimal(150))), 150)

    def test_a_credit_note_from_before_a_dispute_does_not_count_for_it(self):
        granted = [(Decimal(30), Decimal(0)), (Decimal(40), Decimal(30))]
        self.assertEqual(dispute.share_credits(granted, Decimal(30)), [30, 0])
        self.assertEqual(dispute.share_credits(granted, Decimal(55)), [30, 25])
