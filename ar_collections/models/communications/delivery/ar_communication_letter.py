import datetime
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ....notification import RELOAD, notification

_logger = logging.getLogger(__name__)


class ArCommunicationLetter(models.Model):
    """Letters: printed together in one run, see `ar.channel.letter._deliver`."""

    _inherit = "ar.communication"

    letter_hint = fields.Char(
        "Before Printing", compute="_compute_letter_hint", help="What is missing before the letter can be printed."
    )

    @api.depends("state", "channel", "step_id")
    @api.depends_context("lang")
    def _compute_letter_hint(self):
        """Compute what a letter that waits still lacks; the addresses of all customers are read together."""
        waiting = self.filtered(lambda c: c.state == "planned" and c._get_channel()._is_printable)
        self.env.flush_all()  # addresses are read with plain SQL
        rows = self.env["ar.facts"]._read_recipients(waiting.customer_id) if waiting else {}
        for letter in self:
            hint = False
            if letter in waiting:
                if not letter._get_channel()._reaches_any(rows[letter.customer_id.id]):
                    hint = self.env._("No postal address")
                elif letter._is_without_text():
                    hint = self.env._("No text")
            letter.letter_hint = hint

    def _is_without_text(self):
        """Return whether the letter would list items without a sentence."""
        self.ensure_one()
        return is_html_empty(self.step_id.with_context(lang=self.lang).letter_text)

    def action_print(self):
        """Print the letters in one run; each is checked again, and the printed ones are set to sent.

        A letter that the check replaced by a new one is printed in its new version.

        :return: the action that downloads the PDF
        :raise UserError: when no letter is left to print
        """
        self._require("collector")
        # Users have no write access to the log; the role was checked.
        letters = self.sudo().filtered(lambda c: c._get_channel()._is_printable and c.state == "planned")
        letters._check_letter_texts()
        printed = letters._check_before_sending_one_by_one()
        printed |= letters.filtered(lambda letter: letter.cancel_reason == "outdated")._get_replacements()
        if not printed and (reason := letters._find_why_unprinted()):
            # an action and no exception, so that the cancellations made by the check are kept
            return notification(reason, "warning", RELOAD, sticky=True)
        if not printed:
            raise UserError(
                self.env._(
                    "No letter can be printed now: the letters were printed, paid or canceled in the meantime, or "
                    "are waiting for a day on which the customer may be contacted."
                )
            )
        run = self.env["ar.channel.letter"]._deliver(printed)
        self.env["ar.problem"]._clear(printed.customer_id, "letters")
        printed.customer_id._mark_changed()
        return {
            "type": "ir.actions.client",
            "tag": "ar_download",
            "params": {
                "url": f"/web/content/{run.id}?download=true",
                "message": (letters - printed)._get_unprinted_text(printed.customer_id),
            },
        }

    def _renew_day(self):
        """Date reminders that waited since another day today: deadline and days late count from today.

        What a person wrote may name the deadline, so an edited letter keeps its day, see `_is_day_kept`.
        """
        for letter in self.filtered("step_id"):
            today = letter.company_id._ar_today()
            if letter.date < today and not letter._is_day_kept():
                days = (today - letter.date).days
                for line in letter.line_ids:
                    line.days_late += days
                letter.write({"date": today, "deadline": letter._get_renewed_deadline(today)})

    def _is_day_kept(self):
        """Return whether the letter keeps its day and deadline although it leaves later.

        Extension point: an override keeps those of letters with a text of their own.
        """
        return False

    def _get_renewed_deadline(self, today):
        """Return the date by which the customer is asked to pay by a letter that leaves today.

        As in `ar.outreach._get_deadline`. Extension point: an override counts in its own way.
        """
        due = min(self.line_ids.filtered(lambda line: line.kind == "item").mapped("date_due"), default=today)
        return due if due > today else self._get_workday(today + datetime.timedelta(days=self.step_id.deadline_days))

    def _get_workday(self, day):
        """Return this day or the next one with working time by the customer's policy."""
        policy = self.customer_id.policy_id
        return policy._get_work_calendar(day).next_workday(day) if policy else day

    def _get_unprinted_text(self, done):
        """Return which of these letters were not printed and why, as text; empty where nothing is missing.

        :param done: the customers of the letters that were printed, which may replace some of these
        """
        missing = self.filtered(lambda letter: letter.customer_id not in done)
        unreached = missing.filtered(lambda letter: letter.cancel_reason == "no_address")
        texts = []
        if unreached:
            names = ", ".join(unreached.mapped("customer_id.display_name"))
            texts.append(self.env._("Not printed, no postal address: %(customers)s.", customers=names))
        waiting = (missing - unreached).filtered(lambda letter: letter.state == "planned")
        if waiting:
            names = ", ".join(waiting.mapped("customer_id.display_name"))
            texts.append(
                self.env._(
                    "Not printed, waiting for a day on which the customer may be contacted: %(customers)s.",
                    customers=names,
                )
            )
        if missing - unreached - waiting:
            names = ", ".join((missing - unreached - waiting).mapped("customer_id.display_name"))
            texts.append(self.env._("Not printed, changed or paid in the meantime: %(customers)s.", customers=names))
        return "\n".join(texts)

    def _check_letter_texts(self):
        """Check that each letter has a text, as the dialog does in which it is edited.

        :raise UserError: with the steps whose letters have none
        """
        empty = self.filtered(lambda letter: letter._is_without_text())
        if empty:
            raise UserError(
                self.env._(
                    "The letters of these steps have no text: %(steps)s. Enter it on the step, or edit the letters.",
                    steps=", ".join(empty.step_id.mapped("name")),
                )
            )

    def _check_before_sending_one_by_one(self):
        """Check the letters together, or customer by customer when that fails, so that one error stops no other letter.

        The error of a customer is stored on its account.

        :return: the letters that may be printed now, see :meth:`_check_before_sending`
        """
        try:
            with self.env.cr.savepoint():
                return self._check_before_sending()
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not a single letter
        except Exception:  # no error of one customer may stop the others
            _logger.info("A print run of %s letters failed; checking them one by one.", len(self), exc_info=True)
            self.env.invalidate_all(flush=False)
        passed = self.browse()
        for customer, letters in self.grouped("customer_id").items():
            try:
                with self.env.cr.savepoint():
                    passed |= letters._check_before_sending()
            except psycopg2.OperationalError:
                raise
            except Exception as error:
                self.env.invalidate_all(flush=False)
                self.env["ar.problem"]._report(customer, "letters", error)
        return passed

    def _find_why_unprinted(self):
        """Return why the check before sending let no letter be printed, as text; None where it changed nothing."""
        problems = self.env["ar.problem"].sudo()  # as the letters themselves
        failed = problems._search_open(self.customer_id, "letters").customer_id
        if failed:
            return self.env._(
                "No letter was printed because of errors for %(customers)s: open the customer account for details.",
                customers=", ".join(failed.mapped("display_name")),
            )
        if unreached := self.filtered(lambda letter: letter.cancel_reason == "no_address").customer_id:
            return self.env._(
                "No letter was printed: no postal address of %(customers)s.",
                customers=", ".join(unreached.mapped("display_name")),
            )
        if self.filtered(lambda letter: letter.state != "planned"):
            return self.env._(
                "No letter was printed: their items changed or were paid in the meantime. Edited letters were "
                "returned to their editors for review."
            )
        return None

    def _get_replacements(self):
        """Return the planned messages that the check before sending prepared today to replace these."""
        return self.search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("channel", "in", self.mapped("channel")),
                ("state", "=", "planned"),
                ("date", "in", [company._ar_today() for company in self.company_id]),
                ("id", "not in", self.ids),
            ]
        )
