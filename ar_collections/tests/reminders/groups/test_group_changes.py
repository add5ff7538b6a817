"""Messages of a group when the group changes, what is attached to them, and who reads of them afterwards."""

from datetime import timedelta
from unittest.mock import patch

from ....models.communications import ar_communication_group
from ....models.reminders import ar_customer_group
from .common_group import GroupCommon


class TestGroupChanges(GroupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._join(cls.north, cls.south)
        cls.north_invoice = cls._invoice(cls.north.partner_id, 12, 100)
        cls.south_invoice = cls._invoice(cls.south.partner_id, 4, 50)
        cls.tomorrow = cls.TODAY + timedelta(days=1)
        cls.manager = cls._user("manager", login="group-manager")

    # === WHO PAYS === #

    def test_copies_that_a_person_wrote_go_to_the_present_payer_alone(self):
        with self._on():
            payer = self.payer.with_user(self.collector)
            payer._write_message("copies", "Copies", "<p>Here.</p>", payer.partner_id, self._debt(self.north_invoice))
        self.north.payer_id = False
        self.assertEqual(self._deliver(), [])
        self.assertEqual(self._communications(self.payer).state, "cancelled")

    def test_a_payer_that_is_activated_again_takes_over(self):
        self.payer.sudo().active = False
        self._run()
        self.assertEqual(self._states(self.north), [(3, "planned")])
        self.payer.sudo().active = True
        self.env.flush_all()
        self.assertEqual(self._communications(self.north | self.south).mapped("cancel_reason"), ["payer_reminded"] * 2)
        with self._on():
            self.env["ar.message.edit"].with_user(self.collector)._open_for(self.payer)
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview.action_preview()
            preview.line_ids.filtered(lambda line: line.customer_id == self.payer).action_send_now()
        self.assertEqual(self._readers(self._deliver()), ["payer"])

    def test_a_member_that_left_and_came_back_is_not_reminded_twice(self):
        self._run()
        self.north.payer_id = False
        self.env.flush_all()
        self._join(self.north)
        self.assertEqual(self._readers(self._deliver()), ["payer"])
        self.assertEqual(self._day(self.tomorrow), [])
        self.assertEqual(self._find_repeated(), [])

    def test_a_member_merged_into_its_payer_counts_a_message_once(self):
        self._day()
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.north | self.payer).partner_id.ids, self.payer.partner_id
        )
        self.env.invalidate_all()
        self.assertEqual((self.payer.communication_count, self.south.communication_count), (1, 1))

    def test_a_change_of_a_member_of_a_large_group_leaves_the_payer_to_the_run(self):
        self._run()
        with patch.object(ar_customer_group, "ANEW_MAX", 1), self._on():
            gathered = []
            facts = type(self.env["ar.facts"])
            gather = facts._gather
            with patch.object(facts, "_gather", lambda own, customers, *args: gathered.append(customers)
                              or gather(own, customers, *args)):  # fmt: skip
                north = self.north.with_user(self.manager)
                north.write({"pause_until": self.tomorrow, "pause_reason": "Asked"})
                self.env.flush_all()
            self.assertNotIn(self.south, self.north.union(*gathered))
            self.assertCode(self.north, "paused")
            self.assertCode(self.payer, "step_reached")
            self.south.with_user(self.manager).write({"pause_until": self.tomorrow, "pause_reason": "Asked"})
            self.assertCode(self.south, "paused")
        self._run()
        self.assertCode(self.payer, "members_held")

    # === ARCHIVED AND ADDRESSES === #

    def test_what_holds_one_side_is_no_task_about_the_other(self):
        kinds = [self.env.ref(f"ar_collections.mail_activity_type_{name}") for name in ("next", "address")]

        def concerned(kind):
            accounts = self.payer | self.north | self.south
            return accounts.filtered(lambda account: kind in account.sudo().activity_ids.activity_type_id)

        (self.north | self.south).partner_id.active = False
        self._run()
        self.assertCode(self.payer, "members_held")
        self.assertEqual(concerned(kinds[0]), self.north | self.south)
        (self.north | self.south).partner_id.active = True
        self.payer.partner_id.email = False
        self._run(self.tomorrow)
        self.assertCode(self.payer, "no_address")
        self.assertCode(self.north, "payer_held")
        self.assertEqual(concerned(kinds[1]), self.payer)

    # === ATTACHMENTS === #

    def test_the_attached_statement_has_a_section_for_each_customer_of_the_message(self):
        self._on_schedule({"days": 3, "attach_statement": True, "mail_template_id": self.friendly.mail_template_id.id})
        self.south.write({"excluded": True, "exclusion_reason": "Ours"})
        asked = []

        def render(statements, customer, day, first=None, member_ids=None):
            asked.append(statements._get_values(customer, day, member_ids))
            return b"%PDF-1.4", "application/pdf"

        with patch.object(type(self.env["ar.statement"]), "_render_pdf", render):
            self._day()
        (values,) = asked
        self.assertEqual([member["customer"] for member in values["members"]], [self.north])
        self.assertEqual(float(values["totals"][0]["total"]), 100.0)

    def test_what_is_not_shown_is_not_attached_but_is_on_the_page(self):
        self._on_schedule({"days": 3, "attach_invoices": True, "mail_template_id": self.friendly.mail_template_id.id})
        self._run()
        communication = self._communications(self.payer)
        outreach = self.env["ar.outreach"]
        self.assertEqual(len(outreach._name_attachments(communication)), 2)
        with patch.object(ar_communication_group, "GROUP_ROWS", 1):
            self.assertEqual(outreach._name_attachments(communication),
                             [f"{self.north_invoice.name.replace('/', '-')}.pdf"])  # fmt: skip
            communication.sudo().channel = "letter"  # lists all
            self.assertEqual(len(outreach._name_attachments(communication)), 2)
        with self._on():
            groups = self.payer._get_group()
        self.assertEqual(groups, self.payer | self.north | self.south)
        self.assertEqual(self.payer._find_document(self.south_invoice.id), self.south_invoice)

    # === A STEP'S PREVIEW === #

    def test_the_preview_of_a_step_is_that_of_the_payer(self):
        with self._on():
            customer, _day = self.friendly._find_example(self.company)
            shown = self.friendly._read_preview(self.north, self.TODAY)
        self.assertEqual(customer, self.payer)
        self.assertIn("Reminded through its payer", shown["reason"])
