"""How an attempt to charge ended."""

#: The provider did not answer.
UNKNOWN = "unknown"

#: The provider accepted it, the bank has not answered yet.
PENDING = "pending"

DONE = "done"

#: A retry may succeed.
SOFT_DECLINE = "declined_soft"

#: No retry can succeed, or none is allowed.
FINAL = "declined_final"

#: The customer may have been charged: no other attempt is made.
IN_FLIGHT = (UNKNOWN, PENDING)

DECLINED = (SOFT_DECLINE, FINAL)
