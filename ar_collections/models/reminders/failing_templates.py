"""The mail templates that fail in a run: after some failures the other messages of a template are left for the next."""

from collections import Counter

#: After so many failures of a template in one run, its other messages wait for the next one. Less than
#: `SAME_FAILURES` of :mod:`.batch_run`, so that the customers with other templates get their messages.
TEMPLATE_FAILURES = 5


class FailingTemplates:
    """Counts the failures of each mail template in a run."""

    def __init__(self):
        self._failures = Counter()

    def __bool__(self):
        """Return whether a template is set aside."""
        return any(number >= TEMPLATE_FAILURES for number in self._failures.values())

    def add(self, error):
        """Count a failure; return the template where this was the one that sets it aside, else None.

        :param error: the exception; `ar.channel.email` names the template in it
        """
        template = getattr(error, "ar_template", None)
        if template is None:
            return None
        self._failures[template.id] += 1
        return template if self._failures[template.id] == TEMPLATE_FAILURES else None

    def has(self, template):
        """Return whether the template is set aside."""
        return self._failures[template.id] >= TEMPLATE_FAILURES
