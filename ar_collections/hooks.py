"""Hooks of the add-on's installation and removal."""

from odoo import Command
from odoo.tools import SQL


def post_init_hook(env):
    """Create a credit policy for each company, and an account for each customer with open receivables.

    Those who administer accounting become credit managers, those who invoice may read: otherwise nobody but the
    administrator would see anything. Nothing is sent before a manager activates collections. The credit limits that
    were entered in Odoo are taken over, and to whom open invoices were sent.
    """
    _give_roles(env)
    env["res.company"].search([("ar_policy_ids", "=", False)])._ar_ensure_policy()
    for company in env["res.company"].search([("ar_policy_ids", "!=", False)]):
        env["ar.customer"]._ensure_for_company(company)
    env["ar.customer"]._import_limits()
    env["res.company"].search([])._ar_ensure_scoring()
    env["ar.invoice.arrival"]._import_mails()


def _give_roles(env):
    """Give the users of the day of the installation a role that corresponds to the one they have in accounting."""
    for theirs, ours in (("manager", "credit_manager"), ("invoice", "auditor")):
        users = env.ref(f"account.group_account_{theirs}").all_user_ids
        role = env.ref(f"ar_collections.ar_collections_group_{ours}")
        role.user_ids = [Command.link(user.id) for user in users - role.all_user_ids]


def uninstall_hook(env):
    """Prepare the removal of the add-on's models, so that it leaves neither errors in the log nor rows behind."""
    models = [model for model in env.registry.models.values() if model._original_module == "ar_collections"]
    _drop_restrictions(env, [model._table for model in models])
    _delete_foreign_external_ids(env, [model._name for model in models])
    _keep_used_products(env)


def _drop_restrictions(env, tables):
    """Drop the foreign keys that keep records from being deleted; the tables themselves follow.

    Odoo deletes the records of the add-on's data files kind by kind before it drops any table. What our own rows still
    use, such as the step of a communication, it tries again and again and logs as errors.
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT conrelid::regclass::text, conname
              FROM pg_constraint
             WHERE contype = 'f' AND confdeltype IN ('a', 'r')
               AND (conrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%(tables)s))
                    OR confrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%(tables)s)))
            """,
            tables=tables,
        )
    )
    for table, constraint in rows:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint)))


def _delete_foreign_external_ids(env, models):
    """Delete the external ids that modules such as `mail` have on what they added to our models.

    The records themselves are deleted with the models, but Odoo keeps the ids because those modules stay installed.
    """
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data data
             WHERE module <> 'ar_collections'
               AND (model = 'ir.model.inherit'
                    AND res_id IN (SELECT inherit.id
                                     FROM ir_model_inherit inherit
                                     JOIN ir_model model ON model.id = inherit.model_id
                                    WHERE model.model = ANY(%(models)s))
                    OR model = 'ir.model.fields.selection'
                    AND res_id IN (SELECT selection.id
                                     FROM ir_model_fields_selection selection
                                     JOIN ir_model_fields field ON field.id = selection.field_id
                                    WHERE field.model = ANY(%(models)s)))
            """,
            models=models,
        )
    )


def _keep_used_products(env):
    """Archive the products of ours that documents use, and let Odoo keep them when it deletes the others.

    The invoices of late charges and legal costs stay in the books with their products.
    """
    domain = [("module", "=", "ar_collections"), ("model", "in", ("product.product", "product.template"))]
    owned = env["ir.model.data"].search(domain)
    ids = owned.filtered(lambda data: data.model == "product.product").mapped("res_id")
    used = env["product.product"].browse(_find_used(env, "product_product", ids))
    used.product_tmpl_id.active = False
    kept = {"product.product": used.ids, "product.template": used.product_tmpl_id.ids}
    owned.filtered(lambda data: data.res_id in kept[data.model]).unlink()


def _find_used(env, table, ids):
    """Return those of the ids that rows of other tables restrict the deletion of."""
    references = env.execute_query(
        SQL(
            """
            SELECT found.conrelid::regclass::text, attribute.attname
              FROM pg_constraint found
              JOIN pg_attribute attribute ON attribute.attrelid = found.conrelid AND attribute.attnum = found.conkey[1]
             WHERE found.contype = 'f' AND found.confdeltype IN ('a', 'r') AND found.confrelid = %s::regclass
            """,
            table,
        )
    )
    used = set()
    for referring, column in references:
        name = SQL.identifier(column)
        query = SQL("SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)", name, SQL.identifier(referring), name, ids)
        used.update(number for (number,) in env.execute_query(query))
    return sorted(used)
