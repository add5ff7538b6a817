from contextlib import contextmanager

from odoo import models

#: Key of the documents that passed the check, in the cache of the cursor, while they are being confirmed.
PASSED = "ar_credit_passed"


class ArCreditDocumentPassed(models.AbstractModel):
    """Documents that passed the check are confirmed without a second one, which might meet a lock.

    Kept with the cursor, which nobody reaches by RPC, as everybody reaches the context.
    """

    _inherit = "ar.credit.document.mixin"

    @contextmanager
    def _ar_passed(self):
        """Let these documents be confirmed during the block without a second check."""
        key = (PASSED, self._name)
        before = self.env.cr.cache.get(key, frozenset())
        self.env.cr.cache[key] = before | set(self.ids)
        try:
            yield
        finally:
            self.env.cr.cache[key] = before

    def _ar_without_passed(self):
        """Return those of these documents that were not checked just now."""
        passed = self.env.cr.cache.get((PASSED, self._name), ())
        return self.filtered(lambda document: document.id not in passed)
