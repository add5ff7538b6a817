"""Requests to stop by email are rows of `ar.email.stop`, as those that a person confirmed."""


def migrate(cr, version):
    if not version:
        return
    # One for each address and company, since the first time; it ended where Odoo's list has the address no more.
    cr.execute(
        """
        INSERT INTO ar_email_stop (address, company_id, text, date, ended_on, create_date, write_date)
        SELECT DISTINCT ON (old.company_id, old.value)
               old.value, old.company_id, old.text, old.date,
               CASE WHEN block.id IS NULL THEN now() AT TIME ZONE 'UTC' END,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM ar_sms_stop old
     LEFT JOIN mail_blacklist block ON block.email = old.value AND block.active
         WHERE old.kind = 'email'
           AND NOT EXISTS (SELECT FROM ar_email_stop stop
                            WHERE stop.address = old.value AND stop.company_id = old.company_id
                              AND stop.ended_on IS NULL)
      ORDER BY old.company_id, old.value, old.id
        """
    )
    cr.execute("DELETE FROM ar_sms_stop WHERE kind = 'email'")
