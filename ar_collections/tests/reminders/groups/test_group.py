"""Messages of a group: what the payer gets, where it is shown, and what changes between planning and sending."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError

from ....models.communications import ar_communication_group
from .common_group import GroupCommon


class TestGroup(GroupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._join(cls.north, cls.south)
        cls.north_invoice = cls._invoice(cls.north.partner_id, 12, 100)
        cls.south_invoice = cls._invoice(cls.south.partner_id, 4, 50)
        cls.tomorrow = cls.TODAY + timedelta(days=1)

    # === THE MESSAGE === #

    def test_the_message_and_where_it_is_shown(self):
        (mail,) = self._day()
        self.assertEqual(self._readers([mail]), ["payer"])
        sections = [part.partition("<")[0] for part in mail["body"].split('scope="rowgroup"')[1:]]
        self.assertEqual(len(sections), 2)
        for text in ("North Inc.", "South Inc.", self.north_invoice.name, "$\xa0100.00", "$\xa050.00", "$\xa0150.00"):
            self.assertIn(text, mail["body"])
        communication = self._communications(self.payer)
        self.assertEqual((communication.customer_id, communication.state), (self.payer, "sent"))
        self.assertEqual(dict(zip(communication.line_ids.move_id, communication.line_ids.member_id, strict=True)),
                         {self.north_invoice: self.north, self.south_invoice: self.south})  # fmt: skip
        text = communication._get_plain_text()
        self.assertIn("North Inc.: $\xa0100.00", text)
        self.assertFalse(self._communications(self.north | self.south))
        self.assertEqual(self.north_invoice.with_user(self.collector).ar_communication_ids, communication)
        north = self.north.with_user(self.collector)
        (entry,) = self.env["ar.timeline.entry"].with_user(self.collector).search([("customer_id", "=", north.id),
                                                                                  ("kind", "=", "email")])  # fmt: skip
        self.assertEqual((entry.communication_id, entry.date), (communication, self.TODAY))
        self.assertIn("Payer Inc.", entry.title)
        self.assertEqual(north.communication_count, 1)
        action = north.action_open_communications()
        self.assertEqual(self.env["ar.communication"].search(action["domain"]), communication)
        with self._on():
            self.assertEqual(north.list_status, "Reminded through its payer on 06/16/2026")

    def test_a_long_list_is_cut_off_and_adds_up(self):
        self._invoices([self.north.partner_id] * 3, 5, 10)
        with patch.object(ar_communication_group, "GROUP_ROWS", 2):
            (mail,) = self._day()
        self.assertIn("and 3 more", " ".join(mail["body"].replace("<t>", "").split()))
        self.assertIn("$\xa0180.00", mail["body"])
        self.assertEqual(len(self._communications(self.payer).line_ids), 5)  # all of them are on the record

    def test_the_payers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.payer.partner_id.lang = "fr_FR"
        self._day()
        self.assertEqual(self._communications(self.payer).lang, "fr_FR")

    def test_currencies_are_apart(self):
        other = self.env.ref("base.EUR")
        other.active = True
        self._invoice(self.south.partner_id, 4, 70, currency_id=other.id)
        (mail,) = self._day()
        self.assertEqual(mail["body"].count("o_ar_items"), 2)

    # === WHAT HOLDS === #

    def test_a_pause_of_a_member_holds_its_items_and_one_of_the_payer_all(self):
        self.north.write({"pause_until": self.tomorrow, "pause_reason": "Asked"})
        self._run()
        self.assertEqual(list(self._listed(self.payer)), [self.south_invoice.name])
        self.assertCode(self.north, "paused")
        self.payer.write({"pause_until": self.tomorrow, "pause_reason": "Asked"})
        self.assertEqual(self._deliver(), [])
        self._run()
        self.assertEqual(self._communications(self.payer).mapped("state"), ["cancelled"])
        self.assertCode(self.payer, "paused")

    def test_a_credit_counts_within_its_account(self):
        self._invoice(self.north.partner_id, 1, 500, move_type="out_refund")
        self._run()
        self.assertEqual(self._communications(self.payer).amount_total, 50)
        self.assertCode(self.north, "covered_by_credit")

    def test_money_of_the_payer_holds_the_message_until_it_is_matched(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.payer.partner_id.id, "amount": 100, "payment_type": "inbound", "date": self.TODAY}
        )
        with self._on():
            payment.action_post()
        self.env.flush_all()
        # The clock of the database, which stores when it was booked, is not frozen.
        query = "UPDATE account_move_line SET create_date = %s WHERE move_id = %s"
        self.env.cr.execute(query, (f"{self.TODAY} 12:00:00", payment.move_id.id))
        self.env.invalidate_all()
        self.assertEqual(self._day(), [])
        self.assertCode(self.payer, "unmatched_payment")
        self.assertTrue(self._tasks(self.payer, "match"))
        (mail,) = self._day(self.TODAY + timedelta(days=5))  # held for three days, then named
        self.assertIn("We have received the following", mail["body"])

    def test_a_group_of_which_a_member_is_locked_waits(self):
        accounts = type(self.payer)
        lock = accounts.try_lock_for_update
        with patch.object(accounts, "try_lock_for_update", lambda records: lock(records - self.south)), self._on():
            counts = self.payer.sudo()._run_locked(self.TODAY)
        self.assertEqual((counts["locked", ""], counts["customers", ""]), (1, 0))
        self.assertFalse(self._communications(self.payer))

    def test_no_notice_before_the_due_date_to_a_member(self):
        self._pay(self.north_invoice)
        self._pay(self.south_invoice)
        invoice = self._invoice(self.south.partner_id, -5, 80)
        self.assertEqual(self._readers(self._day()), ["payer"])
        self.assertEqual(self._listed(self.payer), {invoice.name: -5})

    # === BETWEEN PLANNING AND SENDING === #

    def test_who_left_meanwhile_leaves_the_message(self):
        self._run()
        self.north.payer_id = False
        (mail,) = self._deliver()
        self.assertEqual(self._readers([mail]), ["payer"])
        self.assertNotIn("North Inc.", mail["body"])
        self.assertEqual(self._readers(self._day(self.tomorrow)), ["north"])  # its step is not lost
        self.assertEqual(self._find_repeated(), [])

    def test_another_payer_meanwhile(self):
        other = self._customer(self._partner(name="Other", email="other@customer.example.com"))
        self._run()
        self._join(self.north, self.south, payer=other)
        self.env["ar.customer"].sudo()._run_day(self.TODAY, companies=self.company)
        self._run()
        self.assertEqual(self._readers(self._deliver()), ["other"])
        self.assertEqual(self._states(self.payer), [(3, "cancelled")])

    def test_a_member_that_joins_meanwhile_gets_no_message_of_its_own(self):
        self.north.payer_id = False
        self._run()
        self.assertEqual(self._states(self.north), [(3, "planned")])
        self._join(self.north)
        self.assertEqual(self._communications(self.north).cancel_reason, "payer_reminded")
        mails = self._deliver()
        self.assertEqual(self._readers(mails), ["payer"])
        self.assertIn("North Inc.", mails[0]["body"])

    def test_paid_and_disputed_meanwhile(self):
        self._run()
        self._pay(self.north_invoice)
        (mail,) = self._deliver()
        self.assertNotIn(self.north_invoice.name, mail["body"])
        self.assertIn(self.south_invoice.name, mail["body"])

    def test_all_paid_meanwhile(self):
        self._run()
        self._pay(self.north_invoice)
        self._pay(self.south_invoice)
        self.assertEqual(self._deliver(), [])
        self.assertEqual(self._communications(self.payer).state, "cancelled")

    def test_an_archived_payer_pays_for_nobody(self):
        self._run()
        self.payer.sudo().active = False
        self.assertEqual(self._deliver(), [])
        self.assertEqual(sorted(self._readers(self._day(self.tomorrow))), ["north", "south"])

    # === BY A PERSON === #

    def test_a_reminder_from_a_member_goes_to_the_payer(self):
        with self._on():
            action = self.north.with_user(self.collector).action_remind_now()
            dialog = self.env["ar.remind"].with_user(self.collector).browse(action["res_id"])
            self.assertIn("Payer Inc. pays for North Inc.", dialog.payer_text)
            self.assertIn("payer@customer.example.com", dialog.recipients)
            self.assertEqual(dialog.line_ids.move_line_id.move_id, self.north_invoice)
            dialog.action_send()
        self.assertEqual(self._readers(self._deliver()), ["payer"])
        self.assertEqual(self._listed(self.payer), {self.north_invoice.name: 3})
        with self._on(), self.assertRaisesRegex(UserError, "from the account of Payer"):
            self.env["ar.message.edit"].with_user(self.collector)._open_for(self.north)

    def test_the_dialog_of_the_payer_lists_the_group_and_repeats_its_reminder(self):
        self._day()
        with self._on(self.tomorrow):
            action = self.payer.with_user(self.collector).action_remind_now()
            dialog = self.env["ar.remind"].with_user(self.collector).browse(action["res_id"])
            self.assertEqual(dialog.line_ids.move_line_id.move_id, self.north_invoice | self.south_invoice)
            self.assertTrue(dialog.has_group and dialog.last_id)
            message = self.env["ar.message.new"].with_user(self.collector).browse(dialog.action_repeat()["res_id"])
            message.action_send()
        (mail,) = self._deliver(self.tomorrow)
        self.assertEqual(self._readers([mail]), ["payer"])
        self.assertIn("North Inc.", mail["body"])
        self.assertEqual(self._communications(self.payer)[-1:].line_ids.member_id, self.north | self.south)

    def test_the_preview_says_who_is_written_to(self):
        with self._on():
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview.action_preview()
        rows = {line.customer_id: (line.has_message, line.code, line.amount) for line in preview.line_ids}
        self.assertEqual(rows[self.payer], (True, "step_reached", 150))
        self.assertEqual(rows[self.north], (False, "payer_reminded", 0))

    # === IDENTITIES AND SPEED === #

    def test_a_merged_member_keeps_its_steps(self):
        self._day()
        twin = self._customer(self._partner(name="Twin", email="twin@customer.example.com"))
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.north | twin).partner_id.ids, twin.partner_id
        )
        self.env.invalidate_all()
        self.assertEqual(self._day(self.tomorrow), [])
        self.assertEqual(self._communications(self.payer).line_ids.member_id, twin | self.south)

    def test_members_cost_no_statements(self):
        def run():
            self.env["ar.communication"].sudo()._waiting(self.payer)._cancel("rejected")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on():
                self.payer.sudo()._run_locked(self.TODAY)
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        run()
        few = run()
        partners = self._partners(20)
        self._invoices(partners, 4)
        self._join(*(self._customer(partner) for partner in partners))
        run()
        many = run()
        self.assertLessEqual(many, few + 3, (few, many))
        self.assertEqual(len(self._communications(self.payer)[-1:].line_ids), 22)
