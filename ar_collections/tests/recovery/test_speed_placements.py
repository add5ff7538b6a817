"""The nightly step of placements costs as many statements for many customers as for few."""

from .common_placements import PlacementCommon


class TestSpeedPlacements(PlacementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls._partners(80)
        cls.invoices = cls._invoices(partners, 100)
        placements = cls.env["ar.placement"].sudo()
        for partner in partners:
            customer = cls._customer(partner)
            placements |= placements._propose(customer, cls.agency, cls.company.currency_id, "manual")
        placements._set_state("placed", placed_on=cls.TODAY)
        cls.placements = placements

    def _count(self, work):
        """Return the number of statements of a call, with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with self._on():
            work()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_evaluating_forty_and_eighty_costs_the_same(self):
        self._pay(self.invoices)
        spent = {}
        for number in (1, 40, 80):  # one warms the caches; what was paid is recorded and the state set by then
            self.placements[:number]._judge(self.TODAY)
            self.placements.judged_on = False
            spent[number] = self._count(lambda number=number: self.placements[:number]._judge(self.TODAY))
        self.assertLessEqual(spent[80], spent[40] + 2, spent)

    def test_reading_forty_and_eighty_costs_the_same(self):
        customers, spent = self.placements.customer_id, {}
        for number in (1, 40, 80):
            some = customers[:number]
            spent[number] = self._count(lambda some=some: self.env["ar.facts"]._gather(some, self.TODAY))
        self.assertLessEqual(spent[80], spent[40] + 2, spent)
