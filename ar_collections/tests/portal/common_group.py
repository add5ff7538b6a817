from .common_portal import ArPortalCommon


class ArGroupCommon(ArPortalCommon):
    """A payer with a page, two members with late invoices, one member without any, and an account outside the group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south, cls.empty, cls.stranger = (
            cls._customer(cls._partner(name=name, email=f"{name.lower()}@member.example.com"))
            for name in ("North", "South", "Empty", "Stranger")
        )
        cls.north_old, cls.south_new, cls.foreign = cls._invoices(
            [cls.north.partner_id, cls.south.partner_id, cls.stranger.partner_id], 60, 70.0
        )
        cls.north_new = cls._invoice(cls.north.partner_id, 2, 50.0)
        cls.members = cls.north | cls.south | cls.empty
        cls.members.write({"payer_id": cls.customer.id})
        cls.every = cls.old | cls.new | cls.north_old | cls.north_new | cls.south_new

    def _residuals(self, *invoices):
        self.env.invalidate_all()
        return [invoice.amount_residual for invoice in invoices or self.every]

    def _balances(self):
        """Return what each partner of the group owes by the ledger: [payer, north, south]."""
        self.env.flush_all()
        partners = (self.customer | self.north | self.south).partner_id
        rows = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["partner_id"],
            ["amount_residual:sum", "balance:sum"],
        )
        found = {partner: (residual, balance) for partner, residual, balance in rows}
        return [found.get(partner, (0.0, 0.0)) for partner in partners]
