"""Whether the reference on an invoice is the customer's."""


def is_customers(reference: str, own: set[str]) -> bool:
    """Return whether no part of an invoice's reference is one of our own order numbers.

    Odoo writes the customer reference of each order, or the number of an order that has none, separated by commas.

    :param own: numbers of the invoice's orders, without those that the customer uses as its reference

    >>> is_customers("PO 7", {"S00012"}), is_customers("S00012", {"S00012"}), is_customers("PO 7, S00012", {"S00012"})
    (True, False, False)
    """
    return own.isdisjoint(part.strip() for part in reference.split(","))
