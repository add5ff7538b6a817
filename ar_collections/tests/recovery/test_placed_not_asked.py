"""What an agency has is in no message and no link that people send: they are told so."""

from odoo.exceptions import UserError

from .common_placements import PlacementCommon


class TestPlacedNotAsked(PlacementCommon):
    """The old invoice is with the agency, the new one is ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = True

    def setUp(self):
        super().setUp()
        self._place(self.old)
        self.lines = (self._debt(self.old) | self._debt(self.new)).with_user(self.collector)

    def _open(self, action):
        model = self.env[action["res_model"]].with_user(self.collector).with_context(**action.get("context", {}))
        return model.browse(action["res_id"]) if action.get("res_id") else model.new()

    def test_a_link_of_what_is_left(self):
        with self._on():
            link = self._open(self.lines.action_ar_pay_link())
        self.assertEqual(link.item_count, 1)
        self.assertTrue(link.link.endswith(f"items={self._debt(self.new).id}"), link.link)
        self.assertIn(self.old.name, link.warning)
        self.assertNotIn(self.new.name, link.warning)

    def test_no_link_of_what_the_agency_has(self):
        with self._on(), self.assertRaisesRegex(UserError, f"an agency asks for them: {self.old.name}"):
            self._debt(self.old).with_user(self.collector).action_ar_pay_link()

    def test_no_warning_without_placed_items(self):
        with self._on():
            link = self._open(self._debt(self.new).with_user(self.collector).action_ar_pay_link())
        self.assertFalse(link.warning)

    def test_a_reminder_does_not_list_it(self):
        with self._on():
            dialog = self._open(self.lines.action_ar_remind())
        self.assertIn(self.old.name, dialog.placed_text)
        line = dialog.line_ids.filtered(lambda row: row.move_line_id == self._debt(self.old))
        self.assertEqual((line.listed, line.verdict), (False, "Placed with an agency"))

    def test_no_copies_of_it(self):
        with self._on():
            message = self._open(self._open(self.lines.action_ar_remind()).action_copies())
        self.assertEqual(message.line_ids, self._debt(self.new))
        self.assertIn(self.old.name, message.placed_text)

    def test_the_page_takes_money_for_it_and_asks_for_the_rest(self):
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        with self._on():
            (group,) = self.customer._get_page_values()["groups"]
            (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual([transfer["amount"] for transfer in group["transfers"]], [printed["amount"]])
        self.assertEqual((printed["amount"], group["pay_all"]), ("$\xa0100.00", 400))
        self.assertEqual({row["move"]: row["ticked"] for row in group["rows"]}, {self.old: False, self.new: True})

    def test_the_page_names_the_agency_whatever_its_length(self):
        self.agency.partner_id.name = "Fair and Friendly International Commercial Collections and Recovery Partners"
        row = self.customer._get_agreement_rows()[-1]
        self.assertIn("International", row["title"])
        self.assertIn("+1 555 0100, cases@agency.example.com", row["text"])
        self.assertLess(len(row["status"]), 50)
        self.assertFalse(row["date"])
