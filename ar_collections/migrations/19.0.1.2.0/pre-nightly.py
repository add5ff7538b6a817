"""One scheduled action for the nightly run, in place of seven."""

import logging

_logger = logging.getLogger(__name__)

#: Those whose work became steps of the nightly run.
REPLACED = (
    "ir_cron_judge_promises",
    "ir_cron_advance_plans",
    "ir_cron_escalate_disputes",
    "ir_cron_take_snapshot",
    "ir_cron_store_payment_behavior",
    "ir_cron_assign",
)


def migrate(cr, version):
    """Keep the scheduled action of the reminders, with its settings, for all steps; delete the others.

    They are not updated by data files, because users may change them.
    """
    cr.execute(
        "UPDATE ir_model_data SET name = 'ir_cron_nightly' WHERE module = 'ar_collections' AND name = 'ir_cron_run_day'"
    )
    cr.execute(
        """
        UPDATE ir_model_data SET name = 'ir_cron_nightly_ir_actions_server'
         WHERE module = 'ar_collections' AND name = 'ir_cron_run_day_ir_actions_server'
        """
    )
    _warn_about_inactive(cr)
    cr.execute(
        """
        SELECT cron.id, cron.ir_actions_server_id
          FROM ir_model_data data
          JOIN ir_cron cron ON cron.id = data.res_id
         WHERE data.module = 'ar_collections' AND data.model = 'ir.cron' AND data.name IN %s
        """,
        (REPLACED,),
    )
    found = cr.fetchall()
    if found:
        crons, actions = (tuple(ids) for ids in zip(*found, strict=True))
        cr.execute("DELETE FROM ir_cron WHERE id IN %s", (crons,))
        cr.execute("DELETE FROM ir_act_server WHERE id IN %s", (actions,))
    names = (*REPLACED, *(f"{name}_ir_actions_server" for name in REPLACED))
    cr.execute("DELETE FROM ir_model_data WHERE module = 'ar_collections' AND name IN %s", (names,))
    cr.execute("ALTER TABLE ar_customer DROP COLUMN IF EXISTS run_error")
    cr.execute("ALTER TABLE ar_payment_plan DROP COLUMN IF EXISTS autopay_error")


def _warn_about_inactive(cr):
    """Log where an action was switched off: its work now follows the nightly run."""
    cr.execute(
        """
        SELECT data.name, cron.active
          FROM ir_model_data data
          JOIN ir_cron cron ON cron.id = data.res_id
         WHERE data.module = 'ar_collections' AND data.model = 'ir.cron' AND data.name IN %s
        """,
        (("ir_cron_nightly", *REPLACED),),
    )
    active = dict(cr.fetchall())
    nightly = active.pop("ir_cron_nightly", True)
    changed = sorted(name for name, state in active.items() if state != nightly)
    if changed:
        state = "active" if nightly else "inactive"
        _logger.warning("As steps of the nightly run, which is %s, these are now %s: %s", state, state, changed)
