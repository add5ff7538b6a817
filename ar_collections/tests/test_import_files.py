"""Policies, schedules, limits and reasons from CSV files by Odoo's import; the files are the examples it offers."""

import csv
import io
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons import ar_collections

from .common import ArCommon

EXAMPLES = Path(ar_collections.__file__).parent / "static" / "csv"

#: What dialog and server agree on; Odoo's dialog sends the same.
OPTIONS = {"quoting": '"', "separator": ",", "encoding": "utf-8", "has_headers": True, "date_format": "%Y-%m-%d"}

SCHEDULE_COLUMNS = [
    "id", "name", "sequence", "active", "description", "step_ids/id", "step_ids/name", "step_ids/days",
    "step_ids/channel", "step_ids/tone", "step_ids/mail_template_id/id", "step_ids/activity_type_id/id",
    "step_ids/deadline_days", "step_ids/minimum_days_overdue", "step_ids/attach_statement",
    "step_ids/attach_invoices", "step_ids/responsible", "step_ids/letter_text",
]  # fmt: skip

POLICY_COLUMNS = [
    "id", "name", "sequence", "company_id/id", "schedule_id/id", "entry_step_id/id", "partner_domain", "terms",
    "minimum_balance", "minimum_share", "tolerance_amount", "tolerance_share", "review_above", "contacts_per_day",
    "contacts_per_7_days", "contacts_per_30_days", "minimum_gap_days", "minimum_known_days", "pending_payment_days",
    "allow_partial_payment", "minimum_partial_payment", "workdays_only", "calendar_id/id",
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestImportFiles(ArCommon):
    """What is imported and exported, by a credit manager, with the dialog's own model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("base.group_allow_export")

    def _import(self, model, text, dryrun=False, **options):
        """Import a file as the dialog does, with the columns that it finds; return (records, messages)."""
        values = {"res_model": model, "file": text.encode(), "file_name": "file.csv", "file_type": "text/csv"}
        dialog = self.env["base_import.import"].create(values)
        preview = dialog.parse_preview(dict(OPTIONS))
        self.assertNotIn("error", preview)
        matches = preview["matches"]
        columns = ["/".join(matches.get(number, [])) for number in range(len(preview["headers"]))]
        self.assertEqual(columns, preview["headers"])
        found = dialog.execute_import(columns, preview["headers"], {**preview["options"], **options}, dryrun=dryrun)
        return self.env[model].browse(found.get("ids") or []), found["messages"]

    def _import_example(self, model):
        """Import the example that the model offers; return (records, messages)."""
        (offered,) = self.env[model].get_import_templates()
        return self._import(model, (EXAMPLES / Path(offered["template"]).name).read_text())

    def _export(self, records, columns):
        """Return a CSV file of the records, and its rows."""
        rows = records.export_data(columns)["datas"]
        file = io.StringIO()
        csv.writer(file).writerows([columns, *rows])
        return file.getvalue(), rows

    def _assert_refused(self, model, text, *parts, **options):
        """Assert that a file changes nothing, and that messages say what is wrong and in which row."""
        before = self.env[model].with_context(active_test=False).search_count([])
        with mute_logger("odoo.sql_db"):
            records, messages = self._import(model, text, **options)
        self.assertFalse(records)
        said = "\n".join(message["message"] for message in messages)
        for part in parts:
            self.assertIn(part, said)
        self.env.invalidate_all()
        self.assertEqual(self.env[model].with_context(active_test=False).search_count([]), before)
        return messages

    # === EXAMPLES === #

    def test_schedules_and_policies(self):
        schedules, messages = self._import_example("ar.reminder.schedule")
        self.assertFalse(messages)
        wholesale, public = schedules
        self.assertEqual(wholesale.step_ids.mapped("days"), [-7, 5, 14, 21, 35])
        self.assertEqual(wholesale.step_ids.mapped("channel"), ["email", "email", "email", "call", "letter"])
        self.assertEqual(wholesale.step_ids[1].mail_template_id, self.env.ref("ar_collections.mail_template_friendly"))
        self.assertEqual(public.step_ids.mapped("tone"), ["friendly", "firm"])

        policies, messages = self._import_example("ar.credit.policy")
        self.assertFalse(messages)  # found by “schedule / step”, where both schedules have a first reminder
        self.assertEqual(policies.schedule_id, schedules)
        self.assertEqual(policies.entry_step_id, wholesale.step_ids[1] | public.step_ids[0])
        self.assertEqual(policies.company_id, self.company)
        self.assertEqual(policies.mapped("minimum_balance"), [50.0, 0.0])
        self.assertFalse(any(policies.mapped("warning")))

        again, messages = self._import_example("ar.reminder.schedule")  # changes what it made, and adds nothing
        self.assertFalse(messages)
        self.assertEqual((again, again.step_ids), (schedules, schedules.step_ids))
        policies.unlink()
        schedules.unlink()
        anew, messages = self._import_example("ar.reminder.schedule")  # as if it had never been there
        self.assertFalse(messages)
        self.assertEqual([len(schedule.step_ids) for schedule in anew], [5, 2])
        anew[0].name = "Wholesale / North"
        found = self.env["ar.reminder.step"].name_search("Wholesale / North / First reminder", operator="=")
        self.assertEqual([step_id for step_id, _name in found], anew[0].step_ids[1].ids)

    def test_dispute_reasons(self):
        reasons, messages = self._import_example("ar.dispute.reason")
        self.assertFalse(messages)
        self.assertEqual(reasons.mapped("sla_days"), [3, 10])
        self.assertEqual(reasons.mapped("portal"), [True, False])

    def test_limits_of_contacts(self):
        known, _invoice = self._late(4, 300, name="Hillside Bakery")
        new = self._partner(name="Cooper Transport", ref="C-2041")
        cash = self._partner(name="Riverside Garage")
        entries, messages = self._import_example("ar.credit.limit.entry")
        self.assertFalse(messages)
        self.assertEqual(entries.partner_id, known.partner_id | new | cash)
        self.assertEqual((known.credit_limit_kind, known.credit_limit), ("amount", 12500))
        self.assertEqual(str(known.credit_review_on), "2028-01-31")
        self.assertEqual(known.partner_id.with_company(self.company).credit_limit, 12500)
        self.assertEqual(self._customer(new).credit_limit, 4000)
        self.assertEqual(self._customer(cash).credit_limit_kind, "zero")

    def test_the_exposures_of_all_limits_follow_together(self):
        names = [self._partner(name=f"Customer {number}").name for number in range(3)]
        refreshed, original = [], self.registry["ar.customer"]._refresh_exposure
        self.patch(
            self.registry["ar.customer"],
            "_refresh_exposure",
            lambda accounts: (refreshed.append(len(accounts)), original(accounts)),
        )
        rows = "".join(f"{name},{number}00.00\n" for number, name in enumerate(names, 1))
        entries, messages = self._import("ar.credit.limit.entry", f"partner_id,credit_limit\n{rows}")
        self.assertFalse(messages)
        self.assertEqual(refreshed, [3])
        accounts = self.env["ar.customer"].search([("partner_id", "in", entries.partner_id.ids)])
        self.assertEqual(sorted(accounts.mapped("credit_limit")), [100, 200, 300])
        self.assertEqual(sorted(entries.partner_id.with_company(self.company).mapped("credit_limit")), [100, 200, 300])

    # === BACK AND FORTH === #

    def test_schedules_are_exported_and_imported(self):
        names = ("standard", "vip", "installments")
        schedules = self.env["ar.reminder.schedule"]
        for name in names:
            schedules |= self.env.ref(f"ar_collections.reminder_schedule_{name}")
        text, rows = self._export(schedules, SCHEDULE_COLUMNS)
        again, messages = self._import("ar.reminder.schedule", text)
        self.assertFalse(messages)
        self.assertEqual(again, schedules)
        self.assertEqual(self._export(schedules, SCHEDULE_COLUMNS)[1], rows)
        copies, messages = self._import("ar.reminder.schedule", text.replace("ar_collections.reminder_s", "copy_of_s"))
        self.assertFalse(messages)
        self.assertFalse(copies & schedules)
        self._assert_same(self._export(copies, SCHEDULE_COLUMNS)[1], rows)

    def test_policies_are_exported_and_imported(self):
        policy = self.env["ar.credit.policy"].search([("company_id", "=", self.company.id)], limit=1)
        policy.write({"terms": "<p>Thirty days, “net”.</p>", "partner_domain": "[('name', '=', 'A, \"B\"')]"})
        text, rows = self._export(policy, POLICY_COLUMNS)
        again, messages = self._import("ar.credit.policy", text)
        self.assertFalse(messages)
        self.assertEqual(again, policy)
        self.assertEqual(self._export(policy, POLICY_COLUMNS)[1], rows)
        copy, messages = self._import("ar.credit.policy", text.replace(rows[0][0], "copy_of_policy", 1))
        self.assertFalse(messages)
        self.assertNotEqual(copy, policy)
        self._assert_same(self._export(copy, POLICY_COLUMNS)[1], rows)

    def _assert_same(self, found, expected):
        """Assert that exported rows differ in external ids of their own only."""
        own = [number for number, name in enumerate(SCHEDULE_COLUMNS) if name in ("id", "step_ids/id")]
        own = own if len(expected[0]) == len(SCHEDULE_COLUMNS) else [0]
        for row in (*found, *expected):
            for number in own:
                row[number] = ""
        self.assertEqual(found, expected)

    # === BAD ROWS === #

    def test_bad_schedules(self):
        refuse = self._assert_refused
        head = "name,step_ids/name,step_ids/days,step_ids/channel,step_ids/tone,step_ids/mail_template_id/id\n"
        friendly = "ar_collections.mail_template_friendly"
        refuse("ar.reminder.schedule", f"{head}A,One,5,Pigeon,Friendly,\n", "Pigeon", "Channel")
        refuse("ar.reminder.schedule", f"{head}A,One,soon,Call,Friendly,\n", "soon")
        refuse("ar.reminder.schedule", f"{head}A,One,5,Email,Friendly,\n", "Choose an email template for step “One”.")
        refuse("ar.reminder.schedule", f"{head}A,One,5,Email,Friendly,no.such_template\n", "no.such_template")
        two = f"{head}A,One,5,Call,Friendly,\nB,One,5,Email,Firm,{friendly}\n,Two,5,Email,Firm,{friendly}\n"
        refuse("ar.reminder.schedule", two, "Two steps of a schedule cannot fall on one day")

    def test_bad_policies_and_reasons(self):
        refuse = self._assert_refused
        messages = refuse("ar.credit.policy", "name,schedule_id\nA,Standard\nB,Nobody knows it\n", "Nobody knows it")
        self.assertEqual(messages[0]["rows"], {"from": 1, "to": 1})
        refuse("ar.credit.policy", "name\nA\n", "Reminder Schedule")
        filters = "name,schedule_id,partner_domain\nA,Standard,\"[('no_such_field', '=', 1)]\"\n"
        refuse("ar.credit.policy", filters, "The filter of policy “A” is invalid")
        entry = "name,schedule_id,entry_step_id\nA,Standard,VIP / Firm reminder\n"
        refuse("ar.credit.policy", entry, "The entry step of policy “A” belongs to another schedule.")
        refuse("ar.credit.policy", "name,schedule_id,minimum_balance\nA,Standard,much\n", "much")
        refuse("ar.dispute.reason", "name,sla_days\nA,-1\n", "The number of days for an answer cannot be negative.")

    def test_bad_limits(self):
        customer, _invoice = self._late(4, 300, name="Hillside Bakery", ref="C-77")
        values = {"name": "The treasurer", "email": "treasurer@bakery.example.com", "is_company": False}
        self._partner(**values, parent_id=customer.partner_id.id)
        self._partner(name="Twin")
        self._partner(name="Twin")
        head = "partner_id,credit_limit\nHillside Bakery,500.00\n"
        for row, part in (
            ("Nobody,5.00", "Nobody"),
            ("Twin,5.00", 'Found multiple matches for value "Twin"'),
            ("Hillside Bakery,700.00", "Row 2 (Hillside Bakery) and row 1 (Hillside Bakery) are about"),
            ("C-77,700.00", "Row 2 (C-77) and row 1 (Hillside Bakery)"),
            ("treasurer@bakery.example.com,700.00", "Row 2 (treasurer@bakery.example.com) and row 1 (Hillside"),
            (f"{self._partner(name='Negative').name},-5.00", "Negative"),
        ):
            with self.subTest(row):
                self._assert_refused("ar.credit.limit.entry", f"{head}{row}\n", part, limit=1)
                self.assertEqual(customer.credit_limit_kind, "none")
        with patch.object(self.registry["ar.credit.limit.entry"], "_most_rows", 1):
            self._assert_refused("ar.credit.limit.entry", f"{head}C-77,5.00\n", "more than 1 rows")

    def test_read_once_more_with_external_ids_and_without_the_day_of_the_review(self):
        customer, _invoice = self._late(4, 300, name="Hillside Bakery")
        customer.credit_review_on = "2030-01-31"
        for amount in (500, 700):
            text = f"id,partner_id,credit_limit\nlimit_1,Hillside Bakery,{amount}.00\n"
            _entries, messages = self._import("ar.credit.limit.entry", text)
            self.assertFalse(messages)
            self.assertEqual(customer.credit_limit, amount)
        self.assertEqual(str(customer.credit_review_on), "2030-01-31")

    def test_a_trial_changes_nothing(self):
        customer, _invoice = self._late(4, 300, name="Hillside Bakery")
        text = "partner_id,credit_limit\nHillside Bakery,500.00\n"
        _entries, messages = self._import("ar.credit.limit.entry", text, dryrun=True)
        self.assertFalse(messages)
        self.env.invalidate_all()
        self.assertEqual(customer.credit_limit_kind, "none")
