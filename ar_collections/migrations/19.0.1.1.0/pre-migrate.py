"""From 19.0.1.0: models, fields, stored values and external ids get the standard terms; no data is lost.

Every step looks first whether it was done, so that the script may run again after an upgrade that failed.
"""

import re

#: Old model -> new model.
MODELS = {
    "ar.payment.habit": "ar.payment.behavior",
    "ar.payment.plan.charge": "ar.autopay.charge",
    "ar.payment.plan.consent": "ar.autopay.consent",
}

#: Model, by its new name -> {old field: new field}; columns are renamed where there are any.
FIELDS = {
    "ar.approval": {"asks": "question"},
    "ar.cash.forecast.check": {"said_on": "forecast_on", "came": "received"},
    "ar.cash.forecast.page": {"look_back": "accuracy_text"},
    "ar.cash.forecast.page.line": {"together": "cumulative", "came": "received"},
    "ar.communication": {
        "date_spoken": "date_sent",
        "human": "is_manual",
        "is_chosen": "has_selected_items",
        "salesperson_told": "salesperson_notified",
        "words_above": "text_above",
        "words_below": "text_below",
    },
    "ar.credit.policy": {
        "charge_notice_days": "autopay_notice_days",
        "charge_retry_days": "autopay_retry_days",
        "tell_salesperson": "notify_salesperson",
    },
    "ar.customer": {"ageing_html": "aging_html", "next_words": "next_text"},
    "ar.message.edit": {"words_above": "text_above", "words_below": "text_below"},
    "ar.payment.plan": {
        "charge_consent_id": "autopay_consent_id",
        "charge_consent_ids": "autopay_consent_ids",
        "charge_error": "autopay_error",
        "charge_ids": "autopay_charge_ids",
        "charge_method": "autopay_method",
    },
    "ar.payment.plan.installment": {
        "charge_failed_on": "autopay_failed_on",
        "charge_ids": "autopay_charge_ids",
        "charge_notice_amount": "autopay_notice_amount",
        "charge_notice_id": "autopay_notice_id",
    },
    "ar.preview": {"silent_count": "not_contacted_count", "speaks_count": "contacted_count"},
    "ar.preview.line": {"speaks": "has_message"},
    "ar.step.effect": {
        "asked_7": "amount_due_7",
        "asked_14": "amount_due_14",
        "asked_30": "amount_due_30",
    },
    "payment.transaction": {"ar_charge_ids": "ar_autopay_charge_ids"},
}

#: Reasons of decisions, stored in several fields.
CODES = {"already_spoken": "already_sent", "charge_agreed": "autopay_agreed"}

#: (model, field), both by their new names -> {old value: new value}
VALUES = {
    ("ar.autopay.charge", "outcome"): {"declined_may_pass": "declined_soft"},
    ("ar.communication", "cancel_reason"): CODES,
    ("ar.communication", "failure"): {"lost": "not_delivered"},
    ("ar.communication", "notice"): {"charge_announced": "autopay_announced", "charge_failed": "autopay_failed"},
    ("ar.customer", "assigned_by"): {"hand": "manual"},
    ("ar.customer", "decision_code"): CODES,
    ("ar.preview.line", "code"): CODES,
}

#: Old external id -> new one, without the module; those of models, fields and values follow from the above.
XML_IDS = {
    "ar_communication_view_form_desk": "ar_communication_view_form_worklist",
    "ar_communication_view_form_words": "ar_communication_view_form_edit",
    "ar_communication_view_list_desk": "ar_communication_view_list_worklist",
    "ar_communication_view_search_words": "ar_communication_view_search_edit",
    "ar_credit_policy_view_form_desk": "ar_credit_policy_view_form_worklist",
    "ar_customer_view_form_desk": "ar_customer_view_form_worklist",
    "ar_customer_view_form_words": "ar_customer_view_form_edit",
    "ar_customer_view_list_desk": "ar_customer_view_list_worklist",
    "ar_customer_view_search_desk": "ar_customer_view_search_worklist",
    "ar_payment_plan_view_form_charge": "ar_payment_plan_view_form_autopay",
    "ar_preview_line_view_list_words": "ar_preview_line_view_list_edit",
    "communication_charge": "communication_autopay",
    "desk_ageing": "customer_aging",
    "desk_priority": "customer_priority",
    "desk_trend": "customer_trend",
    "ir_cron_charge_installments": "ir_cron_run_autopay",
    "ir_cron_take_habits": "ir_cron_store_payment_behavior",
    "mail_activity_type_charge_failed": "mail_activity_type_autopay_failed",
    "mail_activity_type_charge_unknown": "mail_activity_type_autopay_unknown",
    "mail_template_charge_announced": "mail_template_autopay_announced",
    "mail_template_charge_failed": "mail_template_autopay_failed",
    "portal_plan_charge": "portal_plan_autopay",
    "portal_plan_page_charge": "portal_plan_page_autopay",
    "report_reminder_letter_words": "report_reminder_letter_text",
    "res_config_settings_view_form_desk": "res_config_settings_view_form_worklist",
}
# Scheduled actions have an action of their own, whose id is made from theirs.
XML_IDS |= {
    f"{old}_ir_actions_server": f"{new}_ir_actions_server" for old, new in XML_IDS.items() if old.startswith("ir_cron_")
}

