"""What is on the screen explains itself: help texts with an example, and lists that say what to do next."""

import re

from lxml import etree

from odoo.tests import tagged

from .common import ArCommon

#: The forms whose fields all have a help text with an example.
FORMS = ("ar.credit.policy", "ar.reminder.schedule", "ar.reminder.step")

#: Fields that show something, and are not set: no example.
SHOWN = {
    "ar.credit.policy": {"warning", "bank_warning", "invoice_sending_since", "receipt_since", "statement_done_for",
                         "statement_next_date", "rule_ids", "terms_ids"},
    "ar.reminder.schedule": {"timeline", "step_ids", "archived_step_count"},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestHelp(ArCommon):
    def _shown_fields(self, model):
        """Return the names of the model's own fields that its form shows, hidden ones and those of the chatter not."""
        root = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
        nodes = root.xpath("//field[not(ancestor::field) and not(ancestor::chatter)]")
        hidden = {"1", "True"}
        return {node.get("name") for node in nodes if node.get("invisible") not in hidden} - {"message_ids"}

    def test_every_field_of_policy_schedule_and_step_has_a_help_text_with_an_example(self):
        for model in FORMS:
            described = self.env[model].fields_get(self._shown_fields(model), ["help"])
            self.assertTrue(described)
            for name, description in sorted(described.items()):
                with self.subTest(model=model, field=name):
                    text = description.get("help") or ""
                    self.assertTrue(text, "no help text")
                    if name not in SHOWN.get(model, ()):
                        self.assertRegex(text, re.compile("example|for instance", re.IGNORECASE))

    def test_every_list_says_what_to_do_next(self):
        data = self.env["ir.model.data"].search([("model", "=", "ir.actions.act_window"), ("module", "=like", "ar_%")])
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        self.assertGreater(len(actions), 50)
        for action in actions.filtered(lambda action: action.view_mode.split(",")[0] != "form"):
            with self.subTest(action=action.xml_id):
                paragraphs = etree.fromstring(f"<div>{action.help or ''}</div>").findall("p")
                self.assertGreaterEqual(len(paragraphs), 2, "the state and the way on, a paragraph each")
                self.assertTrue(all("".join(paragraph.itertext()).strip() for paragraph in paragraphs))
