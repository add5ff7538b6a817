from ...common import ArCommon


class GroupCommon(ArCommon):
    """A payer that owes nothing, and two customers for whom it may pay; nobody is a member yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer, cls.north, cls.south = (
            cls._customer(cls._partner(name=f"{name} Inc.", email=f"{name.lower()}@customer.example.com"))
            for name in ("Payer", "North", "South")
        )

    @classmethod
    def _join(cls, *members, payer=None):
        cls.env["ar.customer"].union(*members).payer_id = payer or cls.payer
        cls.env.flush_all()

    def _written(self, *mails):
        """Return [(who got it, the part of the subject after the company)] of mails."""
        return [
            (mail["email_to"][0].rpartition("<")[2].strip(">").partition("@")[0], mail["subject"]) for mail in mails
        ]

    def _readers(self, mails):
        """Return who got the mails."""
        return [reader for reader, _subject in self._written(*mails)]

    def _listed(self, customer):
        """Return {number of the invoice: days of its step} of the last message to a customer."""
        return {line.name: line.step_id.days or None for line in self._communications(customer)[-1:].line_ids}

    def _find_repeated(self):
        """Return the steps that a customer got twice about the same item."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT line.move_line_id, line.step_id
              FROM ar_communication_line line JOIN ar_communication log ON log.id = line.communication_id
             WHERE log.state = 'sent' AND line.step_id IS NOT NULL AND log.company_id = %s
          GROUP BY line.move_line_id, line.step_id
            HAVING COUNT(*) > 1
            """,
            [self.company.id],
        )
        return self.env.cr.fetchall()
