"""Rules of tax relief that people entered for countries that get one with this version stay theirs."""

COUNTRIES = ("DE", "FR", "IT", "ES", "NL", "IE")


def migrate(cr, version):
    """Give the rules of these countries the external id of ours: they are neither replaced nor doubled.

    :param version: the version installed before, None on a new installation
    """
    cr.execute("SELECT to_regclass('ar_tax_relief')")
    if not version or not cr.fetchone()[0]:
        return
    cr.execute(
        """
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
             SELECT 'ar_collections', 'tax_relief_' || lower(country.code), 'ar.tax.relief',
                    COALESCE(MIN(rule.id) FILTER (WHERE rule.active), MIN(rule.id)), TRUE
               FROM ar_tax_relief rule
               JOIN res_country country ON country.id = rule.country_id
              WHERE country.code IN %s
                AND NOT EXISTS (SELECT FROM ir_model_data known
                                 WHERE known.module = 'ar_collections'
                                   AND known.name = 'tax_relief_' || lower(country.code))
           GROUP BY country.code
        """,
        (COUNTRIES,),
    )
