"""HTML of plain elements, sanitized tag by tag: the same few tags occur in thousands of messages.

A sanitizer parses the whole text, which for a message takes longer than writing it. Where a text is made of nothing
but plain elements with plain attributes, and all that is not a tag holds no angle bracket, every browser reads the tags
that this module reads, so that it is enough to sanitize each distinct tag once. Everything else is refused: comments,
elements whose content is no HTML (scripts, styles, drawings), unknown elements and attributes, unquoted values, other
schemes of addresses, elements that do not close. The caller sanitizes such a text as a whole.
"""

import re
from collections.abc import Callable
from html import unescape

#: Elements that have no meaning but to mark up text.
NAMES = frozenset(
    (
        *("a", "b", "br", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "img", "li", "ol", "p", "small"),
        *("span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    )
)
VOID = frozenset(("br", "img"))
ATTRIBUTES = frozenset(
    (
        *("align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "class", "colspan", "dir", "height"),
        *("lang", "role", "rowspan", "scope", "style", "title", "valign", "width"),
    )
)
ADDRESSES = {"a": "href", "img": "src"}

#: An address that starts no script: of the web, of a mailbox, or of a page of the same site.
ADDRESS = re.compile(r"(?:https?://|mailto:|/(?![/\\]))[\w.~:/?#@!$&()*+,;=%-]*", re.ASCII)
#: Takes the place of an address, so that tags which differ in nothing else are sanitized once.
PLACEHOLDER = "https://example.com/"

TAG = re.compile(r"(<[^<>]*>)")
START = re.compile(r'<([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*/?>')
END = re.compile(r"</([a-z][a-z0-9]*)>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')

#: Quotations of other messages, which the sanitizer marks.
QUOTATION = re.compile(r"(?:^|\n|>)\s*(?:&gt;|--)|data-o-mail-quote")

#: Name of the element, whether it ends there, the tag sanitized.
Tag = tuple[str, bool, str]

TEXT = re.compile(r"(?:^|>)([^<]+)")


def has_text(markup: str) -> bool:
    """Return whether HTML certainly contains text; where it does not, an image may be all there is.

    >>> has_text("<p>&nbsp;<b> </b></p>"), has_text("<p><b>Hello</b></p>"), has_text("<style>p {}</style>")
    (False, True, False)
    """
    if "<style" in markup or "<script" in markup or "<!--" in markup:
        return False
    return any(unescape(match[1]).strip() for match in TEXT.finditer(markup))


class KnownHtml:
    """Sanitizes texts that consist of the same tags."""

    def __init__(self, sanitize: Callable[[str], str]):
        """
        :param sanitize: function that sanitizes a whole text
        """
        self._sanitize = sanitize
        self._tags: dict[str, Tag] = {}  # by the tag as it is written

    def clean(self, text: str) -> str | None:
        """Return the text as the sanitizer returns it, ``None`` where it has to be sanitized as a whole.

        >>> KnownHtml(lambda text: text).clean('<p>5 &lt; 6</p>')
        '<p>5 &lt; 6</p>'
        >>> KnownHtml(lambda text: text).clean('<p onclick="act()">Hello</p>') is None
        True
        """
        pieces = TAG.split(text)
        number = len(pieces) // 2
        if text.count("<") != number or text.count(">") != number or _has_quotation(text):
            return None
        opened: list[str] = []
        for place in range(1, len(pieces), 2):
            written = pieces[place]
            tag = self._tags.get(written) or self._add_tag(written)
            if tag is None:
                return None
            name, is_end, pieces[place] = tag
            if is_end:
                if not opened or opened.pop() != name:
                    return None
            elif name not in VOID:
                opened.append(name)
        if "&#3" in text:
            pieces[::2] = map(_read_quotes, pieces[::2])
        # As the sanitizer writes them.
        return None if opened else "".join(pieces).replace("\xa0", "&nbsp;")

    def _add_tag(self, tag: str) -> Tag | None:
        """Return a tag that was not met before, ``None`` where it is not known to be harmless."""
        cleaned = self._clean_new_tag(tag)
        if cleaned:
            self._tags[tag] = cleaned
        return cleaned

    def _clean_new_tag(self, tag: str) -> Tag | None:
        if end := END.fullmatch(tag):
            return (end[1], True, tag) if end[1] in NAMES - VOID else None
        start = START.fullmatch(tag)
        if not start or start[1] not in NAMES:
            return None
        name, attributes = start[1], dict(ATTRIBUTE.findall(start[2]))
        address = attributes.get(ADDRESSES.get(name, ""))
        if address is not None:
            if not ADDRESS.fullmatch(address):
                return None
            attributes[ADDRESSES[name]] = PLACEHOLDER
        if set(attributes) - ATTRIBUTES - {ADDRESSES.get(name)}:
            return None
        if address in (None, PLACEHOLDER):
            return self._sanitize_tag(name, attributes)
        written = _write_tag(name, attributes)
        cleaned = self._tags.get(written) or self._add_tag(written)
        return cleaned and (name, False, cleaned[2].replace(f'"{PLACEHOLDER}"', f'"{address}"'))

    def _sanitize_tag(self, name: str, attributes: dict[str, str]) -> Tag | None:
        """Sanitize a tag in a place where it may stand; attributes are treated alike in all elements but these two."""
        probe = name if name in ADDRESSES else "span"
        end = "" if probe in VOID else f"</{probe}>"
        text = self._sanitize(f"<p>{_write_tag(probe, attributes)}x{end}</p>")
        found = re.fullmatch(rf"<p><{probe}([^<>]*)>x{end}</p>", str(text))
        if not found or _has_quotation(found[1]):
            return None
        return name, False, f"<{name}{found[1]}>"


def _write_tag(name: str, attributes: dict[str, str]) -> str:
    return "".join((f"<{name}", *(f' {key}="{value}"' for key, value in attributes.items()), ">"))


def _has_quotation(text: str) -> bool:
    return ("&gt;" in text or "--" in text or "data-o-" in text) and QUOTATION.search(text) is not None


def _read_quotes(text: str) -> str:
    """Return a text between tags with quotation marks as themselves, as the sanitizer writes them."""
    return text.replace("&#39;", "'").replace("&#34;", '"')
