"""Refusals that were about our server or our sender do not count against the reader's address any more.

The replies of mail servers are stored with each recipient, as ``(554, b'5.7.1 Relay access denied')``. Where the status
is one about us, a policy, the network or the message, the failure was technical. A communication that reached nobody
has the failure of its recipients, a wrong address first.
"""

#: The enhanced status codes of `core.communications.refusals` that are not about the address.
ABOUT_US = r"\(5\d\d, b?['\"]5\.([34567]\.\d|2\.[^1]|1\.[78]\M)"


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE ar_communication_recipient SET failure = 'technical'
         WHERE state = 'failed' AND failure = 'address' AND failure_reason ~ %s
     RETURNING communication_id
        """,
        [ABOUT_US],
    )
    found = [communication_id for (communication_id,) in cr.fetchall()]
    cr.execute(
        """
        UPDATE ar_communication log SET failure = 'technical'
         WHERE id = ANY(%s) AND failure = 'address'
           AND NOT EXISTS (SELECT FROM ar_communication_recipient other
                            WHERE other.communication_id = log.id AND other.failure = 'address')
        """,
        [found],
    )
