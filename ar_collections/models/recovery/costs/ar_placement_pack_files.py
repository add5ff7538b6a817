import base64
import json

from odoo import models

COST_COLUMNS = ("date", "kind", "description", "amount", "currency", "claimable", "invoice", "proof")


class ArPlacementPackFiles(models.Model):
    """The claimable costs of a case in its hand-over pack, with their proofs."""

    _inherit = "ar.placement"

    def _get_pack_files(self):
        """Override to add the costs; without any, the pack stays as it was."""
        files = super()._get_pack_files()
        costs = self.cost_ids.filtered("is_claimable").sorted(lambda cost: (cost.date, cost.id))
        if not costs:
            return files
        rows = [self._get_cost(cost) for cost in costs]
        files["costs.csv"] = self._to_csv(rows, COST_COLUMNS)
        content = json.loads(files["case.json"])
        files["case.json"] = json.dumps({**content, "costs": rows}, indent=2, ensure_ascii=False, default=str).encode()
        for cost, row in zip(costs, rows, strict=True):
            if row["proof"]:
                files[row["proof"]] = base64.b64decode(cost.with_context(bin_size=False).proof)
        return files

    def _get_cost(self, cost):
        """Return a cost as a row: {column: value}."""
        digits = cost.currency_id.decimal_places
        return {
            "date": str(cost.date),
            "kind": cost.kind,
            "description": cost.name,
            "amount": f"{cost.amount:.{digits}f}",
            "currency": cost.currency_id.name,
            "claimable": cost.is_claimable,
            "invoice": cost.move_id.name or "",
            "proof": cost.proof and f"costs/{cost.id}-{self._get_file_name(cost.proof_name or cost.name)}" or "",
        }
