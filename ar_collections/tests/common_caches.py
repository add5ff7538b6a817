from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def kept_caches(registry):
    """Keep what the registry has cached when a test or a class of tests ends, which `TransactionCase` clears.

    Only caches that something invalidated during the block are cleared: what they hold since then may be rolled back.
    """
    invalidated = set()
    clear_cache = registry.clear_cache

    def noting_clear_cache(*names):
        invalidated.update(names or ["default"])
        clear_cache(*names)

    def clear_invalidated():
        if invalidated:
            clear_cache(*invalidated)

    with (
        patch.object(registry, "clear_cache", noting_clear_cache),
        patch.object(registry, "clear_all_caches", clear_invalidated),
    ):
        yield
