from odoo import api, models

#: The panel of the set-up of collections, and what the names of its steps begin with.
SETUP = "ar_collections.onboarding_setup"
STEP = "onboarding_step_"


class OnboardingOnboarding(models.Model):
    """The panel of the set-up of collections: its steps are done by facts, in both directions."""

    _inherit = "onboarding.onboarding"

    @api.model
    def action_close_panel_ar_collections(self):
        """Close the panel in the current company.

        :raise UserError: for who is no collections manager
        """
        self.env["ar.access.mixin"]._require("manager")
        if setup := self._ar_get_setup():
            setup._ar_set_closed(True)

    @api.model
    def _ar_get_setup(self):
        """Return the panel; empty where it was deleted."""
        setup = self.env.ref(SETUP, raise_if_not_found=False)
        # Panels are administrators' alone; callers check that the user is a collections manager.
        return setup.sudo() if setup else self.browse()

    def _ar_set_closed(self, is_closed):
        """Close the panel in the current company, or open it again."""
        self._search_or_create_progress().is_onboarding_closed = is_closed

    def _ar_get_codes(self):
        """Return {step: code} of the steps of the panel."""
        names = self.step_ids.get_external_id()
        return {step: names[step.id].rpartition(".")[2].removeprefix(STEP) for step in self.step_ids}

    def _ar_update(self, states):
        """Store which steps are done.

        :param dict states: {code: (is done, text)}, see `ar.setup._get_states`; steps without a state are left alone
        """
        self._search_or_create_progress()
        for step, code in self._ar_get_codes().items():
            if code not in states or states[code][0] == (step.current_step_state != "not_done"):
                continue
            if states[code][0]:
                step.action_set_just_done()
            else:
                step.current_progress_step_id.step_state = "not_done"
