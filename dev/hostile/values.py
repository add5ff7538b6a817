"""Values that nobody types by accident: ids, tokens, amounts, dates and texts of the attacks."""

LONG = "x" * 1_000_000

IDS = ["0", "-1", "abc", "", "2147483648", "99999999999999999999", "1 OR 1=1", "١٢٣", "1.5", "%00", "null"]

TOKENS = ["", "wrong", "é" * 20, "\x00", "x" * 100_000, "' OR 1=1 --", "%s", "{}", "[]"]

AMOUNTS = [
    "NaN", "Infinity", "1e9999", "١٢٣", "-1", "0.001", "0.004", "0", "1,000", "1.000,00", "1 000", "0x10", "", "abc",
    "99999999999999999999", "1e3", "１２", "\x00", "--", "1.2.3",
]  # fmt: skip

DATES = ["0000-00-00", "9999-12-31", "2026-02-31", "31.02.2026", "", "abc", "0001-01-01", "10000-01-01", "\x00", "-1"]

TEXTS = ["", "\x00", "<script>alert(1)</script>", "{{ 7*7 }}", "%(x)s", LONG, "\U0001f600", "\u202e"]

#: Bodies of JSON that are not what a form sends.
BODIES = [
    "", "null", "[]", "1", '"x"', "{", '{"params": []}', '{"params": "x"}', '{"params": null}', '{"params": {}}',
    '{"params": {"access_token": []}}', '{"params": {"access_token": {}}}', '{"params": {"access_token": "\\u0000"}}',
    '{"params": {"access_token": "\\ud800"}}', '{"params": {"access_token": 1}}', "\x00", "\xff",
]  # fmt: skip
