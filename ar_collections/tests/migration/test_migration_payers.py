"""The migration to 19.0.1.11.0: chains of payers end, and accounts out of use have no payer."""

from ..common import ArCommon
from .common_migration import run_migration


class TestMigrationPayers(ArCommon):
    def test_chains_end_and_a_manager_chooses(self):
        head, payer, member, merged, other = (
            self._customer(self._partner(name=name)) for name in ("Head", "Payer", "Member", "Merged", "Other")
        )
        (payer | other).payer_id = head
        merged.sudo().write({"active": False, "merged_into_id": other.id, "merged_on": self.env.cr.now()})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ar_customer SET payer_id = %s WHERE id = ANY(%s)", [payer.id, [member.id, merged.id]]
        )
        for _again in range(2):
            run_migration(self.env, "19.0.1.11.0/post-payers.py", "19.0.1.10.0")
        accounts = (payer, other, member, merged)
        none = head.browse()
        self.assertEqual([account.payer_id for account in accounts], [head, head, none, none])
        task = self._tasks(member, "payer")
        self.assertEqual(task.user_id, self.company._ar_get_manager())
        self.assertIn("Payer, for which Head pays", task.summary)
        self.assertFalse(self._tasks(merged, "payer"))
