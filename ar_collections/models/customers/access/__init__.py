from . import (  # isort: skip
    ar_access_mixin,
    ar_access_mixin_bounds,
    ar_access_mixin_search,
    ar_company_mixin,
    ar_setting_change,
    ar_access_mixin_changes,
    res_company_log,
    ar_wizard_mixin,
    ar_thread_mixin,
    mail_compose_message,
    ir_actions_report,
)
