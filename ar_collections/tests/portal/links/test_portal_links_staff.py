from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ....core.portal.links import hash_key
from ...communications.delivery.common_recipients import RecipientsCommon
from ..common_portal import ArPortalCommon

RULE_LOGS = ("odoo.addons.base.models.ir_rule", "odoo.models", "odoo.addons.base.models.ir_model")


class TestLinksForStaff(RecipientsCommon):
    """Collectors revoke links, auditors read about them, and nobody gets at a hash."""

    def setUp(self):
        super().setUp()
        self._deliver()
        self.links = self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)], order="id")

    def test_the_list_shows_whom_a_link_was_made_for_and_with_what(self):
        user = self._user("auditor")
        action = self.customer.with_user(user).action_open_links()
        links = self.env[action["res_model"]].with_user(user).search(action["domain"])
        names = ["address", "partner_id", "subject", "valid_until", "used_on", "is_valid", "revoked_on", "origin"]
        rows = links.read(names)
        self.assertEqual({row["address"] for row in rows}, {self.first.email, self.second.email})
        self.assertEqual({row["subject"] for row in rows}, {self.communication.subject})

    def test_nobody_reads_or_finds_a_hash(self):
        value = self.links[:1].sudo().key_hash
        self.assertEqual(len(value), len(hash_key("x")))
        for user in (self._user("auditor"), self._user("credit_manager"), self.env.ref("base.user_admin")):
            links = self.env["ar.portal.link"].with_user(user)
            for name, function in {
                "read": lambda links=links: links.browse(self.links.ids).read(["key_hash"]),
                "search": lambda links=links: links.search([("key_hash", "=like", value[:2] + "%")]),
                "order": lambda links=links: links.search([], order="key_hash"),
                "read_group": lambda links=links: links.formatted_read_group([], ["key_hash"], ["__count"]),
                "export": lambda links=links: links.browse(self.links.ids).export_data(["key_hash"]),
                "path": lambda user=user: (
                    self.env["ar.customer"]
                    .with_user(user)
                    .search([("portal_link_ids.key_hash", "=like", value[:2] + "%")])
                ),
                "filtered_domain": lambda links=links: links.browse(self.links.ids).filtered_domain(
                    [("key_hash", "=", value)]
                ),
            }.items():
                with (
                    self.subTest(user=user.login, way=name),
                    mute_logger(*RULE_LOGS),
                    self.assertRaises(UserError),
                ):
                    function()

    def test_collectors_revoke_one_and_auditors_none(self):
        first, second = self.links
        with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
            first.with_user(self._user("auditor")).action_revoke()
        first.with_user(self.collector).action_revoke()
        self.assertEqual((first.is_valid, second.is_valid), (False, True))
        self.assertEqual(first.revoked_by_id, self.collector)
        self.assertIn(first.address, self.customer.message_ids[0].body)

    def test_revoking_again_changes_and_logs_nothing(self):
        self.links.with_user(self.collector).action_revoke()
        moments, number = self.links.mapped("revoked_on"), len(self.customer.message_ids)
        self.links.with_user(self.collector).action_revoke()
        self.customer.invalidate_recordset(["message_ids"])
        self.assertEqual((self.links.mapped("revoked_on"), len(self.customer.message_ids)), (moments, number))

    def test_links_are_neither_made_nor_changed_by_hand(self):
        values = {"customer_id": self.customer.id, "company_id": self.company.id, "origin": "copied",
                  "key_hash": hash_key("mine"), "valid_until": self.TODAY}  # fmt: skip
        links = self.env["ar.portal.link"].with_user(self._user("credit_manager"))
        with mute_logger(*RULE_LOGS):
            for function in (
                lambda: links.create(values),
                lambda: links.browse(self.links.ids).write({"valid_until": self.TODAY}),
                lambda: links.browse(self.links.ids).unlink(),
            ):
                with self.assertRaises(AccessError):
                    function()

    def test_another_company_sees_none(self):
        user = self._user("auditor", login="elsewhere")
        other = self._create_company(name="Elsewhere")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["ar.portal.link"].with_user(user).search([]))

    def test_what_becomes_of_links_when_their_message_is_deleted(self):
        self.communication.message_id.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(self.links.mapped("is_valid"), [True, True])
        self.assertEqual(self.links.mapped("subject"), [False, False])

    def test_contacts_that_are_merged_keep_their_links(self):
        self.env["base.partner.merge.automatic.wizard"]._merge((self.first | self.second).ids, self.second)
        self.env.invalidate_all()
        self.assertEqual(self.links.partner_id, self.second)
        self.assertEqual(self.links.mapped("is_valid"), [True, True])


@tagged("post_install", "-at_install")
class TestLinksCopiedByStaff(ArPortalCommon):
    """Links that staff makes: for the telephone, and to see what the customer sees."""

    def test_the_preview_is_a_link_for_today(self):
        action = self.customer.with_user(self.collector).action_preview_portal()
        self.assertIn(self.old.name, self.url_open(action["url"]).text)
        link = self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)], limit=1)
        self.assertEqual((link.origin, link.valid_until, link.create_uid), ("preview", self.TODAY, self.collector))

    def test_the_dialog_shows_a_link_once_and_stores_none(self):
        action = self.customer.open_line_ids.with_user(self.collector).action_ar_pay_link()
        shown = self.env["ar.pay.link"].with_user(self.collector).with_context(**action["context"]).new()
        self.assertRegex(shown.link, r"access_token=[\w-]{43}&items=")
        self.assertFalse(self.env["ar.pay.link"]._fields["link"].store)
        link = self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)], limit=1)
        self.assertEqual((link.origin, shown.valid_until), ("copied", link.valid_until))

    def test_old_links_are_deleted_in_the_end(self):
        links = self.env["ar.portal.link"].sudo()
        for origin, days in (("message", -800), ("preview", -8), ("message", -700), ("preview", 0)):
            links._issue(self.customer, origin, days=days)
        links._gc_links()
        self.assertEqual(links.search([("customer_id", "=", self.customer.id)], order="id").mapped("origin"),
                         ["message", "preview"])  # fmt: skip
