from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common_identities import IdentitiesCommon

CORE_FLOW_LOG = "odoo.addons.ar_collections.models.customers.core_flow"


class ParentCommon(IdentitiesCommon):
    """A person with an invoice of 100, and a company that may have one of 50."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._partner(name="Ann", is_company=False)
        cls.invoice = cls._invoice(cls.person, 10, 100.0)
        cls.item = cls._debt(cls.invoice)
        cls.account = cls._customer(cls.person)
        cls.group = cls._partner(name="Group", email="group@customer.example.com")

    def _group_account(self, **values):
        self.group_invoice = self._invoice(self.group, 10, 50.0)
        return self._customer(self.group, **values)

    def assertOneAccount(self, partner, account, balance):
        """Assert that the partner's only account is this one, after the nights, and what it owes."""
        live = self._accounts(partner).filtered("active")
        self.assertEqual((live, live.balance), (account, balance))


@tagged("post_install", "-at_install")
class TestParentSet(ParentCommon):
    """A contact with invoices of its own gets a company: its account goes there, with all that holds."""

    def test_the_account_goes_with_the_debt(self):
        self._day()
        sent = self._communications(self.account)
        self.person.parent_id = self.group
        self.assertEqual(self.account.partner_id, self.group)
        self.assertEqual((self._communications(self.account), sent.partner_id), (sent, self.group))
        self.assertFalse(self._nights())
        self.assertOneAccount(self.group, self.account, 100.0)
        self.assertFalse(self._accounts(self.person))
        self.assertEqual(self.invoice.ar_customer_id, self.account)

    def test_it_is_merged_into_the_account_of_the_company(self):
        group = self._group_account()
        self._day()
        self.person.parent_id = self.group
        self.assertEqual((self.account.merged_into_id, self.account.active), (group, False))
        self.assertEqual(len(self._communications(group)), 2)
        self.assertFalse(self._nights())
        self.assertOneAccount(self.group, group, 150.0)

    def test_an_exclusion_holds(self):
        group = self._group_account()
        self.account.write({"excluded": True, "exclusion_reason": "In court"})
        self.person.parent_id = self.group
        self.assertEqual((group.excluded, group.exclusion_reason), (True, "In court"))
        self.assertFalse(self._nights())

    def test_a_pause_a_policy_and_a_collector_hold(self):
        group, policy = self._group_account(), self._policy(name="Mild")
        until = self.TODAY + timedelta(days=9)
        with self._on():
            self.account.write(
                {"pause_until": until, "pause_reason": "Talks", "policy_override_id": policy.id,
                 "user_id": self.env.user.id}
            )  # fmt: skip
            self.person.parent_id = self.group
        self.assertEqual((group.pause_until, group.pause_reason), (until, "Talks"))
        self.assertEqual((group.policy_id, group.user_id), (policy, self.env.user))
        self.assertFalse(self._nights())

    def test_a_promise_a_dispute_and_a_plan_hold(self):
        for agree in (self._promise, self._dispute, self._plan):
            with self.subTest(agree.__name__):
                person = self._partner(name="Bob", is_company=False)
                item = self._debt(self._invoice(person, 10, 80.0))
                account, company = self._customer(person), self._partner(name="Bob's")
                agreement = agree(account, item)
                group_item = self._debt(self._invoice(company, 3, 10.0))
                group = self._customer(company)
                person.parent_id = company
                self.assertEqual((account.merged_into_id, agreement.customer_id), (group, group))
                sent = self._nights(5).line_ids.filtered(lambda line, own=item: line.move_line_id == own)
                self.assertFalse(sent.filtered("step_id"))
                self.assertTrue(group_item)

    def test_a_child_that_is_created_with_the_company_follows(self):
        """As with Odoo's button that makes a company of a person's company name."""
        company = self.env["res.partner"].create(
            {"name": "Ann's", "is_company": True, "child_ids": [Command.link(self.person.id)]}
        )
        self.assertEqual(self.account.partner_id, company)
        self.assertFalse(self._nights().filtered(lambda sent: sent.customer_id != self.account))

    def test_the_button_that_creates_a_company_works(self):
        self.person.company_name = "Ann's"
        self.person.create_company()
        self.assertEqual(self.account.partner_id, self.person.parent_id)

    def test_an_archived_company_takes_it_too(self):
        self.group.active = False
        self.person.parent_id = self.group
        self.assertEqual(self.account.partner_id, self.group)
        self.assertFalse(self._nights())

    def test_a_grandchild_follows_its_company(self):
        """A department with contacts: what an import booked on a contact goes with it."""
        contact = self._contact(self.person, "Cy")
        self._entry(contact, 20.0)
        group = self._group_account()
        self.person.parent_id = self.group
        self._nights(1)
        self.assertOneAccount(self.group, group, 170.0)
        self.assertFalse(self._accounts(contact))

    def test_a_subsidiary_stays_a_customer_of_its_own(self):
        self.person.is_company = True
        self.person.parent_id = self.group
        self.assertEqual((self.account.partner_id, self.account.active), (self.person, True))
        self.assertFalse(self._accounts(self.group))

    def test_a_subsidiary_that_becomes_a_department_is_merged(self):
        self.person.is_company = True
        self.person.parent_id = self.group
        group = self._group_account()
        self._day()
        self.person.is_company = False
        self.assertEqual(self.account.merged_into_id, group)
        self.assertFalse(self._nights())
        self.assertOneAccount(self.group, group, 150.0)
        self.assertEqual(self.invoice.ar_customer_id, group)

    def test_accounts_of_two_companies_follow(self):
        other = self._create_company(name="Second Company")
        second = self._customer(self.person, other)
        group = self._group_account()
        self.person.parent_id = self.group
        self.assertEqual((self.account.merged_into_id, second.partner_id), (group, self.group))

    def test_two_contacts_get_the_same_company_at_once(self):
        other = self._partner(name="Bob", is_company=False)
        self._invoice(other, 10, 30.0)
        second = self._customer(other)
        (self.person | other).parent_id = self.group
        self.assertEqual((self.account.partner_id, second.merged_into_id), (self.group, self.account))
        self._nights(1)
        self.assertOneAccount(self.group, self.account, 130.0)

    def test_the_same_company_again_changes_nothing(self):
        self.person.parent_id = self.group
        before = len(self.account.message_ids)
        self.person.parent_id = self.group
        self.assertEqual(len(self.account.message_ids), before)

    def test_other_changes_of_contacts_cost_nothing(self):
        self.env.flush_all()
        accounts = type(self.env["ar.customer"])
        with patch.object(accounts, "_follow_partners", side_effect=AssertionError):
            self.person.write({"name": "Ann B.", "phone": "123"})

    def test_a_failure_stops_nobody_and_the_night_repairs_it(self):
        group = self._group_account()
        self.account.write({"excluded": True, "exclusion_reason": "In court"})
        with (
            patch.object(type(group), "_carry_over", side_effect=ValueError("broken")),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            self.person.parent_id = self.group
        self.assertEqual(self.person.parent_id, self.group)
        self.assertFalse(self._nights())
        self.assertEqual(self.account.merged_into_id, group)
        self.assertOneAccount(self.group, group, 150.0)

    def test_a_change_by_sql_is_followed_by_the_next_night(self):
        group = self._group_account()
        promise = self._promise(self.account, self.item)
        self.env.flush_all()
        for table, column in (("res_partner", "commercial_partner_id"), ("res_partner", "parent_id")):
            self.env.cr.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [self.group.id, self.person.id])
        self.env.invalidate_all()
        sent = self._nights().line_ids.move_line_id
        self.assertEqual(sent, self._debt(self.group_invoice))
        self.assertEqual((self.account.merged_into_id, promise.customer_id), (group, group))
        self.assertOneAccount(self.group, group, 150.0)


