"""Files that customers upload: limits on number, size and type. Types that are not known to be harmless are refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..portal.allocation import RequestRefused

FILES_MAX = 5

FILE_BYTES_MAX = 10 * 1024 * 1024

TOTAL_BYTES_MAX = 25 * 1024 * 1024

NAME_LENGTH_MAX = 120

# --- Why a file is refused; the texts are in ``messages/`` ---
TOO_MANY_FILES = "too_many_files"

FILE_TOO_LARGE = "file_too_large"

FILES_TOO_LARGE = "files_too_large"

FILE_EMPTY = "file_empty"

FILE_KIND = "file_kind"

_OLD_OFFICE = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")

_OPEN_XML = "application/vnd.openxmlformats-officedocument."

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

_TEXT = ("text/plain", "text/csv", "application/csv")

#: Extension -> the MIME types its content may have, as detected from the bytes.
KINDS = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "heic": ("image/heic",),
    "heif": ("image/heic",),
    "txt": _TEXT,
    "csv": _TEXT,
    "doc": _OLD_OFFICE,
    "xls": _OLD_OFFICE,
    "ppt": _OLD_OFFICE,
    "docx": (f"{_OPEN_XML}wordprocessingml.document",),
    "xlsx": (f"{_OPEN_XML}spreadsheetml.sheet",),
    "pptx": (f"{_OPEN_XML}presentationml.presentation",),
    "odt": (f"{_OPEN_DOCUMENT}text",),
    "ods": (f"{_OPEN_DOCUMENT}spreadsheet",),
    "odp": (f"{_OPEN_DOCUMENT}presentation",),
}

#: For the browser's file dialog; the server checks all the same.
ACCEPT = ",".join(f".{extension}" for extension in KINDS)

#: How text begins that a browser or an operating system would execute.
_RUNNING_TEXT = (b"#!", b"<?php", b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file: its name made safe, see :func:`safe_name`, and its content."""

    name: str
    content: bytes


def check_sizes(sizes: Iterable[int]) -> None:
    """Refuse too many files, too many bytes or empty files, before they are read.

    :param sizes: of the files, in bytes
    :raise RequestRefused: with one of this module's codes

    >>> check_sizes([10, 20])
    >>> try:
    ...     check_sizes([FILE_BYTES_MAX + 1])
    ... except RequestRefused as refused:
    ...     refused.code
    'file_too_large'
    """
    sizes = list(sizes)
    if len(sizes) > FILES_MAX:
        raise RequestRefused(TOO_MANY_FILES)
    if any(size > FILE_BYTES_MAX for size in sizes):
        raise RequestRefused(FILE_TOO_LARGE)
    if sum(sizes) > TOTAL_BYTES_MAX:
        raise RequestRefused(FILES_TOO_LARGE)
    if not all(sizes):
        raise RequestRefused(FILE_EMPTY)


def safe_name(name: str) -> str:
    r"""Return the file's name without folders and unprintable characters, cut to `NAME_LENGTH_MAX`.

    >>> safe_name("C:\\scans\\delivery\x00 note.pdf"), safe_name("../../etc/passwd")
    ('delivery note.pdf', 'passwd')
    """
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: max(NAME_LENGTH_MAX - len(dot + extension), 0)]}{dot}{extension}"[:NAME_LENGTH_MAX].strip()


def check_kind(file: File, guessed: str) -> None:
    """Refuse a file whose extension or content is not of a known type, or whose content does not match its extension.

    :param guessed: the MIME type detected from the bytes
    :raise RequestRefused: with ``FILE_KIND``

    >>> check_kind(File("note.pdf", b"%PDF-1.7"), "application/pdf")
    >>> try:
    ...     check_kind(File("note.pdf", b"MZ"), "application/x-dosexec")
    ... except RequestRefused as refused:
    ...     refused.code
    'file_kind'
    """
    _stem, dot, extension = file.name.rpartition(".")
    allowed = KINDS.get(extension.lower(), ()) if dot else ()
    if not allowed or _own_guess(file.content, guessed) not in allowed:
        raise RequestRefused(FILE_KIND)


def _own_guess(content: bytes, guessed: str) -> str:
    """Return the MIME type of the content, corrected where the detection is unreliable: HEIC images and text.

    Text is text in any encoding, whatever type was detected, unless it looks like markup or a script.
    """
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if guessed.startswith("text/") or guessed in ("application/octet-stream", "application/csv"):
        return "text/plain" if _is_plain_text(content) else "application/octet-stream"
    return guessed


def _is_plain_text(content: bytes) -> bool:
    """Return whether the content has no control characters and does not look like markup or a script."""
    control = set(range(32)) - {9, 10, 12, 13}
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    return not control.intersection(content) and not any(
        start.startswith(mark) or (mark != b"#!" and mark in start) for mark in _RUNNING_TEXT
    )
