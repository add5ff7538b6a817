def migrate(cr, version):
    """Let the lump sum count against legal costs by the rules of Germany, which databases have had already."""
    cr.execute(
        """
        UPDATE ar_late_charge_regime regime SET lump_sum_counts = TRUE
          FROM ir_model_data data
         WHERE data.module = 'ar_collections' AND data.name = 'late_charge_regime_de' AND data.res_id = regime.id
        """
    )
