"""Tables of reports, as they are written to a workbook: number formats and totals."""

from dataclasses import dataclass
from decimal import Decimal

#: Kinds of columns whose cells are numbers; they stand on the right.
NUMERIC = frozenset(("money", "number", "integer"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the kind of its cells, and what is written below them.

    :param str kind: ``text``, ``date``, ``datetime``, ``money``, ``number`` or ``integer``
    :param int digits: decimals of a ``number``
    :param str total: ``sum``, ``average`` or nothing
    """

    title: str
    kind: str = "text"
    digits: int = 2
    total: str = ""


def number_format(digits: int) -> str:
    """Return the format of numbers with so many decimals.

    >>> number_format(2), number_format(0)
    ('#,##0.00', '#,##0')
    """
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def money_format(digits: int, symbol: str, before: bool) -> str:
    """Return the format of amounts in a currency, with its symbol where the currency has it.

    >>> money_format(2, "€", before=False), money_format(0, "¥", before=True)
    ('#,##0.00 "€"', '"¥" #,##0')
    """
    number, quoted = number_format(digits), symbol.replace('"', "").join('""')
    return f"{quoted} {number}" if before else f"{number} {quoted}"


def totals(columns: list[Column], rows: list[tuple]) -> list:
    """Return the cells below a table, ``None`` where a column has no total or no cell.

    >>> columns = [Column("Customer"), Column("Due", "money", total="sum"), Column("Days", "number", total="average")]
    >>> totals(columns, [("A", 10.1, 30), ("B", 20.2, 40), ("C", None, None)])
    [None, Decimal('30.3'), Decimal('35')]
    """
    return [_total(column.total, [row[number] for row in rows]) for number, column in enumerate(columns)]


def _total(kind: str, cells: list) -> Decimal | None:
    numbers = [Decimal(str(cell)) for cell in cells if cell is not None] if kind else []
    if not numbers:
        return None
    return sum(numbers) / (len(numbers) if kind == "average" else 1)