@tagged("post_install", "-at_install")
class TestParentLost(ParentCommon):
    """A contact leaves its company: what it owes itself gets an account with copies of the settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice.no_followup = True
        cls.member = cls._contact(cls.group, "Member", email="member@customer.example.com")
        cls.group_invoice = cls._invoice(cls.group, 10, 50.0)
        cls.group_account = cls._customer(cls.group)
        cls.own = cls._entry(cls.member, 40.0)

    def test_the_settings_are_copied(self):
        policy = self._policy(name="Mild")
        until = self.TODAY + timedelta(days=9)
        with self._on():
            self.group_account.write(
                {
                    "pause_until": until, "pause_reason": "Talks", "excluded": True, "exclusion_reason": "In court",
                    "policy_override_id": policy.id, "user_id": self.env.user.id,
                }
            )  # fmt: skip
            self.member.parent_id = False
        account = self._accounts(self.member)
        self.assertEqual(len(account), 1)
        self.assertEqual((account.pause_until, account.pause_reason), (until, "Talks"))
        self.assertEqual((account.excluded, account.exclusion_reason), (True, "In court"))
        self.assertEqual((account.policy_id, account.user_id), (policy, self.env.user))
        self.assertEqual(account.assigned_by, self.group_account.assigned_by)
        self.assertFalse(self._nights())

    def test_a_manager_chooses_who_pays_for_it(self):
        """Neither the payer of the company that it leaves nor one it had before it belonged to the company."""
        payer, former = (self._customer(self._partner(name=name)) for name in ("Holding", "Former Payer"))
        self.group_account.payer_id = payer
        self.account.payer_id = former
        self._day()
        self.person.parent_id = self.group
        (self.member | self.person).parent_id = False
        account = self._accounts(self.member)
        self.assertFalse((account | self.account).payer_id)
        self.assertEqual(self.group_account.payer_id, payer)
        for each in (account, self.account):
            task = self._tasks(each, "payer")
            self.assertEqual(task.user_id, self.company._ar_get_manager())
            self.assertIn("for which Holding pays", task.summary)
        former.payer_id = payer  # nobody belongs to its group any more

    def test_the_debts_are_divided_as_in_the_ledger(self):
        self.member.parent_id = False
        self._nights(1)
        self.assertOneAccount(self.member, self._accounts(self.member), 40.0)
        self.assertOneAccount(self.group, self.group_account, 50.0)

    def test_its_agreements_hold_and_go_with_it(self):
        for agree in (self._promise, self._dispute, self._plan):
            with self.subTest(agree.__name__):
                member = self._contact(self.group, "Bob", email="bob@customer.example.com")
                item = self._entry(member, 30.0)
                agreement = agree(self.group_account, item)
                member.parent_id = False
                self.assertEqual(agreement.customer_id, self._accounts(member))
                self.assertFalse(self._nights(5).line_ids.filtered(lambda line, own=item: line.move_line_id == own))

    def test_an_agreement_about_items_of_both_stays_and_holds(self):
        with self._on():
            promise = self.group_account._promise(
                self.TODAY + timedelta(days=14), {self.own.id: None, self._debt(self.group_invoice).id: None}
            )
        self.member.parent_id = False
        self.assertFalse(self._nights())
        self.assertEqual(promise.customer_id, self.group_account)

    def test_a_plan_about_items_of_both_is_asked_once(self):
        plan = self._plan(self.group_account, self.own, self._debt(self.group_invoice))
        self.member.parent_id = False
        account = self._accounts(self.member)
        with self._on():
            ours, theirs = self.group_account._get_facts(), account._get_facts()
        self.assertEqual(sum(float(row.residual_currency) for row in ours.installments), 90.0)
        self.assertFalse(theirs.installments)
        self.assertTrue(all(item.exclusions for item in ours.items + theirs.items))
        self.assertFalse(self._nights())
        self.assertEqual(plan.state, "active")

    def test_a_contact_that_was_never_invoiced_gets_no_account(self):
        silent = self._contact(self.group, "Silent")
        silent.parent_id = False
        self.assertFalse(self._accounts(silent))

    def test_a_contact_with_non_trade_items_alone_gets_no_account(self):
        silent = self._contact(self.group, "Silent")
        account = self.company_data["default_account_receivable"].copy({"code": "REC9", "non_trade": True})
        entry = self._entry(silent, 30.0)
        entry.move_id.button_draft()
        entry.account_id = account
        entry.move_id.action_post()
        silent.parent_id = False
        self.assertFalse(self._accounts(silent))

    def test_an_invoiced_contact_takes_the_exclusion_along(self):
        """Its invoices stay with the company, as the ledger has it; a new one is its own."""
        self.group_account.write({"excluded": True, "exclusion_reason": "In court"})
        buyer = self._contact(self.group, "Buyer", email="buyer@customer.example.com")
        self._invoice(buyer, 10, 25.0)
        buyer.parent_id = False
        self._invoice(buyer, 10, 5.0)
        self.assertTrue(self._accounts(buyer).excluded)
        self.assertFalse(self._nights())
        self.assertOneAccount(self.group, self.group_account, 75.0 + 40.0)

    def test_agreements_of_the_company_about_other_items_are_not_looked_at(self):
        promise = self._promise(self.group_account, self._debt(self.group_invoice))
        elsewhere = self._customer(self._partner(name="Elsewhere"))
        promise.sudo().customer_id = elsewhere  # the night repairs it
        self.member.parent_id = False
        self.assertEqual(promise.customer_id, elsewhere)
        self.env["ar.customer"].sudo()._move_agreements(self.company)
        self.assertEqual(promise.customer_id, self.group_account)

    def test_there_and_back_the_account_is_used_again(self):
        self._day()
        self.person.parent_id = self.group
        self.assertEqual(self.account.merged_into_id, self.group_account)
        self.group_account.write({"excluded": True, "exclusion_reason": "In court"})
        self.person.parent_id = False
        self.assertEqual((self.account.active, self.account.merged_into_id), (True, self.env["ar.customer"]))
        self.assertEqual((self.account.excluded, self.account.exclusion_reason), (True, "In court"))
        self._invoice(self.person, 10, 5.0)
        self.assertFalse(self._nights())
        self.assertOneAccount(self.person, self.account, 5.0)

    def test_a_member_that_becomes_a_subsidiary_has_its_own_account(self):
        self.group_account.write({"excluded": True, "exclusion_reason": "In court"})
        self.member.is_company = True
        self.assertTrue(self._accounts(self.member).excluded)
        self.assertFalse(self._nights())
        self.assertOneAccount(self.member, self._accounts(self.member), 40.0)

    def test_a_member_changes_its_company(self):
        self.group_account.write({"excluded": True, "exclusion_reason": "In court"})
        other = self._partner(name="Other", email="other@customer.example.com")
        self.member.parent_id = other
        account = self._accounts(other)
        self.assertTrue(account.excluded)
        self.assertFalse(self._nights())
        self.assertOneAccount(other, account, 40.0)
        self.assertFalse(self._accounts(self.member))

    def test_the_invoices_of_a_contact_that_changes_its_company_stay(self):
        """They are made out to the person, and owed by the company it worked for."""
        buyer = self._contact(self.group, "Buyer", email="buyer@customer.example.com")
        invoice = self._invoice(buyer, 10, 25.0)
        other = self._partner(name="Other", email="other@customer.example.com")
        buyer.parent_id = other
        self._nights(1)
        self.assertFalse(self._accounts(other))
        self.assertEqual(invoice.ar_customer_id, self.group_account)
        self.assertOneAccount(self.group, self.group_account, 75.0 + 40.0)

    def test_a_change_by_sql_is_followed_by_the_next_night(self):
        self.group_account.write({"excluded": True, "exclusion_reason": "In court"})
        buyer = self._contact(self.group, "Buyer", email="buyer@customer.example.com")
        item = self._debt(self._invoice(buyer, 10, 25.0))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id, parent_id = NULL WHERE id = %s", [buyer.id]
        )
        self.env.cr.execute("UPDATE account_move_line SET partner_id = %s WHERE id = %s", [buyer.id, item.id])
        self.env.invalidate_all()
        self.assertFalse(self._nights())
        self.assertTrue(self._accounts(buyer).excluded)
        self.assertOneAccount(buyer, self._accounts(buyer), 25.0)
