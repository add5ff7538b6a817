"""From 19.0.1.2: open items of general journals that were not reminded stay excluded until a person resumes them."""


def migrate(cr, version):
    """Keep the exclusion of what is open: Odoo's default and what a person chose look alike. It may run again."""
    if not version:
        return
    cr.execute(
        """
        UPDATE account_move_line line
           SET ar_follow_up = 'no'
          FROM account_move move
          JOIN account_journal journal ON journal.id = move.journal_id
         WHERE move.id = line.move_id
           AND journal.type = 'general'
           AND line.no_followup
           AND line.ar_follow_up IS NULL
           AND line.reconciled IS NOT TRUE
           AND line.account_id IN (SELECT id FROM account_account WHERE account_type = 'asset_receivable')
        """
    )
