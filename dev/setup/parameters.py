"""Parameters of the commands that simulate, read from the environment, and what they found, printed."""

from dev.setup.console import Problem


def read_number(environ, name, least, default):
    """Return a whole number.

    :raise Problem: if it is none, or smaller than `least`
    """
    text = environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise Problem(f"{name}={text} is not possible: give a whole number, at least {least}.")
    return int(text)


def show_findings(found, most):
    """Print findings, of each kind that many.

    :param found: object whose attributes are lists of texts
    """
    for kind, findings in vars(found).items():
        for finding in findings[:most]:
            print(f"{kind}: {finding}")
        if len(findings) > most:
            print(f"{kind}: … and {len(findings) - most} more")
