"""What the customer wrote now: without earlier messages, signature and disclaimer."""

import re
from collections.abc import Iterable, Sequence

from .words import STOPS, Phrase, contains_any, find_phrase, split_sentences, tokenize

#: So many characters of a mail are read.
MOST_CHARACTERS = 10_000

#: The lines by which mail programs begin an earlier message, in any language.
DIVIDER = re.compile(r"^\s*(?:-{3,}|_{5,}|={5,})|^\s*(?:-{2,}.{3,60}-{2,})\s*$")

SIGNATURE_MARK = re.compile(r"^--\s*$")

#: The header of a forwarded or quoted message: "From: … <…@…>".
HEADER = re.compile(r"^\s*\*?[^\W\d_]{2,12}\*?\s?:\s.*@.*")

ADDRESS = re.compile(r"@|\d{1,2}[:.]\d{2}|\b\d{4}\b")

POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\b", re.IGNORECASE)

#: The line that introduces an earlier message has so many words between its first and its last at most.
LINE_WORDS = 40

#: A signature begins in the last lines, or it is none.
LAST_LINES = 14


def cut(
    text: str, quotes: Sequence[Phrase] = (), signatures: Sequence[Phrase] = (), disclaimers: Sequence[Phrase] = ()
) -> tuple[str, bool]:
    """Return what the customer wrote now, and whether the text was too long to be read as a whole.

    Where nothing is left, because a person wrote below an earlier message or between its lines, the lines that are not
    marked as earlier ones are returned.

    :param quotes: phrases of lines that introduce an earlier message, such as "on ... wrote"
    :param signatures: phrases of lines that begin the signature, such as "kind regards"
    :param disclaimers: phrases of paragraphs that say nothing, such as "intended recipient"

    >>> cut("Paid yesterday.\\n\\n-- \\nStop printing")
    ('Paid yesterday.', False)
    >>> cut("> Please pay.\\nWe did.")
    ('We did.', False)
    """
    is_long = len(text) > MOST_CHARACTERS
    lines = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    own = [line for line in _until_quote(lines, quotes) if not line.lstrip().startswith(">")]
    if not any(line.strip() for line in own):
        own = [line for line in lines if not line.lstrip().startswith(">") and not _introduces(line, quotes)]
    kept = "\n".join(_until_signature(own, signatures))
    return _without_disclaimers(kept, disclaimers).strip(), is_long


def _until_quote(lines: Sequence[str], quotes: Sequence[Phrase]) -> Iterable[str]:
    """Return the lines before an earlier message; its introduction may be broken into two lines."""
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if DIVIDER.match(line) or (HEADER.match(line) and _is_header(lines, number)):
            return lines[:number]
        if _introduces(line, quotes) or (line.strip() and _introduces(f"{line} {following}", quotes, needs_both=line)):
            return lines[:number]
    return lines


def _introduces(line: str, quotes: Sequence[Phrase], needs_both: str = "") -> bool:
    """Return whether a line introduces an earlier message: a phrase for it, and a time or an address.

    :param needs_both: the first of two lines, where the phrase must begin
    """
    if not ADDRESS.search(line):
        return False
    tokens = tokenize(line)
    border = len(tokenize(needs_both)) if needs_both else len(tokens)
    return any(start == 0 < border < end or (not needs_both and start <= 1)
               for phrase in quotes for start, end in find_phrase(phrase, tokens, LINE_WORDS))  # fmt: skip


def _is_header(lines: Sequence[str], number: int) -> bool:
    """Return whether the header of a message begins in a line: two more lines of its kind follow."""
    following = [line for line in lines[number + 1 : number + 5] if line.strip()]
    return sum(bool(re.match(r"^\s*\*?[^\W\d_]{2,12}\*?\s?:\s", line)) for line in following) >= 2


def _until_signature(lines: Sequence[str], signatures: Sequence[Phrase]) -> Sequence[str]:
    """Return the lines before the signature. What follows a greeting at the very beginning is no signature."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for number in filled:
        if SIGNATURE_MARK.match(lines[number]):
            return lines[:number]
    for number in filled[1:][-LAST_LINES:]:
        if len(lines[number]) <= 60 and _is_greeting(lines[number], signatures):
            return [*lines[:number], *(line for line in lines[number:] if POSTSCRIPT.match(line))]
    return lines


def _is_greeting(line: str, signatures: Sequence[Phrase]) -> bool:
    """Return whether a line is a closing greeting, with a name at most."""
    tokens = [token for token in tokenize(line) if token.word not in STOPS]
    rests = [tokens[end:] for phrase in signatures for start, end in find_phrase(phrase, tokens) if start == 0]
    return any(len(rest) <= 3 and all(line[token.start].isupper() for token in rest) for rest in rests)


def _without_disclaimers(text: str, disclaimers: Sequence[Phrase]) -> str:
    """Return the text without the paragraphs that contain a phrase of disclaimers."""
    paragraphs = re.split(r"\n\s*\n", text)
    kept = [each for each in paragraphs if not any(contains_any(disclaimers, s) for s in split_sentences(each))]
    return "\n\n".join(kept)
