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
#: The account and its agreements, as SQL.
ACCOUNT = "SELECT 'ar.customer' AS model, %(account)s::int AS id"
RECORDS = " UNION ALL ".join(
    [ACCOUNT]
    + [
        f"SELECT '{model}', id FROM {model.replace('.', '_')} WHERE customer_id = %(account)s"
        for model in ("ar.promise", "ar.dispute", "ar.payment.plan", "ar.communication")
    ]
)
MESSAGES = f"SELECT id FROM mail_message WHERE (model, res_id) IN ({RECORDS})"
OF_RECORDS = f"(t.res_model, t.res_id) IN ({RECORDS})"
OF_ACCOUNT = "t.customer_id = %(account)s"
#: The customer of the account, as SQL.
PARTNER = "SELECT partner_id FROM ar_customer WHERE id = %(account)s"

#: What customers may start on their page, how much of it is limited by the policy: {table: its rows, as SQL}.
OF_CUSTOMERS = {
    "ar_customer": "t.id = %(account)s",
    "ar_promise": OF_ACCOUNT,
    "ar_promise_line": "t.promise_id IN (SELECT id FROM ar_promise WHERE customer_id = %(account)s)",
    "ar_dispute": OF_ACCOUNT,
    "ar_dispute_line": "t.dispute_id IN (SELECT id FROM ar_dispute WHERE customer_id = %(account)s)",
    "ar_payment_plan": OF_ACCOUNT,
    "ar_payment_plan_line": "t.plan_id IN (SELECT id FROM ar_payment_plan WHERE customer_id = %(account)s)",
    "ar_payment_plan_installment": OF_ACCOUNT,
    "ar_communication": OF_ACCOUNT,
    "ar_communication_line": "t.communication_id IN (SELECT id FROM ar_communication WHERE customer_id = %(account)s)",
    "ar_communication_recipient":
        "t.communication_id IN (SELECT id FROM ar_communication WHERE customer_id = %(account)s)",
    "ar_reported_payment": OF_ACCOUNT,
    "ar_reported_payment_line":
        "t.report_id IN (SELECT id FROM ar_reported_payment WHERE customer_id = %(account)s)",
    "ar_payment_ability": OF_ACCOUNT,
    "ar_customer_exception": OF_ACCOUNT,  # it follows the pause of the account
    "ar_reply": OF_ACCOUNT,
    "ar_inquiry": OF_ACCOUNT,
    "ar_invoice_arrival": f"t.move_id IN (SELECT id FROM account_move WHERE commercial_partner_id = ({PARTNER}))",
    "ar_payment_allocation":
        "t.transaction_id IN (SELECT id FROM payment_transaction WHERE ar_customer_id = %(account)s)",
    "ar_portal_link": OF_ACCOUNT,
    "payment_transaction": "t.ar_customer_id = %(account)s",
    "mail_activity": OF_RECORDS,
    "mail_message": f"t.id IN ({MESSAGES})",
    "mail_mail": f"t.mail_message_id IN ({MESSAGES})",
    "mail_followers": OF_RECORDS,
    # Files of a message that is not sent yet belong to none; invoices get a PDF when they are opened.
    "ir_attachment": f"{OF_RECORDS} OR t.res_id = 0 OR t.res_model IN ('account.move', 'mail.message')",
    "res_partner": f"t.commercial_partner_id = ({PARTNER})",
}  # fmt: skip


def read_state(registry, tables, account=None):
    """Return {table: number and hash of its rows}.

    :param registry: the `Registry` of the database
    :param int account: id of the account whose own rows may change, see `OF_CUSTOMERS`
    """
    with registry.cursor() as cursor:
        state = {}
        for table in tables:
            # The names come from the registry and from this file.
            # Whoever opens the page of an invoice gives it a token and a PDF file.
            row = INVOICE if table == "account_move" else "(to_jsonb(t) - ARRAY['write_date', 'write_uid'])::text"
            own = OF_CUSTOMERS.get(table, "FALSE") if account else "FALSE"
            cursor.execute(
                f'SELECT COUNT(*), COALESCE(SUM(hashtext({row})), 0) FROM "{table}" t WHERE ({own}) IS NOT TRUE',
                {"account": account},
            )
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
