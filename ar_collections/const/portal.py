"""The customer page: how its link left."""

#: How a link to the customer page left.
LINK_ORIGINS = [
    ("message", "Message"),
    ("letter", "Letter"),
    ("copied", "Copied by staff"),
    ("preview", "Preview by staff"),
    ("earlier", "Before version 1.4"),
]