#: Old method -> new one, in the code of scheduled actions; nothing else calls methods by stored text.
METHODS = {
    "_cron_charge_installments": "_cron_run_autopay",
    "_cron_take_habits": "_cron_store_payment_behavior",
}

#: Indexes of the add-on whose name changes for another reason than their table's or column's.
INDEXES = {"ar_salesperson_note_told_once": "ar_salesperson_note_notified_once"}

#: Columns that hold the name of a model: (table, column).
MODEL_COLUMNS = (
    ("ir_model_fields", "model"),
    ("ir_model_fields", "relation"),
    ("ir_model_data", "model"),
    ("ir_attachment", "res_model"),
    ("ir_act_window", "res_model"),
    ("ir_act_server", "model_name"),
    ("ir_filters", "model_id"),
    ("ir_exports", "resource"),
    ("ir_ui_view", "model"),
    ("mail_activity", "res_model"),
    ("mail_alias", "alias_parent_model"),
    ("mail_followers", "res_model"),
    ("mail_message", "model"),
    ("mail_template", "model"),
    ("ar_communication", "agreement_model"),
)


def migrate(cr, version):
    """Rename before the new code is loaded."""
    if not version:
        return
    for old, new in MODELS.items():
        _rename_model(cr, old, new)
    for model, names in FIELDS.items():
        for old, new in names.items():
            _rename_field(cr, model, old, new)
    for (model, field), values in VALUES.items():
        for old, new in values.items():
            _rename_value(cr, model, field, old, new)
    for old, new in XML_IDS.items():
        _rename_xml_id(cr, old, new)
    for old, new in INDEXES.items():
        _rename_index(cr, old, new)
    _empty_extension_views(cr)
    for old, new in METHODS.items():
        cr.execute("UPDATE ir_act_server SET code = replace(code, %s, %s) WHERE code LIKE %s", (old, new, f"%.{old}(%"))


# === MODELS === #


def _rename_model(cr, old, new):
    """Rename a model with its table, sequence, indexes, constraints and external ids."""
    if not _exists(cr, "ir_model", "model", old):
        return
    cr.execute("UPDATE ir_model SET model = %s WHERE model = %s", (new, old))
    for table, column in MODEL_COLUMNS:
        if _has_column(cr, table, column):
            cr.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{column}" = %s', (new, old))  # names are ours
    before, after = old.replace(".", "_"), new.replace(".", "_")
    if _has_table(cr, before) and not _has_table(cr, after):
        cr.execute(f'ALTER TABLE "{before}" RENAME TO "{after}"')
        cr.execute(f'ALTER SEQUENCE IF EXISTS "{before}_id_seq" RENAME TO "{after}_id_seq"')
        _rename_objects(cr, new, before, after)
    # External ids that begin with the table's name, whatever they are of: model_, access_, field_, rules and so on.
    cr.execute(
        """
        UPDATE ir_model_data data
           SET name = regexp_replace(data.name, %(pattern)s, %(replacement)s)
         WHERE data.module = 'ar_collections' AND data.name ~ %(pattern)s
           AND NOT EXISTS (SELECT FROM ir_model_data other
                            WHERE other.module = data.module
                              AND other.name = regexp_replace(data.name, %(pattern)s, %(replacement)s))
        """,
        {
            "pattern": f"^((?:model_|access_|field_|selection__|constraint_)?){before}(?=_|$)",
            "replacement": f"\\1{after}",
        },
    )


