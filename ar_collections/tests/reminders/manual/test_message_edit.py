from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_edit import EditCommon


class TestMessageEdit(EditCommon):
    """An edited message is sent as the step that is due; list, link and signature stay generated."""

    # === WHAT IS SHOWN === #

    def test_the_dialog_shows_the_text_of_the_template_and_the_generated_parts_apart(self):
        wizard = self._open()
        self.assertIn("Patient Payer", wizard.text_above)
        self.assertIn("escaped your notice", wizard.text_above)
        self.assertIn("glad to receive your payment", wizard.text_below)
        self.assertEqual(wizard.subject, self.friendly.mail_template_id._render_field(
            "subject", [self._open_and_send().id])[self._communications(self.customer)[-1].id])  # fmt: skip
        for text in (wizard.text_above, wizard.text_below):
            self.assertNotIn("[[ar:", text)
            self.assertNotIn(self.invoice.name, text)
        self.assertIn(self.invoice.name, wizard.items_html)
        self.assertIn(self.collector.name, wizard.end_html)
        self.assertIn("View and pay online", wizard.end_html)

    def _open_and_send(self):
        self._send(self._open())
        return self._communications(self.customer)

    def test_opening_the_dialog_leaves_no_trace(self):
        self._run()
        before = self._communications(self.customer)
        messages = len(self.customer.message_ids)
        self._open()
        self.assertEqual(self._communications(self.customer), before)
        self.assertEqual(
            (before.state, before.line_ids.uses_step, before.address_ids.mail_mail_id.state),
            ("planned", True, "outgoing"),
        )
        self.assertEqual(len(self.customer.message_ids), messages)

    def test_a_template_without_a_list_stands_above(self):
        self.friendly.mail_template_id.body_html = "<div><p>Just pay.</p></div>"
        wizard = self._open()
        self.assertEqual((wizard.text_above, wizard.text_below or ""), ("<p>Just pay.</p>", ""))

    def test_texts_are_cut_where_the_list_stands_even_within_a_frame(self):
        split = self.env["ar.communication"]._split_text
        self.assertEqual(
            split("<div><p>Dear you</p>[[ar:items]]<p>Soon.</p>[[ar:pay]]<p> </p>[[ar:contact]]</div>"),
            ("<p>Dear you</p>", "<p>Soon.</p>"),
        )
        above, below = split("<table><tr><td>Dear <b>you: [[ar:items]] thanks</b></td></tr></table>")
        self.assertIn("Dear <b>you:", above)
        self.assertIn("thanks", below)
        self.assertEqual(split("Plain [[ar:items]]"), ("<p>Plain</p>", ""))

    def test_the_texts_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.friendly.mail_template_id
        template.with_context(lang="fr_FR").body_html = "<div><p>Bonjour</p><t t-out='object.items_html'/></div>"
        self.customer.partner_id.lang = "fr_FR"
        self.assertEqual(self._open().text_above, "<p>Bonjour</p>")

    def test_nothing_is_uploaded_into_the_edited_text(self):
        arch = etree.fromstring(self.env["ar.message.edit"].get_view(view_type="form")["arch"])
        for name in ("text_above", "text_below"):
            options = literal_eval(arch.find(f".//field[@name='{name}']").get("options"))
            self.assertEqual(options, {"allowImage": False, "allowVideo": False, "allowFile": False})

    # === WHAT GOES OUT === #

    def test_the_button_says_what_the_page_can_do(self):
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        message = self._open_and_send()[-1:]
        providers = self.env["payment.provider"].sudo()
        provider = providers.search([*providers._check_company_domain(self.company), ("is_published", "=", True)])[:1]
        provider.search([("id", "!=", provider.id)]).is_published = False
        other = self.env["res.currency"].search([("id", "!=", self.company.currency_id.id)], limit=1)
        for currencies, part, button, sentence in [
            (self.env["res.currency"], True, "View and pay online", "You can pay all or part"),
            (self.company.currency_id, False, "View and pay online", "You can pay, see"),
            (other, True, "View your account", "You can see your invoices"),
        ]:
            provider.available_currency_ids = currencies
            self.policy.allow_partial_payment = part
            self.env.invalidate_all()
            with self.subTest(currencies=currencies.mapped("name"), part=part):
                self.assertIn(button, message.pay_html)
                self.assertIn(sentence, message.pay_html)
        provider.available_currency_ids = self.company.currency_id
        # As a notice about a plan, which lists no items; nobody deletes lines.
        self.env.cr.execute("DELETE FROM ar_communication_line WHERE communication_id = %s", (message.id,))
        self.env.invalidate_all()
        self.assertIn("View and pay online", message.pay_html)
        provider.available_currency_ids = False
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "False")
        self.assertFalse(self.company._ar_get_online_currencies())

    def test_the_edited_text_is_sent_around_the_generated_list(self):
        communication = self._send_edited()
        (mail,) = self._deliver()
        self.assertEqual(mail["subject"], "A word between us")
        body = mail["body"]
        start = body.index("our walk")  # before it, only the preview line beside the subject
        places = [body.index(text, start) for text in (self.invoice.name, "end of the month", "View and pay online")]
        self.assertEqual(places, sorted(places))
        self.assertIn("500.00", body)
        self.assertNotIn("escaped your notice", body)
        self.assertIn("- " + self.invoice.name, mail["body_alternative"])
        self.assertIn("our walk", mail["body_alternative"])
        self.assertEqual((communication.state, communication.is_manual), ("sent", True))

    def test_the_step_is_logged_as_that_step_and_sent_once(self):
        self._send_edited()
        self._deliver()
        self.assertEqual(self._states(self.customer), [(3, "sent")])
        self.assertEqual(self._communications(self.customer).line_ids.step_id, self.friendly)
        self._run()
        self.assertCode(self.customer, "already_sent")
        with self._on():
            action = self.customer.with_user(self.collector).action_remind_now()
        self.assertIn("Waiting for next step", self.env[action["res_model"]].browse(action["res_id"]).reason)

    def test_the_account_shows_at_once_what_comes_next(self):
        self._run()
        self._send_edited()
        self.assertEqual(self.customer.next_step_id, self.firm)
        self.assertCode(self.customer, "already_sent")

    def test_the_log_shows_who_edited_it_and_when(self):
        communication = self._send_edited()
        self.assertEqual(communication.edited_by_id, self.collector)
        self.assertTrue(communication.edited_on)
        self.assertIn("was edited", self.customer.message_ids[0].body)
        self.assertEqual(self.customer.message_ids[0].author_id, self.collector.partner_id)

    def test_automatic_messages_are_not_marked_as_edited(self):
        self._run()
        self.assertFalse(self._communications(self.customer).edited_by_id)

    def test_what_the_night_prepared_gives_way(self):
        self._run()
        self._send_edited()
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "planned")])
        self.assertEqual(len(self._deliver()), 1)

    def test_scripts_in_the_edited_text_are_removed(self):
        communication = self._send_edited(
            text_above="<p onclick='steal()'>Dear <t t-out='object.env'/>{{ object.id }}</p><script>steal()</script>"
        )
        for text in (communication.body, self._deliver()[0]["body"]):
            self.assertNotIn("steal", text)
            self.assertIn("{{ object.id }}", text)

    def test_another_contact_of_the_customer_can_be_added(self):
        contact = self._contact()
        wizard = self._write(self._open())
        self._add_recipient(wizard, contact)
        self._send(wizard)
        mails = self._deliver()
        self.assertEqual(
            sorted(address for mail in mails for address in mail["email_to"]),
            ['"A contact" <contact@customer.example.com>', '"Patient Payer" <payer@customer.example.com>'],
        )
        sent = self._communications(self.customer)
        self.assertEqual(sent.email_to, "payer@customer.example.com,contact@customer.example.com")

    def test_nobody_else_and_nobody_without_address_is_added(self):
        for partner, reason in (
            (self._partner(name="A stranger"), "cannot be sent to anybody else"),
            (self._contact(email=False), "email address"),
        ):
            wizard = self._write(self._open())
            self._add_recipient(wizard, partner)
            with self.subTest(partner=partner.name), self.assertRaisesRegex(UserError, reason):
                self._send(wizard)

    def test_an_empty_message_is_refused(self):
        for values, reason in [
            ({"subject": " "}, "subject"),
            ({"text_above": "<p><br></p>", "text_below": False}, "at least one sentence"),
            ({"recipient_ids": [(5,)]}, "recipients"),
        ]:
            wizard = self._write(self._open(), **values)
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, reason):
                self._send(wizard)

    def test_from_the_preview_the_row_shows_that_it_was_sent(self):
        with self._on():
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview.action_preview()
            line = preview.line_ids
            action = line.action_edit()
        wizard = self.env["ar.message.edit"].with_user(self.collector).browse(action["res_id"])
        self._send(self._write(wizard))
        self.assertEqual(line.done, "sent")
        self.assertEqual(self._communications(self.customer).subject, "A word between us")

    def test_a_call_is_no_message(self):
        self._on_schedule({"days": 3, "channel": "call"})
        with self._on():
            action = self.customer.with_user(self.collector).action_remind_now()
            dialog = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual((dialog._name, dialog.is_call, dialog.can_send), ("ar.remind", True, False))
            with self.assertRaisesRegex(UserError, "Log the call"):
                self.env["ar.message.edit"]._open_for(self.customer.with_user(self.collector))

    def test_before_activation_nothing_is_written(self):
        self.company.ar_active = False
        with self._on():
            action = self.customer.with_user(self.collector).action_remind_now()
            self.assertEqual(self.env[action["res_model"]].browse(action["res_id"]).can_send, False)
            with self.assertRaisesRegex(UserError, "not active"):
                self.env["ar.message.edit"]._open_for(self.customer.with_user(self.collector))

    # === LETTERS === #

    def test_a_letter_takes_the_edited_text_and_is_printed_once(self):
        (step,) = self._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>The standard text.</p>"})
        wizard = self._open()
        self.assertEqual(wizard.text_above, "<p>The standard text.</p>")
        self._send(self._write(wizard))
        letter = self._communications(self.customer)
        self.assertEqual((letter.state, letter.step_id, letter.body or ""), ("planned", step, ""))
        report = self.env["ir.actions.report"]
        page = str(report._render_qweb_html("ar_collections.report_reminder_letter", letter.ids)[0], "utf-8")
        self.assertIn("our walk", page)
        self.assertIn("end of the month", page)
        self.assertNotIn("The standard text", page)
        with self._on():
            letter.with_user(self.collector).action_print()
        self.assertEqual(self._states(self.customer), [(3, "sent")])

    def test_a_letter_that_waits_for_the_printer_can_still_be_changed(self):
        self._on_schedule({"days": 3, "channel": "letter"})
        self._run()
        letter = self._communications(self.customer)
        wizard = self._write(self._open_waiting(letter))
        self.assertFalse(wizard.can_send)
        with self._on():
            wizard.action_save()
        self.env.invalidate_all()
        self.assertEqual((letter.state, letter.edited_by_id), ("planned", self.collector))
        self.assertIn("our walk", letter.text_above)


