import base64
import io
import json
import zipfile
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_legal_costs import LegalCostCommon
from .test_final_demand import make_pdf


@tagged("post_install", "-at_install")
class TestLegalCosts(LegalCostCommon):
    """Costs of legal steps: recorded with a proof, charged once, less the lump sum where the rules say so."""

    def test_merged_customers_keep_the_currency_of_a_cost(self):
        foreign = self.env.ref("base.CHF")
        foreign.active = True
        cost = self._cost(100, currency_id=foreign.id)
        other = self._partner(name="Late Payer twice")
        kept = self._customer(other)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge([other.id, self.partner.id], other)
        self.env.invalidate_all()
        self.assertEqual((cost.customer_id, cost.currency_id, cost.amount), (kept, foreign, 100))

    # === CHARGED ONCE === #

    def test_a_collector_records_and_a_manager_drafts_an_ordinary_invoice(self):
        costs = self._cost(36, kind="court", name="Order for payment") | self._cost(80, kind="lawyer")
        self.assertEqual(costs.mapped("state"), ["open", "open"])
        with self.assertRaisesRegex(UserError, "Only the role"):
            costs.action_invoice()
        move = self._draft(costs)
        self.assertEqual((move.state, move.move_type, move.amount_total), ("draft", "out_invoice", 116))
        self.assertEqual(move.invoice_line_ids.account_id, self.income)
        self.assertFalse(move.invoice_line_ids.tax_ids)
        self.assertIn("Court fee, ", move.invoice_line_ids[0].name)
        self.assertFalse(move.copy().invoice_line_ids, "they are charged once")
        self.assertEqual(set(costs.mapped("state")), {"draft"})
        move.action_post()
        self.assertEqual(set(costs.mapped("state")), {"charged"})

    def test_a_cost_is_never_charged_twice(self):
        cost = self._cost()
        self._draft(cost)
        with self.assertRaisesRegex(UserError, "Nothing here is to be charged"):
            self._draft(cost)

    def test_a_deleted_line_or_a_canceled_invoice_gives_the_cost_back(self):
        first, second = self._cost(10), self._cost(20)
        move = self._draft(first | second)
        move.invoice_line_ids.filtered(lambda line: line.ar_legal_cost_id == first).unlink()
        self.assertEqual((first.state, second.state), ("open", "draft"))
        move.button_cancel()
        self.assertEqual((second.state, second.move_id.id), ("open", False))
        again = self._draft(first | second)
        self.assertEqual(again.amount_total, 30)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UniqueViolation, "legal_cost_once"):
            move.button_draft()
            self.env.flush_all()

    def test_a_reversed_invoice_charges_the_cost_still(self):
        cost = self._cost()
        move = self._draft(cost)
        move.action_post()
        note = move._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
        self.assertFalse(note.invoice_line_ids.ar_legal_cost_id)
        self.assertEqual(cost.state, "charged")

    def test_what_is_charged_does_not_change(self):
        cost = self._cost()
        self._draft(cost)
        with self.assertRaisesRegex(UserError, "cancel the invoice"):
            cost.amount = 200
        with self.assertRaisesRegex(UserError, "cancel the invoice"):
            cost.unlink()
        cost.proof_name = "bill.pdf"

    def test_what_cannot_be_claimed_stays_ours(self):
        cost = self._cost(is_claimable=False)
        self.assertEqual(cost.state, "own")
        with self.assertRaisesRegex(UserError, "cannot be claimed"):
            self._draft(cost)
        self.assertFalse(self.customer._read_open_costs())

    def test_bad_input_says_the_way_out(self):
        self.company.ar_legal_cost_account_id = False
        cost = self._cost()
        with self.assertRaisesRegex(UserError, "Settings > Invoicing > Legal Costs"):
            self._draft(cost)
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._cost(date=self.TODAY + timedelta(days=1))
        other = self._customer(self._partner(name="Another"))
        placement = self._place()
        with self.assertRaisesRegex(ValidationError, "is no case of Another"):
            self._cost(customer_id=other.id, placement_id=placement.id)

    # === INTEREST === #

    def test_costs_bear_no_interest_unless_the_rules_say_so(self):
        cost = self._cost()
        move = self._draft(cost)
        move.write(
            {"invoice_date": self.TODAY - timedelta(days=90), "invoice_date_due": self.TODAY - timedelta(days=60)}
        )
        move.invoice_payment_term_id = False
        move.invoice_date_due = self.TODAY - timedelta(days=60)
        move.action_post()
        charge = self._accrue().filtered(lambda row: row.move_id == move)
        self.assertFalse(charge.interest)
        self.regime.costs_bear_interest = True
        charge = self._accrue().filtered(lambda row: row.move_id == move)
        self.assertGreater(charge.interest, 1)

    # === CLAIM, PACK, DEMAND === #

    def test_the_claim_names_what_is_not_charged_yet(self):
        self._accrue()
        self._cost(60)
        claim = self.env["ar.late.charge.claim"].with_user(self.collector)
        claim = claim.create({"customer_id": self.customer.id, "date": self.TODAY, "regime_id": self.regime.id})
        (group,) = claim._get_sheet_values()["groups"]
        self.assertIn("Legal costs", dict(group["totals"]))
        rows, _credits = claim._read_rows()
        total = float(sum(row.total for row in rows)) + 60
        self.assertIn(f"{total:,.2f}", group["claimed"])
        self.assertTrue(claim.action_export()["url"])

    def test_the_pack_holds_the_costs_with_their_proof(self):
        placement = self._place()
        self._cost(36, placement_id=placement.id, proof=base64.b64encode(make_pdf()), proof_name="receipt.pdf")
        with self._on():
            placement.with_user(self.collector).action_download_pack()
        self.env.invalidate_all()
        with zipfile.ZipFile(io.BytesIO(placement.pack_id.raw)) as archive:
            case = json.loads(archive.read("case.json"))
            (name,) = [name for name in archive.namelist() if name.startswith("costs/")]
            self.assertTrue(archive.read(name).startswith(b"%PDF"))
        self.assertEqual([(row["amount"], row["kind"]) for row in case["costs"]], [("36.00", "court")])

    def test_a_demand_to_a_payer_names_the_costs_of_the_debtors_that_it_lists(self):
        payer = self._customer(self._partner(name="Head", email="head@customer.example.com"))
        self._cost(60)
        self._cost(45, customer_id=payer.id)  # the payer owes no invoice
        self.customer.payer_id = payer
        self.env.flush_all()
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        template = self.env.ref("ar_collections.mail_template_final_demand")
        self._on_schedule({"days": 30, "tone": "formal", "is_final_demand": True, "mail_template_id": template.id})
        self._run()
        demand = self._communications(payer)[-1:]
        self.assertTrue(demand.is_final_demand)
        values = demand._get_demand_values()
        self.assertEqual(values["costs"], ["$\xa060.00"])
        self.assertEqual(values["claim"], ["$\xa0460.00"])
        # What is demanded is what the transfer pays and the page takes; costs follow with their invoice.
        self.assertEqual([transfer["amount"] for transfer in demand._get_transfers()], ["$\xa0400.00"])
        text = " ".join(demand._get_plain_text().replace("\xa0", " ").split())
        for words in ("Total due: $ 400.00", "Please pay the total due by", "Amount: $ 400.00"):
            self.assertIn(words, text)
        self.assertIn("once we have invoiced them. With them, our claim is *$ 460.00* today", text)

    # === ACCESS AND IDENTITY === #

    def test_external_collectors_see_the_costs_of_their_cases_alone(self):
        group = self.env.ref("ar_collections.ar_collections_group_external")
        user = self.env["res.users"].create(
            {"name": "External", "login": "costs-external", "group_ids": [(6, 0, group.ids)],
             "company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        )  # fmt: skip
        self.agency.user_ids = user
        placement = self._place(self.old)
        theirs = self._cost(36, placement_id=placement.id)
        self._cost(50)
        self._cost(12, placement_id=placement.id, is_claimable=False)
        self.assertEqual(self.env["ar.legal.cost"].with_user(user).search([]), theirs)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            theirs.with_user(user).amount = 1

    def test_users_without_a_role_and_other_companies_see_nothing(self):
        cost = self._cost()
        plain = self.env["res.users"].create(
            {"name": "Plain", "login": "costs-plain", "group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}
        )
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            cost.with_user(plain).read(["amount"])
        auditor = self._user("auditor", login="costs-auditor")
        self.assertEqual(cost.with_user(auditor).amount, 100)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            cost.with_user(auditor).amount = 1

    def test_costs_follow_a_merged_customer(self):
        cost = self._cost()
        other = self._customer(self._partner(name="The Same"))
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.partner | other.partner_id).ids, other.partner_id)
        self.env.invalidate_all()
        self.assertEqual(cost.customer_id, other)
        self.assertEqual(cost.partner_id, other.partner_id)