def _rename_objects(cr, model, before, after):
    """Rename constraints and indexes of a model's table that carry an old name in theirs.

    PostgreSQL numbers names that two tables would share; the number goes with the shared name.
    """
    table = model.replace(".", "_")
    cr.execute(
        """
        SELECT conname, FALSE FROM pg_constraint WHERE conrelid = %(table)s::regclass AND conname LIKE %(like)s
         UNION ALL
        SELECT indexname, TRUE FROM pg_indexes
         WHERE schemaname = current_schema AND tablename = %(table)s AND indexname LIKE %(like)s
           AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass)
        """,
        {"table": table, "like": f"%{_escaped(before)}%"},
    )
    for old, is_index in cr.fetchall():
        new = re.sub(r"_fkey\d+$", "_fkey", old.replace(before, after))
        if is_index:
            cr.execute(f'ALTER INDEX "{old}" RENAME TO "{new}"')
        else:
            cr.execute(f'ALTER TABLE "{table}" RENAME CONSTRAINT "{old}" TO "{new}"')
        cr.execute(
            """
            UPDATE ir_model_constraint known SET name = %(new)s
             WHERE known.name = %(old)s AND known.model = (SELECT id FROM ir_model WHERE model = %(model)s)
               AND NOT EXISTS (SELECT FROM ir_model_constraint other
                                WHERE other.module = known.module AND other.name = %(new)s)
            """,
            {"new": new, "old": old, "model": model},
        )


def _rename_index(cr, old, new):
    """Rename an index, and the constraint that Odoo remembers it by."""
    cr.execute(f'ALTER INDEX IF EXISTS "{old}" RENAME TO "{new}"')
    cr.execute("UPDATE ir_model_constraint SET name = %s WHERE name = %s", (new, old))
    _rename_xml_id(cr, f"constraint_{old}", f"constraint_{new}")


# === FIELDS === #


def _rename_field(cr, model, old, new):
    """Rename a field with its column, and wherever people saved its name: filters, exports, templates, views."""
    table = model.replace(".", "_")
    if _has_column(cr, table, old) and not _has_column(cr, table, new):
        cr.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{old}" TO "{new}"')
        _rename_objects(cr, model, f"{table}__{old}_", f"{table}__{new}_")
        _rename_objects(cr, model, f"{table}_{old}_", f"{table}_{new}_")
    cr.execute(
        """
        UPDATE ir_model_fields field SET name = %(new)s
         WHERE field.model = %(model)s AND field.name = %(old)s
           AND NOT EXISTS (SELECT FROM ir_model_fields other
                            WHERE other.model = field.model AND other.name = %(new)s)
        """,
        {"model": model, "old": old, "new": new},
    )
    if not cr.rowcount:
        return
    _rename_xml_id(cr, f"field_{table}__{old}", f"field_{table}__{new}")
    cr.execute(
        """
        UPDATE ir_model_data SET name = %(after)s || substr(name, length(%(before)s) + 1)
         WHERE module = 'ar_collections' AND name LIKE %(like)s
        """,
        {
            "before": f"selection__{table}__{old}__",
            "after": f"selection__{table}__{new}__",
            "like": f"{_escaped(f'selection__{table}__{old}__')}%",
        },
    )
    for column in ("domain", "context", "sort"):
        cr.execute(
            f"UPDATE ir_filters SET {column} = regexp_replace({column}, %s, %s, 'g') WHERE model_id = %s",
            (rf"\m{old}\M", new, model),
        )
    cr.execute(
        """
        UPDATE ir_exports_line line SET name = regexp_replace(line.name, %s, %s)
          FROM ir_exports export WHERE export.id = line.export_id AND export.resource = %s
        """,
        (rf"^{old}(?=/|$)", new, model),
    )
    _rename_in_texts(cr, model, old, new)


