from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_identities import IdentitiesCommon

CORE_FLOW_LOG = "odoo.addons.ar_collections.models.customers.core_flow"


class MergeCommon(IdentitiesCommon):
    """Two contacts that both have an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two = cls._partner(name="Acme"), cls._partner(name="Acme Ltd")
        cls.old = cls._invoice(cls.one, 10, 100.0)
        cls.new = cls._invoice(cls.two, 10, 50.0)
        cls.first, cls.second = cls._customer(cls.one), cls._customer(cls.two)

    def _merge(self, *sources, into, user=None):
        """Merge contacts through Odoo's wizard."""
        partners = into.union(*sources)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.env.user)
        wizard = wizard.with_context(active_model="res.partner", active_ids=partners.ids).create(
            {"partner_ids": [Command.set(partners.ids)], "dst_partner_id": into.id}
        )
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard.action_merge()
        self.env.invalidate_all()

    def _user_without_role(self):
        groups = ("base.group_user", "base.group_partner_manager")
        return self.env["res.users"].create(
            {
                "name": "Contacts only",
                "login": "contacts-only",
                "group_ids": [Command.set([self.env.ref(group).id for group in groups])],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )


@tagged("post_install", "-at_install")
class TestMerge(MergeCommon):
    """Merging contacts merges their accounts: one keeps everything of the others."""

    def test_one_account_remains_with_all_communications(self):
        self._day()
        sent = self._communications(self.first | self.second)
        self.assertEqual(len(sent), 2)
        self._merge(self.two, into=self.one)
        self.assertFalse(self.two.exists())
        self.assertEqual(self._accounts(self.one), self.first)
        self.assertEqual(self._communications(self.first), sent)
        self.assertEqual(sent.partner_id, self.one)
        self.assertEqual((self.second.active, self.second.merged_into_id), (False, self.first))
        self.assertEqual(self.second.display_name, "Acme Ltd")
        self.assertTrue(self.second.merged_on)
        self.env.cr.precommit.run()  # accounts of contacts that changed are decided at the end of the transaction
        self.assertEqual(self.first.balance, 150.0)

    def test_steps_that_were_sent_to_either_count(self):
        self._day()
        self._merge(self.two, into=self.one)
        self.assertFalse(self._nights())
        self.assertEqual(self.first.balance, 150.0)
        self.assertEqual(len(self._accounts(self.one)), 1)

    def test_the_next_message_is_one_about_all(self):
        self._merge(self.two, into=self.one)
        self.assertEqual(len(self._day()), 1)
        items = self._communications(self.first).line_ids.move_line_id
        self.assertEqual(items, self._debt(self.old) + self._debt(self.new))

    def test_the_stricter_settings_hold_with_all_reasons(self):
        until = self.TODAY + timedelta(days=9)
        self.first.write({"excluded": True, "exclusion_reason": "In court"})
        with self._on():
            self.second.write({"pause_until": until, "pause_reason": "Talks"})
            self.first.write({"pause_until": until - timedelta(days=5), "pause_reason": "Holidays"})
        with self._on():
            self._merge(self.two, into=self.one)
        self.assertEqual((self.first.excluded, self.first.exclusion_reason), (True, "In court"))
        self.assertEqual(self.first.pause_until, until)
        self.assertEqual(self.first.pause_reason, "Acme: Holidays; Acme Ltd: Talks")
        self.assertFalse(self._nights())

    def test_an_excluded_account_excludes_the_one_that_remains(self):
        self.second.write({"excluded": True, "exclusion_reason": "In court"})
        self._merge(self.two, into=self.one)
        self.assertTrue(self.first.excluded)
        self.assertFalse(self._nights())

    def test_the_own_policy_comes_first(self):
        mild, strict = self._policy(name="Mild"), self._policy(name="Strict")
        self.second.policy_override_id = strict
        self._merge(self.two, into=self.one)
        self.assertEqual((self.first.policy_override_id, self.first.policy_id), (strict, strict))
        third = self._partner(name="Third")
        other = self._customer(third, policy_override_id=mild.id)
        self._merge(third, into=self.one)
        self.assertEqual(self.first.policy_override_id, strict)
        self.assertEqual(other.merged_into_id, self.first)

    def test_agreements_on_both_sides_hold(self):
        promise = self._promise(self.first, self._debt(self.old))
        plan = self._plan(self.second, self._debt(self.new))
        self._merge(self.two, into=self.one)
        self.assertEqual((promise.customer_id, plan.customer_id), (self.first, self.first))
        self.assertEqual(plan.partner_id, self.one)
        self.assertFalse(self._nights(3))
        items = {item.item_id: item for item in self.first._get_facts().items}
        self.assertTrue(all(item.exclusions for item in items.values()))

    def test_tasks_messages_followers_and_files_move(self):
        follower = self._partner(name="Follower")
        for account in (self.first, self.second):
            account.message_subscribe((follower | account.partner_id).ids)
        self.second.message_post(body="They called us.")
        self.second._add_task("ar_collections.mail_activity_type_request", "Call them")
        file = self.env["ir.attachment"].create(
            {"name": "order.txt", "raw": b"x", "res_model": "ar.customer", "res_id": self.second.id}
        )
        scheduled = self.env["mail.scheduled.message"].create(
            {"model": "ar.customer", "res_id": self.second.id, "body": "Later", "scheduled_date": "2030-01-01",
             "author_id": self.env.user.partner_id.id}
        )  # fmt: skip
        self.second.internal_note = "Pays in May"
        self._merge(self.two, into=self.one)
        self.assertIn("They called us.", "".join(self.first.message_ids.mapped("body")))
        self.assertFalse(self.second.message_ids | self.second.message_ids)
        self.assertEqual(len(self._tasks(self.first, "request")), 1)
        self.assertEqual(self.first.message_partner_ids & (follower | self.one), follower | self.one)
        self.assertEqual((file.res_id, scheduled.res_id), (self.first.id, self.first.id))
        self.assertEqual(self.first.internal_note, "Pays in May")

    def test_what_only_the_merged_contact_followed_is_followed_still(self):
        """Odoo deletes all followers of the merged contact where both contacts follow one of the records."""
        both, alone = (self._customer(self._partner(name=name)) for name in ("Both", "Alone"))
        both.message_subscribe((self.one | self.two).ids)
        alone.message_subscribe(self.two.ids)
        self._merge(self.two, into=self.one)
        self.assertIn(self.one, both.message_partner_ids)
        self.assertIn(self.one, alone.message_partner_ids)

    def test_a_contact_without_a_creation_date_is_merged(self):
        """As an import by SQL leaves it."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET create_date = NULL WHERE id = %s", [self.two.id])
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge((self.one | self.two).ids)
        self.env.invalidate_all()
        self._run()
        self.assertEqual((self.first | self.second).filtered("active").balance, 150.0)

    def test_a_merged_account_cannot_be_used_by_hand(self):
        self._merge(self.two, into=self.one)
        with self.assertRaisesRegex(UserError, "Acme Ltd"):
            self.second.active = True

    def test_a_merged_account_is_found_by_no_list(self):
        self._merge(self.two, into=self.one)
        names = self.env["ar.customer"].search([("company_id", "=", self.company.id)]).mapped("display_name")
        self.assertEqual((names.count("Acme"), names.count("Acme Ltd")), (1, 0))
        self.assertEqual(self.one.ar_customer_id, self.first)

    def test_three_contacts_are_merged_at_once(self):
        third = self._partner(name="Third")
        self._invoice(third, 10, 30.0)
        account = self._customer(third)
        self._day()
        self._merge(self.two, third, into=self.one)
        self.assertEqual((self.second | account).merged_into_id, self.first)
        self.assertEqual(len(self._communications(self.first)), 3)
        self.assertFalse(self._nights())
        self.assertEqual(self.first.balance, 180.0)

    def test_the_account_moves_where_the_remaining_contact_has_none(self):
        fresh = self._partner(name="Fresh")
        self._day()
        sent = self._communications(self.first | self.second)
        self._merge(self.one, self.two, into=fresh)
        account = self._accounts(fresh)
        self.assertEqual(account, self.first)
        self.assertEqual(self._communications(account), sent)
        self.assertEqual(account.display_name, "Fresh")
        self.assertFalse(self._nights())

    def test_accounts_of_two_companies_are_merged_in_each(self):
        other = self._create_company(name="Second Company")
        mine = self._customer(self.one, other)
        theirs = self._customer(self.two, other, excluded=True, exclusion_reason="Sister")
        self._merge(self.two, into=self.one)
        self.assertEqual((theirs.merged_into_id, self.second.merged_into_id), (mine, self.first))
        self.assertEqual((mine.excluded, self.first.excluded), (True, False))

    def test_an_archived_account_is_merged_too(self):
        self.first.active = False
        self._merge(self.two, into=self.one)
        self.assertEqual((self.first.active, self.second.merged_into_id), (True, self.first))

    def test_a_reminder_in_the_queue_of_the_other_account_is_replaced(self):
        self._run()
        waiting = self._communications(self.second)
        self.assertEqual(waiting.state, "planned")
        self._merge(self.two, into=self.one)
        self.assertEqual((waiting.state, waiting.customer_id), ("cancelled", self.first))
        self._deliver()
        self._nights()
        lines = self._communications(self.first).filtered(lambda c: c.state == "sent").line_ids
        self.assertEqual(lines.move_line_id, self._debt(self.old) + self._debt(self.new))
        self.assertEqual(len(lines), 2)

    def test_a_step_that_both_sent_for_an_item_is_no_obstacle(self):
        self._day()
        mine, theirs = self._communications(self.first), self._communications(self.second)
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX IF EXISTS ar_communication_line_step_once")
        self.env.cr.execute(
            "UPDATE ar_communication_line SET move_line_id = %s WHERE id = %s",
            [mine.line_ids.move_line_id.id, theirs.line_ids.id],
        )
        self.env.invalidate_all()
        self._merge(self.two, into=self.one)
        self.assertEqual(sum((mine | theirs).line_ids.mapped("uses_step")), 1)

    def test_payment_behavior_of_both_is_no_obstacle(self):
        rows = [{"company_id": self.company.id, "week": self.TODAY, "days": 3, "items": 4}]
        behaviors = self.env["ar.payment.behavior"].sudo()
        mine = behaviors.create([{**rows[0], "partner_id": self.one.id}])
        theirs = behaviors.create([{**rows[0], "items": 9, "partner_id": self.two.id}])
        self._merge(self.two, into=self.one)
        self.assertFalse(mine.exists())
        self.assertEqual(theirs.partner_id, self.one)

    def test_notifications_of_salespeople_are_kept_once(self):
        notes = self.env["ar.salesperson.note"].sudo()
        values = {"step_id": self.firm.id, "user_id": self.collector.id, "date": self.TODAY}
        notes.create([{**values, "customer_id": account.id} for account in (self.first, self.second)])
        self._merge(self.two, into=self.one)
        self.assertEqual(len(notes.search([("customer_id", "in", (self.first | self.second).ids)])), 1)

    def test_an_earlier_merge_is_followed_to_its_end(self):
        third = self._partner(name="Third")
        last = self._customer(third)
        self._merge(self.two, into=self.one)
        self._merge(self.one, into=third)
        self.assertEqual((self.first | self.second).merged_into_id, last)
        self.assertEqual(self.second._get_survivor(), last)

    def test_a_user_without_a_role_merges(self):
        self._day()
        self._merge(self.two, into=self.one, user=self._user_without_role())
        self.assertEqual(self.second.merged_into_id, self.first)
        self.assertEqual(len(self._communications(self.first)), 2)

    def test_contacts_without_accounts_are_merged_as_before(self):
        a, b = self._partner(name="A"), self._partner(name="B")
        self._merge(b, into=a)
        self.assertFalse(b.exists() | self._accounts(a).partner_id)

    def test_a_person_is_merged_into_a_contact_of_a_company(self):
        """The account is merged into the one of the company."""
        self.two.is_company = False
        ann = self._contact(self.one)
        self._merge(self.two, into=ann)
        self.assertEqual(self.second.merged_into_id, self.first)
        self._run()
        self.assertEqual(self.first.balance, 150.0)

    def test_contacts_of_a_person_follow_into_the_company(self):
        """Odoo stores the contact that remains as the commercial partner of the contacts of the other."""
        self.two.is_company = False
        item = self._entry(self._contact(self.two, "Cy"), 20.0)
        self._merge(self.two, into=self._contact(self.one))
        self._run()
        self.assertEqual(item.partner_id.commercial_partner_id, self.one)
        self.assertEqual(self.first.balance, 170.0)

    def test_a_company_is_merged_into_a_contact_of_another_company(self):
        """Odoo makes the contact a company; the account goes with it."""
        ann = self._contact(self.one)
        self._merge(self.two, into=ann)
        self._run()
        self.assertEqual((self._accounts(ann), self.second.balance), (self.second, 50.0))
        self.assertEqual((self.first.balance, self.first.active), (100.0, True))

    def test_the_automatic_merge_of_duplicates_works(self):
        self.two.write({"name": "Acme", "email": self.one.email})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"group_by_name": True})
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((self.one | self.two).ids)
        self.assertEqual(len(self._accounts((self.one | self.two).exists())), 1)

    def test_a_contact_with_the_merged_one_as_its_company_follows(self):
        ann = self._contact(self.two, "Ann")
        item = self._entry(ann, 20.0)
        self._merge(self.two, into=self.one)
        self._run()
        self.assertEqual((ann.commercial_partner_id, item.partner_id), (self.one, ann))
        self.assertEqual(self.first.balance, 170.0)


@tagged("post_install", "-at_install")
class TestMergeFails(MergeCommon):
    """Odoo merges contacts whatever of ours fails; the nightly run completes it."""

    def test_a_failed_merge_is_completed_by_the_next_night(self):
        self._day()
        self.second.write({"excluded": True, "exclusion_reason": "In court"})
        with (
            patch.object(type(self.first), "_take_over_records", side_effect=ValueError("broken")),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            self._merge(self.two, into=self.one)
        self.assertEqual((self.second.merged_into_id, self.second.merged_on), (self.first, False))
        self.assertEqual(len(self._communications(self.second)), 1)
        self.assertFalse(self._nights())
        self.assertEqual(len(self._communications(self.first)), 2)
        self.assertTrue(self.second.merged_on and self.first.excluded)

    def test_it_is_completed_where_the_remaining_contact_had_no_account(self):
        fresh = self._partner(name="Fresh")
        with (
            patch.object(type(self.first), "_absorb", side_effect=ValueError("broken")),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            self._merge(self.one, self.two, into=fresh)
        self.assertEqual((self.first.partner_id, self.second.merged_into_id), (fresh, self.first))
        self._nights(1)
        self.assertTrue(self.second.merged_on)
