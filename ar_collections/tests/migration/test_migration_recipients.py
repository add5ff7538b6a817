"""The migration to 19.0.1.2.0: the addresses of communications become recipients, with their e-mails."""

from importlib.util import module_from_spec, spec_from_file_location

from odoo.tools.misc import file_path

from ..communications.delivery.common_recipients import RecipientsCommon

SCRIPT = "ar_collections/migrations/19.0.1.2.0/post-recipients.py"

COLUMNS = "communication_id, company_id, partner_id, address, state, failure, failure_reason, mail_mail_id"


class TestMigrationRecipients(RecipientsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        specification = spec_from_file_location("post_recipients", file_path(SCRIPT))
        cls.script = module_from_spec(specification)
        specification.loader.exec_module(cls.script)

    def _make_old(self):
        """Bring the database to the shape of the version before: one mail for all recipients of a communication."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE ar_communication ADD COLUMN mail_mail_id integer")
        self.env.cr.execute(
            """
            UPDATE ar_communication log
               SET mail_mail_id = (SELECT MIN(mail_mail_id)
                                     FROM ar_communication_recipient
                                    WHERE communication_id = log.id)
            """
        )
        self.env.cr.execute(
            """
            INSERT INTO mail_mail_res_partner_rel (mail_mail_id, res_partner_id)
                 SELECT log.mail_mail_id, chosen.res_partner_id
                   FROM ar_communication log
                   JOIN ar_communication_res_partner_rel chosen ON chosen.ar_communication_id = log.id
                  WHERE log.mail_mail_id IS NOT NULL
            ON CONFLICT DO NOTHING
            """
        )
        self.env.cr.execute(
            "DELETE FROM mail_mail WHERE id IN (SELECT mail_mail_id FROM ar_communication_recipient)"
            " AND id NOT IN (SELECT mail_mail_id FROM ar_communication WHERE mail_mail_id IS NOT NULL)"
        )
        self.env.cr.execute("DELETE FROM ar_communication_recipient")
        self.env.invalidate_all()

    def _migrate(self):
        self.env.flush_all()
        self.script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def _rows(self):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {COLUMNS} FROM ar_communication_recipient ORDER BY communication_id, address")
        return self.env.cr.fetchall()

    def test_what_was_sent_failed_or_is_unknown_keeps_its_outcome(self):
        for smtp, state in [
            ({}, "sent"),
            ({"refused": ["customer"]}, "failed"),
            ({"behave": "drop", "turns": 2}, "unknown"),
        ]:
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                self._work(**smtp)
                self.assertEqual(self.communication.state, state)
                before = self._rows()
                self._make_old()
                self._migrate()
                after = self._rows()
                # Which reply was about which address, and the mails of unknown ones, were not stored per address.
                self.assertEqual([row[:6] for row in after], [row[:6] for row in before])
                self.assertEqual(self.communication.state, state)
                self._migrate()
                self.assertEqual(self._rows(), after, "The script may run twice.")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_addresses_that_failed_stay_unused(self):
        self._work(refused=["first", "second"])
        self._make_old()
        self._migrate()
        rows = self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id]
        self.assertEqual([row["usable"] for row in rows], [False, False, True])

    def test_what_waits_is_sent_once_to_each(self):
        self._make_old()
        self._migrate()
        self.assertEqual(self._outcomes(), {"first": "planned", "second": "planned"})
        self.assertEqual(len(self.communication.sudo().address_ids.mail_mail_id), 1)
        self.assertEqual(sorted(self._work(turns=2)), ["first", "second"])
        self.assertEqual((self._outcomes(), self.communication.state), ({"first": "sent", "second": "sent"}, "sent"))

    def test_a_new_database_has_nothing_to_migrate(self):
        before = self._rows()
        self._migrate()
        self.assertEqual(self._rows(), before)
