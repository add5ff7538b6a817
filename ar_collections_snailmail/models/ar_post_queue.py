import datetime

import psycopg2

from odoo import api, fields, models, modules
from odoo.tools import html2plaintext

from odoo.addons.ar_collections.models.communications.delivery.begun import lock_again

from ..core import service

#: Letters that are looked for at a time.
BATCH = 20

#: How long to wait after the service could not be reached, or had no credits for us.
PAUSE = datetime.timedelta(hours=1)


class ArPostQueue(models.AbstractModel):
    """Gives the letters that wait to the postal service: each checked, claimed and committed, handed over once."""

    _name = "ar.post.queue"
    _description = "Delivery of Letters by Post"

    @api.model
    def _trigger_queue(self, moment=None):
        """Let the queue run now, or at a moment (UTC)."""
        # sudo: whoever releases a letter may start the queue.
        self.env.ref("ar_collections_snailmail.ir_cron_post_queue").sudo()._trigger(moment)

    @api.model
    def _cron_deliver(self):
        """Hand over what waits. A worker that dies leaves what it had claimed as unknown, and the rest waiting."""
        commit = not modules.module.current_test
        closed, last = set(), 0  # companies whose account stops them for this turn
        while found := self._search_due(last, closed):
            for letter in found:
                last = letter.id
                if letter.company_id.id not in closed and not self._deliver_safely(letter, commit):
                    closed.add(letter.company_id.id)
            if commit and not self.env["ir.cron"]._commit_progress(len(found)):
                self._trigger_queue()
                return

    @api.model
    def _search_due(self, last, closed):
        """Return the next letters for the service, of companies that are active.

        :param int last: the id up to which they were tried
        :param closed: ids of companies that are left out
        """
        domain = [
            ("id", ">", last),
            ("state", "=", "planned"),
            ("channel", "=", "letter"),
            ("notice", "=", False),
            ("post_obstacle", "=", False),
            ("customer_id.policy_id.letters_by", "=", "service"),
            ("company_id", "not in", list(closed)),
            ("company_id.ar_active", "=", True),
            "|", ("post_after", "=", False), ("post_after", "<=", fields.Datetime.now()),
        ]  # fmt: skip
        # sudo: the queue works for all companies, whoever starts it.
        return self.env["ar.communication"].sudo().search(domain, order="id", limit=BATCH)

    @api.model
    def _deliver_safely(self, letter, commit):
        """Deliver one letter, see `_deliver`; an error is stored on the account and does not stop the others."""
        try:
            return self._deliver(letter, commit)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this letter
        except Exception as error:
            if commit:
                self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            self.env["ar.problem"]._report(letter.customer_id, "letters", error)
            self._settle(commit)
            return True

    @api.model
    def _deliver(self, letter, commit):
        """Deliver one letter: lock, check, print, set `sending`, commit, call the service, store its answer, commit.

        :param bool commit: False only in tests, which roll back
        :return: whether the company's letters may go on
        """
        channel = self.env["ar.channel.letter"]
        if not self._lock(letter) or not letter._check_before_sending() or self._leave_to_print(channel, letter):
            self._settle(commit)
            return True
        stored, content = channel._print_for_post(letter)
        letter.attachment_ids = self.env["ar.outreach"]._attach(letter, self.env._("Letter"), stored)
        letter._set_state("sending", date_sent=letter.company_id._ar_today())
        self._settle(commit)  # a crash from here on leaves the state `sending`
        if not lock_again(self.env, lambda: self._lock(letter), commit):
            return True
        outcome, code, reason = channel._hand_over(letter, content)
        self._store(letter, outcome, code, html2plaintext(reason or "").strip())
        self._settle(commit)
        return outcome != service.LATER

    @api.model
    def _lock(self, letter):
        """Return the letter locked, empty where another transaction has it or it was printed meanwhile."""
        locked = letter.try_lock_for_update()
        return locked.filtered(lambda each: each.state in ("planned", "sending"))

    @api.model
    def _leave_to_print(self, channel, letter):
        """Return whether the letter is printed by us instead; the reason is stored on it.

        Its reader and its day are those of the moment, see `ar.channel.letter._renew`.
        """
        channel._renew(letter)
        if letter._is_without_text():
            return True  # its hint says so, until somebody writes one
        obstacle = letter._find_post_obstacle()
        if obstacle:
            letter.post_obstacle = obstacle
        return bool(obstacle)

    @api.model
    def _store(self, letter, outcome, code, reason):
        """Store the answer of the service on the letter, and what follows."""
        problems = self.env["ar.problem"]
        if outcome == service.SENT:
            letter._set_state("sent")
            letter._update_last_contact()
            problems._clear(letter.company_id, "post_account")
            problems._clear(letter.customer_id, "post_letter")
        elif outcome == service.UNKNOWN:
            letter._settle_unknown(reason)
        else:
            self._store_refusal(letter, outcome, code, reason)
        letter.customer_id._mark_changed()

    @api.model
    def _store_refusal(self, letter, outcome, code, reason):
        """Store that the service did not take a letter: it is tried again, or printed by us."""
        problems = self.env["ar.problem"]
        letter._set_state("planned")
        if outcome == service.LATER:
            moment = fields.Datetime.now() + PAUSE
            letter.post_after = moment
            self._trigger_queue(moment)
            text = self.env._("The postal service takes no letters or cannot be reached: %(reason)s", reason=reason)
            problems._report(letter.company_id, "post_account", text, company=letter.company_id)
            return
        letter.post_obstacle = reason
        text = self.env._("The postal service did not take “%(letter)s”: %(reason)s", letter=letter.display_title,
                          reason=reason or code)  # fmt: skip
        problems._report(letter.customer_id, "post_letter", text)

    @api.model
    def _settle(self, commit):
        """Flush, and commit if asked to, so that an error of the next letter does not undo what was stored."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit
