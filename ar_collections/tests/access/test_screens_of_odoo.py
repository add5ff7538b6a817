from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..common import ArCommon
from .test_odoo_roles import ROLES

#: The roles of ours with fields of their own.
OURS = ("auditor", "credit_manager", "salesperson", "external")
#: Who opens them: with a role of ours, of Odoo, and with both. Those above a role open the same fields, and more.
WHO = {
    **{role: ROLES[role] for role in ("employee", "billing", "reader")},
    **{role: [f"ar_collections.ar_collections_group_{role}"] for role in OURS},
    "selling clerk": ["ar_collections.ar_collections_group_salesperson", "account.group_account_invoice"],
    "selling auditor": [
        "ar_collections.ar_collections_group_salesperson",
        "ar_collections.ar_collections_group_auditor",
    ],
}


def read_as_screen(records, kind):
    """Read all that a view shows of records, and of the lists on them, as the web client does.

    :param str kind: ``form`` or ``list``
    """
    arch = etree.fromstring(records.get_view(view_type=kind)["arch"])
    return records.web_read(_specify(records, arch))


def _specify(records, node):
    """Return what the web client requests for the fields inside a node of a view of these records."""
    wanted = {}
    for child in node.iterchildren(etree.Element):
        if child.tag != "field":
            wanted.update(_specify(records, child))
            continue
        name = child.get("name")
        field = records._fields[name]
        wanted[name] = {}
        if field.relational:
            inside = _specify(records.env[field.comodel_name], child)
            wanted[name] = {"fields": {"display_name": {}, **inside}}
    return wanted


@tagged("post_install", "-at_install")
class TestCoreViews(ArCommon):
    """Screens of Odoo that have fields of ours open for everybody, with a role of ours and without one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.env["res.users"].create(
                {
                    "name": f"The {role}",
                    "login": f"screens-{role}",
                    "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
            for role, groups in WHO.items()
        }
        cls.customer, cls.invoice = cls._late(overdue_days=12, amount=500, user_id=cls.users["salesperson"].id)

    def test_all_fields_of_forms_and_lists_can_be_read(self):
        for model, records in self._find_records().items():
            for role, user in self.users.items():
                seen = records.with_user(user).with_company(self.company)
                if not seen.has_access("read"):
                    continue
                with self.subTest(model=model, role=role):
                    self.env.invalidate_all()  # else it would take what another user has computed
                    for kind in ("form", "list"):
                        rows = read_as_screen(seen, kind)
                        self.assertEqual(len(rows), len(records))
                        if "ar_agreement_count" in rows[0]:
                            self.assertEqual(rows[0]["ar_agreement_count"], role != "selling clerk")

    def _find_records(self):
        """Return {model: records of a customer who owes, promised and paid something}."""
        self._run()
        promised = self._invoice(self.customer.partner_id, 5, 40)
        with self._on():
            self.customer._promise(self.TODAY, {self._debt(promised).id: None})
        payment = self._pay(self.invoice, 10)
        moves = self.invoice | self.invoice.copy()
        self.env.flush_all()
        return {
            "res.partner": self.customer.partner_id | self.partner_a,
            "account.move": moves,
            "account.move.line": self.invoice.line_ids,
            "account.payment": payment,
        }
