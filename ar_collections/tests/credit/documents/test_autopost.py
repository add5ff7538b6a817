from unittest.mock import patch

from .common_documents import ArDocumentsCommon


class TestAutopost(ArDocumentsCommon):
    """Automatic posting tells once about what is held, posts the others, and what is free again."""

    def _automatic(self, amount, **values):
        return self._draft(amount, auto_post="at_date", **values)

    def _cron(self, batch_size=100):
        with (
            self._on(),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60),
            patch.object(self.env.cr, "rollback", side_effect=AssertionError("rolled back")),
        ):
            self.env["account.move"].with_user(self.env.ref("base.user_root"))._autopost_draft_entries(batch_size)

    def test_the_others_are_posted_and_it_is_told_once(self):
        held, other = self._automatic(1200), self._automatic(700)
        self._cron()
        self.assertEqual((held | other).mapped("state"), ["draft", "posted"])
        messages = len(held.message_ids)
        self.assertIn("On hold", held.message_ids[0].body)
        for _day in range(3):
            self._cron()
        self.assertEqual(len(held.message_ids), messages)

    def test_where_all_are_held_nothing_is_rolled_back(self):
        held = self._automatic(1200)
        self._cron()
        self.assertEqual((held.state, bool(held.ar_held_on)), ("draft", True))

    def test_held_ones_do_not_block_those_behind_them(self):
        held = self._automatic(1200) | self._automatic(1300)
        other = self._automatic(50, partner=self._partner(name="Other"))
        self._cron(batch_size=2)
        self._cron(batch_size=2)
        self.assertEqual((held | other).mapped("state"), ["draft", "draft", "posted"])

    def test_what_is_free_again_is_posted(self):
        held = self._automatic(1200)
        self._cron()
        self._limit(self.customer, 1200)
        self._cron()
        self.assertEqual((held.state, bool(held.ar_held_on)), ("posted", False))

    def test_a_released_one_is_posted(self):
        held = self._automatic(1200)
        self._cron()
        self._release(held)
        self._cron()
        self.assertEqual(held.state, "posted")
