"""What is stored, as a number for each table: who attacks must not change it."""

#: Tables that Odoo writes for everybody who visits or logs in, and counts of visits.
OF_VISITS = {"ar_portal_count"}
#: What counts of an invoice, as SQL.
INVOICE = "ROW(t.id, state, amount_total, amount_residual, payment_state, partner_id, invoice_date_due)::text"
#: Tables besides those of our models.
OTHERS = (
    "account_move", "account_move_line", "account_payment", "account_partial_reconcile", "payment_transaction",
    "payment_token", "res_partner", "res_groups_users_rel", "ir_rule", "ir_model_access", "ir_config_parameter",
    "mail_activity", "mail_message", "mail_followers", "mail_mail", "ir_attachment",
)  # fmt: skip
#: What customers may start on their page; how much of it is limited by the policy.
OF_CUSTOMERS = {
    "ar_customer", "ar_promise", "ar_promise_line", "ar_dispute", "ar_dispute_line", "ar_payment_plan",
    "ar_payment_plan_line", "ar_payment_plan_installment", "ar_communication", "ar_communication_line",
    "ar_communication_recipient", "ar_payment_allocation", "ar_approval", "payment_transaction", "mail_activity",
    "mail_message", "mail_mail", "mail_followers", "ir_attachment", "res_partner",
}  # fmt: skip


def read_state(registry, tables):
    """Return {table: number and hash of its rows}.

    :param registry: the `Registry` of the database
    """
    with registry.cursor() as cursor:
        state = {}
        for table in tables:
            # The names come from the registry and from this file.
            # Whoever opens the page of an invoice gives it a token and a PDF file.
            row = INVOICE if table == "account_move" else "(to_jsonb(t) - ARRAY['write_date', 'write_uid'])::text"
            cursor.execute(f'SELECT COUNT(*), COALESCE(SUM(hashtext({row})), 0) FROM "{table}" t')
            state[table] = cursor.fetchone()
        return state


def list_tables(registry):
    """Return the tables of our stored models, and the others that attackers must not change."""
    ours = {
        model._table
        for name, model in registry.items()
        if name.startswith("ar.") and model._auto and not (model._abstract or model._transient)
    }
    return sorted((ours - OF_VISITS) | set(OTHERS))
