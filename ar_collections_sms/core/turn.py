"""What a turn of the queue found out about the gateway of one company."""

from dataclasses import dataclass, field


@dataclass
class Turn:
    """A turn ends where the account or the gateway is the cause: the company's other messages wait.

    A refusal for a reason without a name may be about the number. It is taken to be about the account once the gateway
    refuses another number in the same way, with no message taken between them.

    :param used: what the month's messages cost so far; None: not read yet
    :param refused: numbers that were refused since a message was taken
    :param has_taken: whether the gateway took a message in this turn

    >>> turn = Turn()
    >>> turn.refuse("+331"); turn.refuse("+331"); turn.is_over
    False
    >>> turn.take(); turn.refuse("+332"); turn.is_over
    False
    >>> turn.refuse("+333"); turn.is_over
    True
    """

    used: float | None = None
    refused: set[str] = field(default_factory=set)
    has_taken: bool = False
    is_over: bool = False

    def take(self) -> None:
        """Note that the gateway took a message."""
        self.has_taken = True
        self.refused.clear()

    def refuse(self, number: str) -> None:
        """Note that a number was refused for a reason without a name."""
        self.refused.add(number)
        self.is_over = self.is_over or len(self.refused) > 1