def _rename_in_texts(cr, model, old, new):
    """Rename a field in mail templates, and in views that people made themselves; ours are loaded anew."""
    for column in ("subject", "body_html"):
        cr.execute(
            f"""
            UPDATE mail_template SET {column} = regexp_replace({column}::text, %(pattern)s, %(new)s, 'g')::jsonb
             WHERE model = %(model)s AND {column}::text ~ %(pattern)s
            """,
            {"pattern": rf"(?<=object\.){old}\M", "new": new, "model": model},
        )
    # A plain word may stand in a label, too: it is a field only where it is quoted.
    pattern = rf"\m{old}\M" if "_" in old else rf"""(?<=name=\\"|'){old}(?=\\"|')"""
    cr.execute(
        """
        UPDATE ir_ui_view view
           SET arch_db = regexp_replace(view.arch_db::text, %(pattern)s, %(new)s, 'g')::jsonb
         WHERE view.model = %(model)s AND view.arch_db::text ~ %(pattern)s
           AND NOT EXISTS (SELECT FROM ir_model_data data WHERE data.model = 'ir.ui.view'
                              AND data.res_id = view.id AND data.module = 'ar_collections')
        """,
        {"pattern": pattern, "new": new, "model": model},
    )


def _empty_extension_views(cr):
    """Take the contents out of our views that extend others, until their files are loaded again by this upgrade.

    A view is checked together with all that extend it as soon as its own file is loaded: those that still hold old
    names, or that no file holds any more, would stop the upgrade.
    """
    cr.execute(
        """
        UPDATE ir_ui_view view SET arch_db = '{"en_US": "<data/>"}'::jsonb
          FROM ir_model_data data
         WHERE data.model = 'ir.ui.view' AND data.res_id = view.id AND data.module = 'ar_collections'
           AND view.mode = 'extension'
        """
    )


# === VALUES AND EXTERNAL IDS === #


def _rename_value(cr, model, field, old, new):
    """Rename a value of a selection, in the rows and in what Odoo knows of the field."""
    table = model.replace(".", "_")
    if _has_column(cr, table, field):
        cr.execute(f'UPDATE "{table}" SET "{field}" = %s WHERE "{field}" = %s', (new, old))
    cr.execute(
        """
        UPDATE ir_model_fields_selection choice SET value = %(new)s
          FROM ir_model_fields field
         WHERE field.id = choice.field_id AND field.model = %(model)s AND field.name = %(field)s
           AND choice.value = %(old)s
           AND NOT EXISTS (SELECT FROM ir_model_fields_selection other
                            WHERE other.field_id = choice.field_id AND other.value = %(new)s)
        """,
        {"model": model, "field": field, "old": old, "new": new},
    )
    _rename_xml_id(cr, f"selection__{table}__{field}__{old}", f"selection__{table}__{field}__{new}")
    cr.execute(
        "UPDATE ir_filters SET domain = regexp_replace(domain, %s, %s, 'g') WHERE model_id = %s AND domain LIKE %s",
        (rf"(?<=['\"]){old}(?=['\"])", new, model, f"%{field}%"),
    )


def _rename_xml_id(cr, old, new):
    """Rename an external id of the add-on, and the key of the template it may be of."""
    cr.execute(
        """
        UPDATE ir_model_data data SET name = %(new)s
         WHERE data.module = 'ar_collections' AND data.name = %(old)s
           AND NOT EXISTS (SELECT FROM ir_model_data other
                            WHERE other.module = data.module AND other.name = %(new)s)
        """,
        {"old": old, "new": new},
    )
    cr.execute("UPDATE ir_ui_view SET key = %s WHERE key = %s", (f"ar_collections.{new}", f"ar_collections.{old}"))


# === LOOKING UP === #


def _exists(cr, table, column, value):
    cr.execute(f'SELECT FROM "{table}" WHERE "{column}" = %s', (value,))
    return bool(cr.rowcount)


def _has_table(cr, table):
    """Tell whether there is such a table; views of reports are none."""
    cr.execute("SELECT FROM pg_tables WHERE schemaname = current_schema AND tablename = %s", (table,))
    return bool(cr.rowcount)


def _has_column(cr, table, column):
    """Tell whether a table has such a column."""
    cr.execute(
        """
        SELECT FROM information_schema.columns
          JOIN pg_tables ON schemaname = table_schema AND tablename = table_name
         WHERE table_schema = current_schema AND table_name = %s AND column_name = %s
        """,
        (table, column),
    )
    return bool(cr.rowcount)


def _escaped(name):
    """Return a name for LIKE, in which an underscore stands for any character."""
    return name.replace("_", "\\_")
