"""The minimum (floor): what the e-mails of a run cost at least, with the same templates, through Odoo's own models.

Rendering subject and body, putting the body into the layout, creating the `mail.mail` rows with their messages. No
facts, no decision, no log, no notifications; batches and commits as in the run.
"""

from odoo.tools import split_every

from odoo.addons.ar_collections.models.customers.nightly.batch_run import BATCH


def read_headers(communications):
    """Return {communication id: values of its message other than what is rendered}, to be read before the clock starts.

    :param communications: `ar.communication` records of e-mails that were queued
    """
    communications.fetch(["customer_id", "message_id", "recipient_ids"])  # and not the bodies, which fill the memory
    communications.message_id.fetch(["message_type", "subtype_id", "email_from", "author_id", "reply_to"])
    return {
        communication.id: {
            "model": "ar.customer",
            "res_id": communication.customer_id.id,
            "message_type": message.message_type,
            "subtype_id": message.subtype_id.id,
            "email_from": message.email_from,
            "author_id": message.author_id.id,
            "reply_to": message.reply_to,
            "recipient_ids": [(6, 0, communication.recipient_ids.ids)],
            "auto_delete": False,
            "state": "outgoing",
        }
        for communication in communications
        for message in communication.message_id
    }


def make_mails(env, headers):
    """Render the communications again and create as many mails."""
    for ids in split_every(BATCH, headers):
        batch = env["ar.communication"].browse(ids)
        for template, group in batch.grouped(lambda c: c.step_id.mail_template_id).items():
            _make_batch(env, template, group, headers)
        env.cr.commit()


def _make_batch(env, template, group, headers):
    """Make the mails of one template."""
    subjects = template._render_field("subject", group.ids, compute_lang=True)
    bodies = template._render_field("body_html", group.ids, compute_lang=True, options={"post_process": True})
    env["mail.mail"].create(
        [
            {
                **headers[communication.id],
                "subject": subjects[communication.id],
                "body": bodies[communication.id],
                "body_html": env["ar.channel.email"]._in_layout(communication),
            }
            for communication in group
        ]
    )
