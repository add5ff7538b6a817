"""What the rules refuse: a code, which another layer puts into words."""


class Refused(ValueError):
    """Something is not possible; ``code`` says why, and is one of the module that raises it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
