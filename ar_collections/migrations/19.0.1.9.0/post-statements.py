"""Policies of before get the email template of statements, which did not exist when its column was filled."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE ar_credit_policy SET statement_template_id = data.res_id
          FROM ir_model_data data
         WHERE data.module = 'ar_collections' AND data.name = 'mail_template_account_statement'
           AND ar_credit_policy.statement_template_id IS NULL
        """
    )