class TestMessageEditRights(EditCommon):
    """Allowed and blocked pairs."""

    def test_who_may_write(self):
        users = {group: self._user(group, login=f"words-{group}") for group in ("auditor", "collector", "manager")}
        users["internal"] = self.internal_user
        for role, user in users.items():
            with self.subTest(role=role), self.env.cr.savepoint() as savepoint:
                if role in ("collector", "manager"):
                    self._send(self._write(self._open(user)))
                    self.assertEqual(self._communications(self.customer).edited_by_id, user)
                else:
                    with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(UserError):
                        self._open(user)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_wizards_of_others_help_nobody(self):
        wizard = self._write(self._open())
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
            for user in (self.internal_user, self._user("auditor")):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    self._send(wizard.with_user(user))

    def test_the_message_of_another_customer_is_refused(self):
        other, _invoice = self._late(amount=900, name="Other Payer", email="other@customer.example.com")
        self.policy.review_above = 600
        self._run()
        waiting = self._communications(other)
        wizard = self._write(self._open())
        wizard.communication_id = waiting
        for button in ("action_save", "action_send"):
            with self.subTest(button=button), self.assertRaisesRegex(UserError, "another customer"), self._on():
                getattr(wizard.with_user(self.manager), button)()
        self.assertFalse(waiting.edited_by_id)

    def test_without_a_message_there_is_nothing_to_save(self):
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self._write(self._open()).action_save()

    def test_nobody_writes_the_log_itself(self):
        self._run()
        communication = self._communications(self.customer)
        for user in (self.collector, self.manager, self._user("credit_manager")):
            with self.assertRaises(AccessError):
                communication.with_user(user).write({"text_above": "<p>Psst</p>"})

    def test_what_was_sent_is_not_rewritten(self):
        communication = self._send_edited()
        self._deliver()
        for values in ({"text_above": "<p>Other</p>"}, {"edited_by_id": self.manager.id}, {"subject": "Other"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "cannot be changed"):
                communication.sudo().write(values)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self._open_waiting(communication)

    def test_a_collector_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("collector", login="stranger", company_id=other.id, company_ids=[(6, 0, other.ids)])
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._open(stranger)
