from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ...const import COMMUNICATION_MOVES, COMMUNICATION_STATES, STEP_FREE_STATES
from ..common import ArCommon


class TestLog(ArCommon):
    """Law 3: the log is only appended. Law 4: a database constraint refuses to send a step twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()

    def setUp(self):
        super().setUp()
        self._day()
        self.communication = self._communications(self.customer)
        self.log = self.communication.sudo()

    def test_what_was_sent_cannot_be_deleted(self):
        for records in (self.log, self.log.line_ids):
            with self.subTest(model=records._name), self.assertRaises(UserError):
                records.unlink()
        self.assertTrue(self.communication.exists() and self.communication.line_ids.exists())

    def test_what_waits_cannot_be_deleted_either(self):
        customer, _invoice = self._late(name="Other", email="other@customer.example.com")
        self._run()
        with self.assertRaises(UserError):
            self._communications(customer).sudo().unlink()

    def test_what_was_sent_cannot_be_rewritten(self):
        for values in ({"body": "Nothing"}, {"date": date(2020, 1, 1)}, {"amount_total": 1}, {"is_manual": True}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.log.write(values)
        for values in ({"amount_left": 1}, {"move_line_id": False}, {"step_id": False}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.log.line_ids.write(values)

    def test_nobody_writes_the_log_by_hand(self):
        for group in ("auditor", "collector", "manager", "credit_manager"):
            user = self._user(group, login=f"log-{group}")
            with self.subTest(group=group), self.assertRaises(AccessError):
                self.communication.with_user(user).write({"state": "cancelled"})
            with self.subTest(group=group), self.assertRaises(AccessError):
                self.communication.with_user(user).unlink()
            with self.subTest(group=group), self.assertRaises(AccessError):
                self.env["ar.communication"].with_user(user).create({"customer_id": self.customer.id})

    def test_a_customer_with_a_history_cannot_be_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017, the database's own error
            self.customer.sudo().unlink()

    def _force_state(self, state):
        """Set the communication's state, whatever moves lead there."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE ar_communication SET state = %s WHERE id = %s", (state, self.log.id))
        self.env.invalidate_all()

    def test_illegal_moves_are_refused_and_change_nothing(self):
        states = [state for state, _label in COMMUNICATION_STATES]
        for start in states:
            for target in states:
                self._force_state(start)
                moved = self.log._set_state(target)
                legal = target in COMMUNICATION_MOVES[start]
                with self.subTest(start=start, target=target):
                    self.assertEqual(bool(moved), legal)
                    self.assertEqual(self.log.state, target if legal else start)

    def test_what_was_not_sent_frees_its_step(self):
        for state in STEP_FREE_STATES:
            self._force_state("planned")
            self.log.line_ids.uses_step = True
            self.log._set_state(state)
            self.assertFalse(any(self.log.line_ids.mapped("uses_step")), state)

    def test_the_database_refuses_the_same_step_about_the_same_item(self):
        line = self.log.line_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            line.copy()
        other = line.copy({"uses_step": False})
        self.assertTrue(other)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            other.uses_step = True
            other.flush_recordset()

    def test_the_same_step_about_another_item_is_free(self):
        second = self._invoice(self.customer.partner_id, 4)
        self.assertTrue(self.log.line_ids.copy({"move_line_id": self._debt(second).id, "uses_step": True}))

    def test_the_log_outlives_the_invoice_lines(self):
        name = self.invoice.name
        self.invoice.button_draft()
        self.invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.invoice.invoice_line_ids.price_unit = 50
        self.invoice.action_post()
        self.env.invalidate_all()
        self.assertRecordValues(self.communication.line_ids, [{"name": name, "amount_left": 100}])

    def test_how_often_is_counted_from_the_log(self):
        self._day(date(2026, 6, 16))
        self.assertEqual(self.customer.communication_count, 2)
        stored = [name for name, field in self.customer._fields.items() if "count" in name and field.store]
        self.assertFalse([name for name in stored if not name.startswith("message_")])


class TestLinesOfARun(ArCommon):
    """The lines of a run are stored by one statement, as `create` stores them."""

    def _stored(self, line):
        """Return the columns of a line, without those that tell two lines apart."""
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(line) FROM ar_communication_line line WHERE id = %s", [line.id])
        ((row,),) = self.env.cr.fetchall()
        return {name: value for name, value in row.items() if name not in ("id", "create_date", "write_date")}

    def test_every_column_is_that_of_create(self):
        customer, invoice = self._late()
        self._run()
        message = self._communications(customer).sudo()
        item = self._debt(invoice)
        lines = message.line_ids.browse()
        values = {
            **lines._prepare_line_vals(item, "item", None, 10 / 3, self.TODAY),
            "communication_id": message.id,
            "amount_paid": False,
            "name": "O'Neil \\ %s “x”",
        }
        for missing in ((), ("kind", "name"), ("move_line_id", "date")):
            with self.subTest(missing=missing):
                own = {name: value for name, value in values.items() if name not in missing}
                before = message.line_ids
                lines._insert(message, [own])
                inserted = message.line_ids - before
                self.assertEqual(len(inserted), 1)
                self.assertEqual(self._stored(inserted), self._stored(lines.create(own)))

    def test_a_currency_is_rounded_by_its_own_rule(self):
        franc = self.env.ref("base.CHF")
        franc.write({"active": True, "rounding": 0.05})
        customer, invoice = self._late()
        self._run()
        message = self._communications(customer).sudo()
        lines = message.line_ids.browse()
        values = lines._prepare_line_vals(self._debt(invoice), "item", None, 7.33, self.TODAY)
        before = message.line_ids
        lines._insert(message, [{**values, "communication_id": message.id, "currency_id": franc.id}])
        self.assertEqual((message.line_ids - before).amount_left, 7.35)
