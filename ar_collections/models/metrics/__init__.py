from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_aging_item,
    ar_metrics,
    ar_metric_snapshot,
    ar_metric_snapshot_agreements,
    ar_metric_snapshot_books,
    ar_top_debtor,
    ar_step_effect,
    ar_collector_activity,
    digest_digest,
)
