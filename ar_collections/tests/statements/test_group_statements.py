"""Statements of a customer group: the payer's lists each member, who gets none of its own."""

import csv
from datetime import timedelta
from unittest.mock import patch

from ..common import ArCommon


class TestGroupStatements(ArCommon):
    """``TODAY`` is Wednesday; the weekly statements of the policy are sent on Wednesdays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"statement_frequency": "weekly", "statement_weekday": "2"})
        cls.policy.sudo().statement_done_for = cls.TODAY - timedelta(days=7)
        cls.payer = cls._customer(cls._partner(name="Head Office"))
        (cls.north, cls.north_invoice), (cls.south, cls.south_invoice) = (
            cls._late(overdue_days=4, amount=amount, name=name, email=f"{name.lower()}@member.example.com")
            for name, amount in (("North", 70.0), ("South", 50.0))
        )
        cls.members = cls.north | cls.south
        cls.members.write({"payer_id": cls.payer.id})

    def _prepare(self, day=None):
        day = day or self.TODAY
        with self._on(day):
            self.env["ar.customer.statement"].sudo()._prepare_company(self.company, day)
        self.env.invalidate_all()
        found = self.env["ar.customer.statement"].search([("day", "=", day)])
        return {statement.customer_id: statement for statement in found}

    def test_one_statement_with_a_section_for_each_member(self):
        credit = self._invoice(self.south.partner_id, 0, 20.0, move_type="out_refund")
        found = self._prepare()
        self.assertEqual(list(found), [self.payer])
        statement = found[self.payer]
        self.assertEqual([member["name"] for member in statement.contents["members"]], ["North", "South"])
        self.assertEqual(statement.contents["totals"][0]["total"], "100.00")
        self.assertEqual(sorted(statement.communication_id.line_ids.mapped("amount_left")), [-20.0, 50.0, 70.0])
        (mail,) = self._deliver()
        texts = ("North", self.north_invoice.name, "South", credit.name, "Total of all customers", "100.00")
        for text in (*texts, f"/my/receivables/{self.payer.id}"):
            self.assertIn(text, mail["body"])
        self.assertIn("payer@customer.example.com", mail["email_to"][0])

    def test_who_has_statements_of_its_own(self):
        self.north.own_statements = True
        self.assertEqual(set(self._prepare()), {self.payer, self.north})
        self.payer.policy_override_id = self._policy(name="Without statements")
        later = self.TODAY + timedelta(days=7)
        self.assertEqual(set(self._prepare(later)), set(self.members))
        self.payer.policy_override_id = False
        self.payer.active = False
        later += timedelta(days=7)
        self.assertEqual(set(self._prepare(later)), set(self.members))

    def test_what_others_collect_is_left_out_and_what_changes_is_written_anew(self):
        own = self._invoice(self.payer.partner_id, -5, 10.0)
        self.south.write({"excluded": True, "exclusion_reason": "Settled in person"})
        statement = self._prepare()[self.payer]
        self.assertEqual([member["name"] for member in statement.contents["members"]], ["North"])
        self._pay(self.north_invoice)
        (mail,) = self._deliver()
        self.assertIn(own.name, mail["body"])
        self.assertNotIn("North", mail["body"])
        self.payer.write({"excluded": True, "exclusion_reason": "Settled in person"})
        later = self._prepare(self.TODAY + timedelta(days=7))
        self.assertEqual((later[self.payer].state, later[self.payer].reason), ("left_out", "excluded"))

    def test_members_get_their_own_where_the_payer_gets_none(self):
        email, self.payer.partner_id.email = self.payer.partner_id.email, False
        found = self._prepare()
        self.assertEqual((found[self.payer].state, found[self.payer].reason), ("left_out", "no_address"))
        self.assertEqual([found[member].state for member in self.members], ["prepared"] * 2)
        self.assertEqual(found[self.north].contents["sections"][0]["total"], "70.00")
        self.payer.partner_id.email = email
        # An excluded payer gets none, also where nothing is open but its members' items.
        self.payer.write({"excluded": True, "exclusion_reason": "Settled in person"})
        later = self.TODAY + timedelta(days=7)
        found = self._prepare(later)
        self.assertEqual((found[self.payer].state, found[self.payer].reason), ("left_out", "excluded"))
        self.assertEqual([found[member].state for member in self.members], ["prepared"] * 2)
        with self._on(later):
            (by_hand,) = self.env["ar.customer.statement"]._prepare(self.payer, self.payer.policy_id.sudo(), later)
        self.assertEqual((by_hand.state, by_hand.reason), ("left_out", "excluded"))
        self.payer.excluded = False
        self.payer.partner_id.active = False
        later += timedelta(days=7)
        self.assertEqual(set(self._prepare(later)), set(self.members))

    def test_a_payer_without_a_statement_waits_while_a_member_is_locked(self):
        self.payer.partner_id.email = False
        free = patch.object(type(self.south), "try_lock_for_update", lambda accounts, **_values: accounts - self.south)
        with free:
            self.assertFalse(self._prepare())  # nothing is noted about the payer, and North gets no statement alone
        found = self._prepare(self.TODAY + timedelta(days=1))
        states = {customer: (each.state, each.scheduled_for) for customer, each in found.items()}
        prepared = dict.fromkeys(self.members, ("prepared", self.TODAY))
        self.assertEqual(states, {self.payer: ("left_out", self.TODAY), **prepared})
        self.assertEqual(self.policy.statement_done_for, self.TODAY)
        self.assertFalse(self._prepare(self.TODAY + timedelta(days=2)))

    def test_movements_are_those_since_the_statement_of_the_payer(self):
        self.south.payer_id = False
        facts = self.env["ar.customer.statement"]._gather_group(self.payer, self.TODAY)
        since = {self.payer.id: self.TODAY - timedelta(days=7), self.north.id: self.TODAY + timedelta(days=9999)}
        self.policy.statement_audience = "movements"
        reasons = self.env["ar.customer.statement"]._decide(
            self.payer | self.north, self.policy, self.TODAY, facts, since, is_scheduled=True
        )
        self.assertEqual(reasons, {self.payer: None, self.north: "nothing_due"})

    def test_credits_of_a_member_pay_its_own_items(self):
        self.env["res.partner.bank"].create({"acc_number": "12345678", "partner_id": self.company.partner_id.id})
        self._invoice(self.south.partner_id, 0, 200.0, move_type="out_refund")
        self._invoice(self.payer.partner_id, 3, 10.0)
        self._invoice(self.payer.partner_id, 0, 25.0, move_type="out_refund")
        message = self._prepare()[self.payer].communication_id
        self.assertTrue(message.is_for_group)
        lines = {(line.member_id, line.kind): line.amount_left for line in message.line_ids}
        none = self.payer.browse()
        self.assertEqual(
            lines,
            {(none, "item"): 10.0, (none, "credit"): -10.0, (self.north, "item"): 70.0, (self.south, "item"): 50.0,
             (self.south, "credit"): -50.0},
        )  # fmt: skip
        with self._on():
            (transfer,) = message._get_transfers()
            (printed,) = self.payer._get_statement_values(self.TODAY)["transfers"]
        self.assertIn("70.00", transfer["amount"])
        self.assertEqual(printed["amount"], transfer["amount"])
        # As reminders list a credit, with all of it.
        query = "UPDATE ar_communication_line SET amount_left = -200 WHERE id = ANY(%s) AND kind = 'credit'"
        self.env.cr.execute(query, [message.line_ids.filtered("member_id").ids])
        self.env.invalidate_all()
        self.assertEqual(message._get_deducted(message.line_ids), 60.0)

    def test_printed_and_downloaded(self):
        self._invoice(self.payer.partner_id, 1, 10.0)
        values = self.payer._get_statement_values(self.TODAY)
        self.assertEqual(
            [(member["customer"], member["groups"][0]["total"]) for member in values["members"]],
            [(self.north, 70), (self.south, 50)],
        )
        self.assertEqual((values["balance"], values["totals"][0]["total"]), (10.0, 130))
        reports = self.env["ir.actions.report"]
        html = reports._render_qweb_html("ar_collections.action_report_statement", self.payer.ids)[0].decode()
        for text in ("North", self.south_invoice.name, "Total of all customers", "130.00"):
            self.assertIn(text, html)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.payer.partner_id.lang = "fr_FR"  # printed in the customer's language, whatever the user's
        html = (
            reports.with_context(lang="en_US")
            ._render_qweb_html("ar_collections.action_report_statement", self.payer.ids, data={"day": "2026-06-10"})[0]
            .decode()
        )
        self.assertIn("10 juin 2026", html)
        content, _kind = self.env["ar.statement"]._render_csv(self.payer, self.TODAY)
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        self.assertEqual([row[-1] for row in rows[1:]], ["Head Office", "North", "South"])
        self.assertTrue(self.env["ar.statement"]._render_xlsx(self.payer, self.TODAY)[0])
        alone = self.env["ar.statement"]._get_values(self.payer, self.TODAY, member_ids=())
        self.assertEqual((alone["members"], alone["balance"]), ([], 10.0))
        self.assertEqual(self.north._get_statement_values(self.TODAY)["members"], [])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["ar.statement"]._get_values(self.north, self.TODAY)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 16, "The account's facts were read.")

    def test_reads_do_not_grow_with_members(self):
        self._prepare()
        few = self._count(self.payer)
        partners = self.env["res.partner"].union(*self._partners(8))
        self._invoices(partners, 3, 10.0)
        self.env["ar.customer"].search([("partner_id", "in", partners.ids)]).payer_id = self.payer
        self.assertLessEqual(self._count(self.payer), few)

    def _count(self, customer):
        statement = self.env["ar.customer.statement"].sudo().search([("customer_id", "=", customer.id)])
        counts = []
        with self._on():
            for _turn in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                statement._read_contents()
                counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]
