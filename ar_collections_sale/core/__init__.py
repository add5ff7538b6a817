"""Rules about orders: pure functions, as in the core of `ar_collections`."""
