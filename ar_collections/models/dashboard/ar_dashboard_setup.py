from odoo import api, models
from odoo.exceptions import UserError

#: Whoever takes a step needs to write these records; a step that is not listed is a manager's.
NEEDED = {"bounce": ("mail.alias.domain", "res.company"), "provider": ("payment.provider",)}


class ArDashboardSetup(models.AbstractModel):
    """The panel of the set-up on the dashboard, for collections managers, until all is done or it is closed."""

    _inherit = "ar.dashboard"

    @api.model
    def _get_parts(self):
        """Override to add the set-up."""
        return [*super()._get_parts(), self._get_setup_part]

    @api.model
    def _get_setup_part(self, company, _today, _since):
        """Return {setup: see `_get_setup`}; None for who cannot set up anything."""
        return {"setup": self._get_setup(company) if self.env["ar.access.mixin"]._has_role("manager") else None}

    @api.model
    def set_setup_closed(self, company_id, is_closed):
        """Close the panel of the set-up for a company, for all of its managers, or open it again.

        :param int company_id: one of the active companies
        :return: the panel, see `_get_setup`
        :raise UserError: for who is no collections manager
        """
        self.env["ar.access.mixin"]._require("manager")
        company = self._get_company(company_id)
        dashboard = self.with_company(company)
        dashboard.env["onboarding.onboarding"]._ar_get_setup()._ar_set_closed(bool(is_closed))
        return dashboard._get_setup(company)

    @api.model
    def _get_setup(self, company):
        """Return the panel: {is_shown} while it is closed, else also title, steps, and what to say when all is done.

        Each step is {code, title, description, text, is_done, button, can_open}. The states are stored with each look
        at an open panel, so that Odoo's own list of panels shows them. When the last step is done the panel says so
        once and is closed.
        """
        setup = self.env["onboarding.onboarding"]._ar_get_setup()
        if not setup or setup.is_onboarding_closed:
            return {"is_shown": False}
        states = self.env["ar.setup"]._get_states(company)
        was_done = setup.current_onboarding_state == "done"
        setup._ar_update(states)
        shown = setup._prepare_rendering_values()
        is_finished = setup.current_onboarding_state == "done"
        if is_finished and not was_done:
            setup._ar_set_closed(True)
        codes = setup._ar_get_codes()
        return {
            "is_shown": True,
            "title": setup.name,
            "completed": shown["text_completed"] if is_finished and not was_done else "",
            "steps": [self._get_setup_step(step, codes[step], states) for step in shown["steps"]],
        }

    @api.model
    def _get_setup_step(self, step, code, states):
        """Return one step for the panel, see `_get_setup`."""
        is_done, text = states.get(code, (step.current_step_state != "not_done", ""))
        needed = [self.env[model] for model in NEEDED.get(code, ())]
        return {
            "code": code,
            "title": step.title,
            "description": step.description or "",
            "text": text,
            "is_done": is_done,
            "button": step.button_text,
            "can_open": all(records.has_access("write") for records in needed),
        }

    # === LINKS === #

    @api.model
    def _get_targets(self, period):
        """Override to add the steps of the set-up."""
        return {**super()._get_targets(period), "setup": self._open_setup}

    @api.model
    def _open_setup(self, company, code):
        """Return the action of a step of the set-up.

        :raise UserError: for who is no collections manager, and for a step that does not exist
        """
        self.env["ar.access.mixin"]._require("manager")
        setup = self.env["onboarding.onboarding"]._ar_get_setup()
        found = [step for step, own in setup._ar_get_codes().items() if own == code]
        if not found:
            raise UserError(self.env._("This link is no longer valid; reload the page."))
        steps = self.env["onboarding.onboarding.step"].with_company(company)
        return getattr(steps, found[0].panel_step_open_action_name)()
