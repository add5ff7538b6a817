"""Messages about automatic payments are about payment plans, too: the text of before named the account alone."""

import json

BODY = """
<div>
    <p style="margin: 0 0 16px 0;">{greeting} <t t-out="object.recipient_ids[:1].name or object.partner_id.name"/>,</p>
    <p style="margin: 0 0 16px 0;">{sentence}</p>
    <t t-out="object.agreement_html"/>
    <t t-out="object.contact_html"/>
</div>
"""

#: {template: [(greeting, sentence before, sentence now)]}, one for each language of version 19.0.1.7.0.
SENTENCES = {
    "mail_template_autopay_ended": [
        (
            "Dear",
            "The invoices of your account are no longer paid automatically.",
            "Your automatic payments to us have ended.",
        ),
        (
            "Bonjour",
            "Les factures de votre compte ne sont plus payées automatiquement.",
            "Vos paiements automatiques ont pris fin.",
        ),
    ],
    "mail_template_autopay_expiring": [
        (
            "Dear",
            "The payment method with which the invoices of your account are paid automatically expires soon.",
            "The payment method of your automatic payments to us expires, or has expired.",
        ),
        (
            "Bonjour",
            "Le moyen de paiement avec lequel les factures de votre compte sont payées automatiquement expire bientôt.",
            "Le mode de paiement de vos paiements automatiques arrive à expiration, ou a expiré.",
        ),
    ],
}


def migrate(cr, version):
    """Replace the bodies that nobody has changed, in each language that has one of these texts.

    :param version: the version installed before, None on a new installation
    """
    if not version:
        return
    for name, sentences in SENTENCES.items():
        cr.execute(
            """
            SELECT template.id, template.body_html
              FROM mail_template template
              JOIN ir_model_data data ON data.res_id = template.id AND data.model = 'mail.template'
             WHERE data.module = 'ar_collections' AND data.name = %s
            """,
            (name,),
        )
        for template_id, bodies in cr.fetchall():
            changed = {lang: _renew(body, sentences) for lang, body in (bodies or {}).items()}
            if changed != bodies:
                cr.execute("UPDATE mail_template SET body_html = %s WHERE id = %s", (json.dumps(changed), template_id))


def _renew(body, sentences):
    """Return the body with the sentence of now; one that differs from that of before stays."""
    for greeting, before, now in sentences:
        if _normalize(body) == _normalize(BODY.format(greeting=greeting, sentence=before)):
            return body.replace(before, now)
    return body


def _normalize(body):
    """Return a body without what the serialization of HTML changes."""
    return " ".join((body or "").replace("></t>", "/>").split())
