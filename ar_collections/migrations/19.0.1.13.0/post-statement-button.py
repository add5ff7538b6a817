"""The button of the email with a statement does not promise that something can be paid online: not each company can."""

#: (what it says in version 19.0.1.12.0, what it says now), by language of that version.
TEXTS = [
    (">View and pay online</a>", ">View your account</a>"),
    (">Consulter et payer en ligne</a>", ">Consulter votre compte</a>"),
    (">Online ansehen und bezahlen</a>", ">Ihr Konto ansehen</a>"),
    (">Ver y pagar en línea</a>", ">Ver su cuenta</a>"),
    (">Visualizza e paga online</a>", ">Visualizza il tuo conto</a>"),
    (">Online bekijken en betalen</a>", ">Uw account bekijken</a>"),
    (">Ver e pagar online</a>", ">Ver sua conta</a>"),
    (">العرض والدفع عبر الإنترنت</a>", ">عرض حسابك</a>"),
]


def migrate(cr, version):
    """Replace the text of the button wherever it is still that of before; other changes to the email stay.

    :param version: the version installed before, None on a new installation
    """
    if not version:
        return
    for before, now in TEXTS:
        cr.execute(
            """
            UPDATE mail_template SET body_html = REPLACE(body_html::text, %(before)s, %(now)s)::jsonb
              FROM ir_model_data data
             WHERE data.module = 'ar_collections' AND data.name = 'mail_template_statement'
               AND data.res_id = mail_template.id AND POSITION(%(before)s IN body_html::text) > 0
            """,
            {"before": before, "now": now},
        )
