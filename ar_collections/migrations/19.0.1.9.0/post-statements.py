"""Policies of before get the email templates of statements and thanks, which did not exist when they were filled in."""

#: {column: name of the template}
TEMPLATES = {
    "statement_template_id": "mail_template_account_statement",
    "receipt_template_id": "mail_template_payment_receipt",
}


def migrate(cr, version):
    if not version:
        return
    for column, name in TEMPLATES.items():
        cr.execute(
            f"""
            UPDATE ar_credit_policy SET {column} = data.res_id
              FROM ir_model_data data
             WHERE data.module = 'ar_collections' AND data.name = %s AND ar_credit_policy.{column} IS NULL
            """,  # noqa: S608
            [name],
        )
