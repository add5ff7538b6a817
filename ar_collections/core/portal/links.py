"""Links to the customer page: the key in them is random, only its hash is stored, and it is inserted at delivery."""

import re
import secrets
from hashlib import sha256

#: The path of the customer page, followed by the id of the account.
PAGE_PATH = "/my/receivables/"

#: Where the path goes on: steps, then a query. A full stop at the end belongs to the sentence, not to the address.
_REST = r"(\d+(?:/[\w-]+(?:\.[\w-]+)*)*)(\?(?:[\w%=&;~+.,:-]*[\w%=~+-])?)?"

_OLD_KEY = re.compile(r"(?<=[?&;])access_token=[^&#]*(?:&amp;|&)?")

#: Addresses that may hold a key: of the page, and of Odoo's redirect to an account.
_KEYED_ADDRESS = re.compile(r"""(?:/my/receivables/|/mail/view\?(?=[^"'\s<>]*model=ar\.customer\b))[^"'\s<>]*""")

_KEY_IN_ADDRESS = re.compile(r"(?<=[?&;])access_token=[\w-]*(?:&amp;|&)?")

#: The same within another address, as programs that check the links in mails write it.
_ENCODED_KEY = re.compile(r"""(%2Fmy%2Freceivables%2F[^"'\s<>]*?access_token%3D)[\w-]+""", re.IGNORECASE)


class Key(str):
    """A key that this process made. No remote caller can pass one: what comes in a request is plain text."""

    __slots__ = ()


def make_key():
    """Return a new random key, of 256 bits."""
    return Key(secrets.token_urlsafe(32))


def hash_key(key):
    """Return the hash of a key as it is stored; empty for what cannot be a key.

    >>> hash_key("abc")[:8]
    'ba7816bf'
    >>> hash_key(None), hash_key(""), hash_key(["abc"])
    ('', '', '')
    """
    if not key or not isinstance(key, str):
        return ""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def insert_key(text, base_url, key, ampersand="&"):
    """Return a text in which all addresses of customer pages on this server hold the key.

    A key that stands in such an address already is replaced. Pages on other servers do not get it.

    :param str ampersand: what separates the parts of an address in this kind of text; ``&amp;`` in HTML

    >>> insert_key("See https://me.example/my/receivables/5.", "https://me.example", "K")
    'See https://me.example/my/receivables/5?access_token=K.'
    >>> insert_key('"http://me/my/receivables/5/plan/7?access_token=old&amp;a=1"', "http://me", "K", "&amp;")
    '"http://me/my/receivables/5/plan/7?access_token=K&amp;a=1"'
    >>> insert_key("http://me.evil.example/my/receivables/5", "http://me", "K")
    'http://me.evil.example/my/receivables/5'
    """

    def with_key(match):
        query = _OLD_KEY.sub("", match[3] or "?")[1:]
        return f"{match[1]}{match[2]}?access_token={key}{ampersand + query if query else ''}"

    pattern = f"({re.escape(base_url.rstrip('/') + PAGE_PATH)}){_REST}"
    return re.sub(pattern, with_key, text)


def strip_keys(text):
    """Return a text in which no address of a customer page, on any server, holds a key; others stay as they are.

    >>> strip_keys('"http://me/my/receivables/5?access_token=K&amp;items=1" /my/receivables/5/plan/7?access_token=K.')
    '"http://me/my/receivables/5?items=1" /my/receivables/5/plan/7.'
    >>> strip_keys("/mail/view?model=ar.customer&amp;res_id=5&amp;access_token=K /my/invoices/3?access_token=T")
    '/mail/view?model=ar.customer&amp;res_id=5 /my/invoices/3?access_token=T'
    >>> strip_keys("https://check.example/?url=http%3A%2F%2Fme%2Fmy%2Freceivables%2F5%3Faccess_token%3DK&amp;x=1")
    'https://check.example/?url=http%3A%2F%2Fme%2Fmy%2Freceivables%2F5%3Faccess_token%3D&amp;x=1'
    """
    if "access_token" not in text:
        return text

    def without_key(match):
        address, found = _KEY_IN_ADDRESS.subn("", match[0])
        return re.sub(r"(?:\?|&amp;|&)(?=\.?$)", "", address) if found else address

    return _ENCODED_KEY.sub(r"\1", _KEYED_ADDRESS.sub(without_key, text))
