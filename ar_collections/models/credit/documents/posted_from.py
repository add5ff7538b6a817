from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostedFrom:
    """Says in the context which drafts count while invoices are checked.

    It is an object of Python, so that nobody who sets a context by RPC can make it.

    :param first_id: id of the first of the invoices; ``None``: they are not stored yet
    """

    first_id: int | None
