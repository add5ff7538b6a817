"""From 19.0.1.1: each address of a communication gets a row of its own, with its outcome and its e-mail in the queue.

The state of the communication is that of its addresses: which of several it was is not known. The script may run again
after an upgrade that failed.
"""

import json

#: State of a communication -> state of its recipients.
STATES = {
    "planned": "planned",
    "sending": "sending",
    "unknown": "unknown",
    "sent": "sent",
    "failed": "failed",
    "cancelled": "cancelled",
    "skipped": "cancelled",
}


def migrate(cr, version):
    """Create the recipients, after the new tables were created and before removed columns are dropped."""
    if not version or not _has_column(cr, "ar_communication", "mail_mail_id"):
        return
    _create_recipients(cr)
    _address_mails(cr)


def _has_column(cr, table, column):
    cr.execute("SELECT FROM information_schema.columns WHERE table_name = %s AND column_name = %s", (table, column))
    return bool(cr.rowcount)


def _create_recipients(cr):
    """Create a recipient for each stored address; messages that wait for review get theirs when they are released."""
    cr.execute(
        """
        INSERT INTO ar_communication_recipient (
                    communication_id, company_id, partner_id, address, state, failure, failure_reason, date, attempts,
                    mail_mail_id, create_uid, create_date, write_uid, write_date)
             SELECT DISTINCT ON (log.id, sent.address)
                    log.id, log.company_id, reader.id, sent.address, (%(states)s::jsonb) ->> log.state,
                    CASE WHEN log.state = 'failed' THEN log.failure END,
                    CASE WHEN log.state IN ('failed', 'unknown') THEN log.failure_reason END,
                    log.write_date, 0,
                    CASE WHEN sent.position = 1 THEN log.mail_mail_id END,
                    log.create_uid, log.create_date, log.write_uid, log.write_date
               FROM ar_communication log
         CROSS JOIN LATERAL UNNEST(STRING_TO_ARRAY(log.email_to, ',')) WITH ORDINALITY AS sent (address, position)
          LEFT JOIN LATERAL (
                    SELECT partner.id
                      FROM ar_communication_res_partner_rel chosen
                      JOIN res_partner partner ON partner.id = chosen.res_partner_id
                     WHERE chosen.ar_communication_id = log.id
                  ORDER BY (partner.email_normalized = sent.address) IS TRUE DESC, partner.id
                     LIMIT 1) reader ON TRUE
              WHERE log.channel = 'email'
                AND log.state = ANY(%(known)s)
                AND sent.address <> ''
                AND NOT EXISTS (SELECT FROM ar_communication_recipient done WHERE done.communication_id = log.id)
           ORDER BY log.id, sent.address, sent.position
        """,
        {"states": json.dumps(STATES), "known": list(STATES)},
    )


def _address_mails(cr):
    """Leave in each queued e-mail the contact of its recipient only; the check before sending adds what is missing."""
    cr.execute(
        """
        DELETE FROM mail_mail_res_partner_rel reader
              USING ar_communication_recipient recipient
              WHERE recipient.mail_mail_id = reader.mail_mail_id
                AND recipient.partner_id <> reader.res_partner_id
        """
    )
