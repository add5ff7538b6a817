"""How much visitors of the customer page may start on a day, so that a link in wrong hands costs little.

Amounts are not limited here, only how often: the limits are settings of the credit policy.
"""

import ipaddress

#: {kind of start: what its limit is called in the policy, `portal_<name>_per_day`}. Each kind is counted on its own.
LIMIT_NAMES = {
    "promise": "agreements",
    "reported": "agreements",
    "dispute": "agreements",
    "plan": "agreements",
    "withdrawal": "agreements",
    "consent": "agreements",
    "limit": "agreements",
    "ability": "agreements",
    "message": "messages",
    "request": "messages",
    "copy": "messages",
    "choice": "payments",
    "transaction": "payments",
    "credit": "payments",
    "document": "documents",
    "upload": "upload_mb",
    "confirmation": "confirmations",
    "visitor": "visitor",
}

#: The defaults of the settings, which also apply to customers without a policy.
DEFAULTS = {
    "agreements": 10,
    "messages": 20,
    "payments": 200,
    "documents": 50,
    "upload_mb": 100,
    "confirmations": 3,
    "visitor": 500,
}

#: Files are counted in kilobytes.
KILOBYTES = 1024


def limit_in_units(kind: str, limit: int) -> int:
    """Return a limit in the unit in which its kind is counted.

    >>> limit_in_units("upload", 2), limit_in_units("promise", 2)
    (2048, 2)
    """
    return limit * KILOBYTES if kind == "upload" else limit


def network_of(address: str | None) -> str:
    """Return what stands for a visitor: the public address, or its network of 64 bits, as one person has many of these.

    An empty text stands for nobody in particular: where a proxy does not pass on the addresses of visitors, all of them
    seem to have that of the proxy, and one of them must not use up the limit of all.

    >>> network_of("93.184.215.14"), network_of("2606:2800:220:1:248:1893:25c8:1946")
    ('93.184.215.14', '2606:2800:220:1::')
    >>> network_of("127.0.0.1"), network_of("10.1.2.3"), network_of("no address"), network_of(None)
    ('', '', '', '')
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if not parsed.is_global:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
