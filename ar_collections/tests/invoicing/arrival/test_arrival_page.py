import re
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import MAIL_LOGS
from ...portal.common_portal import ArPortalCommon
from .common_arrival import ArrivalActions


@tagged("post_install", "-at_install")
class TestArrivalPage(ArrivalActions, ArPortalCommon):
    """What customers do on their page and on Odoo's page of an invoice: views, and invoices they did not get."""

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].sudo().search([]).unlink()

    def _seen(self, invoice=None, items=(), token=None, **headers):
        """Call the script's route of Odoo's page of an invoice, or of the customer page."""
        url = f"/my/invoices/{invoice.id}/seen" if invoice else f"/my/receivables/{self.customer.id}/seen"
        params = {"access_token": token, "items": "-".join(map(str, items))}
        result = self.make_jsonrpc_request(url, params, headers=headers)
        self.env.invalidate_all()
        return result

    def _copy(self, *invoices, **values):
        """Ask for invoices again; return the page that follows."""
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        items = [self._item(invoice).id for invoice in invoices]
        data = {"access_token": self._key(self.customer), "csrf_token": csrf, "item": items, **values}
        response = self.url_open(f"/my/receivables/{self.customer.id}/copy", data=data)
        self.env.invalidate_all()
        return response.text

    def _sink(self):
        """Work the mail queue through the SMTP sink; return [(address, subject)] of the invoices it took."""
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            self.env["mail.mail"].sudo().process_email_queue()
        self.env.invalidate_all()
        return [(m["To"].addresses[0].addr_spec, m["Subject"]) for m in server.messages if "Invoice" in m["Subject"]]

    def test_a_view_counts_only_by_the_script_of_a_customer(self):
        token = self.old._portal_ensure_token()
        page = self.url_open(f"/my/invoices/{self.old.id}?access_token={token}").text
        self.assertIn(f'data-seen-url="/my/invoices/{self.old.id}/seen"', page)
        self._page()
        self.assertEqual(self._kinds(self.old), [])  # a scanner that opens the links
        for token_like in ("wrong", "é", ["x"], {"a": 1}, None, 7):
            self.assertFalse(self._seen(self.old, token=token_like))
        self._seen(self.old, token=token, **{"Odoo-Link-Preview": "True"})
        self.assertEqual(self._kinds(self.old), [])
        for _time in range(2):
            self.assertTrue(self._seen(self.old, token=token))
        self.assertEqual(self._kinds(self.old), ["viewed"])
        self.assertEqual((self.old.ar_arrival_state, self.old.ar_arrival_ids.route), ("viewed", "invoice page"))

    def test_colleagues_and_previews_do_not_count(self):
        item = self._item(self.old).id
        preview = self.customer._make_link("preview", days=0)
        self._seen(items=[item], token=str(preview))
        self.authenticate(self.collector.login, self.collector.login)
        self._seen(self.old, token=self.old._portal_ensure_token())
        self.assertEqual(self._kinds(self.old), [])

    def test_the_customer_page_counts_the_items_it_shows_and_no_others(self):
        other = self._invoice(self._partner(name="Somebody else"), 4)
        items = [self._item(self.old).id, self._item(other).id, "1 OR 1", -1, None, 10**15]
        self.assertFalse(self._seen(items=items, token="wrong"))
        self._seen(items=items, token=self._key(self.customer))
        self.assertEqual((self._kinds(self.old), self._kinds(self.new), self._kinds(other)), (["viewed"], [], []))
        self.assertIn('data-seen-items="', self._page().text)

    def test_i_did_not_get_it_sends_again_to_the_known_address_and_moves_nothing_else(self):
        self._send(self.old)
        before = self.old.read(["ar_known_on", "invoice_date_due", "ar_no_chase_until"])
        text = self._copy(self.old, address="thief@elsewhere.example.com", mail_partner_ids=1)
        self.assertIn("Sent again to p…r@customer.example.com", text)
        self.assertEqual([address for address, _subject in self._sink()], ["payer@customer.example.com"])
        self.assertEqual(self._kinds(self.old), ["sent", "requested", "sent"])
        self.assertEqual(self.old.read(["ar_known_on", "invoice_date_due", "ar_no_chase_until"]), before)
        task = self._tasks(self.customer, "not_received")
        self.assertEqual((len(task), task.user_id), (1, self.collector))
        self.assertIn(self.old.name, task.summary)
        self.assertIn("today already", self._copy(self.old))
        self.assertEqual(self._sink(), [])
        self.assertFalse(self.customer.pause_until)
        self.assertEqual(self.customer._get_facts().items[0].exclusions, ())

    def test_the_link_of_a_message_changes_nothing_and_offers_what_it_lists(self):
        self.policy.workdays_only = False  # today may be a Sunday
        self._run()
        message = self._communications(self.customer)
        self.assertIn(self.old, message.line_ids.move_id)
        self.assertIn(f"/copy?message={message.id}", message._get_message_values()["copy_url"])
        self.assertIn("Invoice missing", message.contact_html)
        form = self.url_open(self._link(suffix="/copy", message=message.id)).text
        offered = [int(number) for number in re.findall(r'type="checkbox"[^>]*name="item"[^>]*value="(\d+)"', form)]
        self.assertEqual(sorted(offered), sorted(message.line_ids.move_line_id.ids))
        self.assertEqual((self._kinds(self.old), self._tasks(self.customer, "not_received").ids), ([], []))
        somebody = self._late(name="Somebody else", email="somebody@else.example.com")[0]
        theirs = self.url_open(self._link(somebody, suffix="/copy", message=message.id)).text
        self.assertIn("Nothing is selected", theirs)
        self.assertNotIn(self.old.name, theirs)
        for wrong in ("x", "-1", "9" * 30):
            self.assertIn("Nothing is selected", self.url_open(self._link(suffix="/copy", message=wrong)).text)
        self.env.cr.execute("UPDATE ar_communication SET notice = 'promise_due' WHERE id = %s", [message.id])
        self.env.invalidate_all()
        self.assertNotIn("copy_url", message._get_message_values())

    def test_an_address_that_returned_it_is_not_used_again(self):
        self._send(self.new)
        (message,) = self._send(self.old)
        self._bounce_of(message)
        text = self._copy(self.old)
        self.assertIn("who will send you", text)
        self.assertEqual(self._sink(), [])
        self.assertIn("no address", self._tasks(self.customer, "not_received").summary)
        contact = {
            "name": "Accounts",
            "parent_id": self.payer.id,
            "type": "invoice",
            "email": "acc@customer.example.com",
        }
        self.env["res.partner"].create(contact)
        self._copy(self.new)
        self._copy(self.old)  # once a day
        self.assertEqual([address for address, _subject in self._sink()], ["acc@customer.example.com"])

    def test_only_what_was_sent_is_sent_again_and_by_email_alone(self):
        """A visitor starts no transmission to an authority, and sends nothing that staff did not send."""
        never = self._invoice(self.payer, overdue_days=3)
        self._send(self.old | self.new)
        waiting = {"move_id": self.new.id, "state": "held", "due_at": fields.Datetime.now()}
        row = self.env["ar.invoice.sending"].sudo().create(waiting)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        send, account, edis, languages = self.env["account.move.send"], type(self.customer), [], []
        add_task = account._add_task

        def note_edis(_model, invoices_data):
            edis.extend(data["extra_edis"] for data in invoices_data.values())

        def note_language(customer, *args, **kwargs):
            languages.append(customer.env.lang)
            return add_task(customer, *args, **kwargs)

        every = {"authority": {"label": "Authority", "is_applicable": lambda _move: True}}
        with (
            patch.object(type(send), "_get_all_extra_edis", lambda _model: every),
            patch.object(type(send), "_call_web_service_before_invoice_pdf_render", note_edis),
            patch.object(account, "_add_task", note_language),
        ):
            text = self._copy(self.old, self.new, never)
        self.assertIn(f"customer.example.com: {self.old.name}.", text)
        self.assertEqual(list(map(set, edis)), [set()])
        self.assertEqual((row.state, self._kinds(never)), ("held", ["requested"]))
        self.assertEqual(languages, ["fr_FR", "fr_FR"])
        note = self._tasks(self.customer, "not_received").note
        self.assertIn(f"{never.name}", note)
        self.assertIn(f"{self.new.name}", note)

    def test_one_that_cannot_be_made_stops_no_other(self):
        self._send(self.old | self.new)
        send = type(self.env["account.move.send"])
        generate = send._generate_and_send_invoices

        def fail_for_the_old(model, moves, *args, **kwargs):
            if self.old in moves.with_env(self.env):
                raise UserError("There is no template that applies to this move type.")
            return generate(model, moves, *args, **kwargs)

        with patch.object(send, "_generate_and_send_invoices", fail_for_the_old):
            text = self._copy(self.old, self.new)
        self.assertIn(f"customer.example.com: {self.new.name}.", text)
        task = self._tasks(self.customer, "not_received")
        self.assertIn(f"{self.new.name}: sent again", task.summary)
        self.assertIn(f"{self.old.name}: could not be sent", task.note)

    def test_hostile_requests_get_nothing(self):
        other = self._invoice(self._partner(name="Somebody else"), 4)
        self.assertIn("Nothing is selected", self._copy(other))
        self.assertEqual(self._kinds(other), [])
        url = f"/my/receivables/{self.customer.id}/copy"
        self.assertEqual(self.url_open(f"{url}?access_token=wrong&item={self._item(self.old).id}").status_code, 404)
        page = self.url_open(f"{url}?access_token={self._key(self.customer)}&item={self._item(self.old).id}")
        self.assertIn("p…r@customer.example.com", page.text)
        self.assertEqual((page.status_code, self._kinds(self.old)), (200, []))  # opening the form sends nothing
        self.policy.portal_messages_per_day = 1
        self._copy(self.new)
        self.assertIn("as many copies", self._copy(self.old))
        self.assertEqual(self._kinds(self.old), [])

    def test_what_was_viewed_is_reminded_where_the_policy_waits(self):
        self.policy.write({"arrival_rule": "wait", "workdays_only": False})  # today may be a Sunday
        self._run()
        self.assertCode(self.customer, "not_arrived")
        self._seen(items=[self._item(self.old).id], token=self._key(self.customer))
        self._run()
        self.assertIn(self.old.name, self._communications(self.customer).line_ids.mapped("name"))
        self.assertNotIn(self.new.name, self._communications(self.customer).line_ids.mapped("name"))

    def test_a_contact_who_is_logged_in_counts(self):
        user = self._portal_user(self._partner(name="Reader", parent_id=self.payer.id, is_company=False), "reader-seen")
        user.company_ids = [Command.set(self.company.ids)]
        self.authenticate("reader-seen", "reader-seen")
        self.assertTrue(self._seen(self.old))
        self.assertEqual(self._kinds(self.old), ["viewed"])
