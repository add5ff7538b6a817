import re

from lxml import etree, html
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize

from ...const import GROUP_AUDITOR, WAITING_STATES
from ...core import decision as codes

#: The parts of a message that the engine writes; all other words are free.
PARTS = ("items", "pay", "contact")

#: What stands in place of a part while a message is taken apart.
MARK = "[[ar:%s]]"


class ArCommunication(models.Model):
    """A reminder that a person ordered about chosen items keeps to them, whatever else is due by the time it goes.

    A personal touch: subject and words by a person. Items, link and signature stay the engine's.

    The words stand above and below the list of items. The list, the pay link and the signature are written by the
    engine each time, so that amounts are those of the books. Where the list changes after the words were written,
    they may no longer fit: the message comes back to whoever wrote it, see :meth:`_get_replacement_vals`.
    """

    _inherit = "ar.communication"

    has_selected_items = fields.Boolean(
        "Items Selected Manually", readonly=True, help="Whether the items were selected manually."
    )

    text_above = fields.Html("Text above the List", readonly=True, groups=GROUP_AUDITOR)
    text_below = fields.Html("Text below the List", readonly=True, groups=GROUP_AUDITOR)
    edited_by_id = fields.Many2one("res.users", "Edited by", readonly=True)
    edited_on = fields.Datetime("Edited on", readonly=True)
    returned = fields.Boolean(
        "Returned for Editing",
        readonly=True,
        help="Whether the message was returned for editing because its items changed.",
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    # === EDITED TEXT === #

    @api.depends("state", "channel")
    def _compute_can_edit(self):
        """Whether its words can still be changed here: it waits for a person, for review or for the printer."""
        for communication in self:
            communication.can_edit = communication._is_editable()

    @api.depends_context("ar_marked_parts")
    def _compute_parts(self):
        """Override to leave marks where the parts belong, while a message is taken apart."""
        if not self.env.context.get("ar_marked_parts"):
            return super()._compute_parts()
        for part in PARTS:
            self[f"{part}_html"] = Markup(MARK % part)
        return None

    def _is_editable(self):
        """Tell whether a person may still change its words: queued e-mails and calls are out of reach."""
        self.ensure_one()
        if self.notice:
            return False
        return (self.state == "review" and self.channel != "call") or (
            self.state == "planned" and self.channel == "letter"
        )

    def _check_editable(self):
        """Refuse what is out of reach.

        :raise UserError: when its words cannot be changed any more
        """
        if not self or not self._is_editable():
            raise UserError(self.env._("A sent, queued or canceled message cannot be changed."))

    def action_edit_text(self):
        """Open the message to change its words."""
        self.ensure_one()
        self._require("collector")
        return self.env["ar.message.edit"]._open_waiting(self)

    # === TAKEN APART AND PUT TOGETHER === #

    def _get_edited_text(self):
        """Return the free words of the message: those a person wrote, else those of its template.

        :return: {subject, text_above, text_below}, safe HTML
        """
        self.ensure_one()
        if self.edited_on:
            return {"subject": self.subject, "text_above": self.text_above, "text_below": self.text_below}
        if self.channel == "letter":
            step = self.step_id.with_context(lang=self.lang)
            return {"subject": step.name, "text_above": step.letter_text, "text_below": False}
        template = self._get_template().with_context(ar_marked_parts=True)
        subject = template._render_field("subject", self.ids, compute_lang=True)[self.id]
        body = template._render_field("body_html", self.ids, compute_lang=True)[self.id]
        above, below = self._split_text(str(body))
        return {"subject": subject, "text_above": above, "text_below": below}

    @api.model
    def _split_text(self, body):
        """Return the words above and below the list of items, each as whole HTML; without a list all stands above.

        >>> self._split_text("<div><p>Dear you</p>[[ar:items]]<p>Soon, please.</p>[[ar:pay]]</div>")
        ('<p>Dear you</p>', '<p>Soon, please.</p>')
        """
        above, _mark, below = body.partition(MARK % "items")
        return self._clean_text(above), self._clean_text(below)

    @api.model
    def _clean_text(self, text):
        """Return a piece of HTML without marks, empty paragraphs and the frame it was cut out of; always safe."""
        text = re.sub(re.escape(MARK).replace("%s", r"\w+"), "", text)
        frame = html.fragment_fromstring(text, create_parent="div")
        while len(frame) == 1 and frame[0].tag == "div" and not (frame.text or frame[0].tail or "").strip():
            frame = frame[0]
        for node in frame.xpath(".//p|.//div"):
            if not len(node) and not (node.text or "").strip():
                node.drop_tree()
        inner = (frame.text or "") + "".join(etree.tostring(node, encoding="unicode", method="html") for node in frame)
        return html_sanitize(inner.strip())

    def _compose_body(self):
        """Return the whole message around a person's words, links absolute."""
        self.ensure_one()
        qweb = self.env["ir.qweb"].with_context(lang=self.lang)
        body = qweb._render("ar_collections.communication_edited", {"object": self}, minimal_qcontext=True)
        base_url = self.customer_id.get_base_url()
        return self.env["mail.render.mixin"]._replace_local_links(body, base_url=base_url)

    def _write_edited_text(self, text):
        """Take over what a person wrote; the message is put together anew.

        :param dict text: see :meth:`_prepare_edited_vals`
        """
        self.ensure_one()
        self.write(text)
        if self.channel == "email":
            self.env["ar.outreach"]._render(self)

    @api.model
    def _prepare_edited_vals(self, text, recipients):
        """Return what is stored of a person's words: they are signed with who wrote them, and when.

        :param dict text: subject, text_above, text_below
        :param recipients: `res.partner`; nobody: as the engine chose
        """
        values = {**text, "edited_by_id": self.env.uid, "edited_on": fields.Datetime.now()}
        return {**values, **self._prepare_reader_vals(recipients)}

    @api.model
    def _prepare_reader_vals(self, recipients):
        """Return whom it goes to, of those who have an address; nobody: as the engine chose."""
        reached = recipients.filtered("email_normalized")
        if not reached:
            return {}
        return {
            "recipient_ids": [Command.set(reached.ids)],
            "email_to": ",".join(reached.mapped("email_normalized")),
        }

    # === WHEN THE LIST CHANGES === #

    def _get_replacement_vals(self, decision, today):
        """Return what a message that replaces this one takes over of a person's words; nothing if nobody wrote any.

        The same list, only on another day: the words go out with it, by the same deadline, which they may name.
        Another list: they wait for whoever wrote them.

        :param decision: what is said instead
        :param date today: the company's date
        """
        self.ensure_one()
        if not self.edited_on:
            return {}
        names = ("subject", "text_above", "text_below", "edited_on", "has_selected_items")
        words = {name: self[name] for name in names} | {"edited_by_id": self.edited_by_id.id}
        if self.channel == "email":
            words |= self._prepare_reader_vals(self._get_lasting_recipients())
        if self._content() == self._content_of(decision) and self.deadline and self.deadline >= today:
            return {**words, "deadline": self.deadline}
        # It was free to go: a collector's order, or the night's where nothing asked for approval.
        free = self.state == "planned" and not self.approved_by_id
        returned = self.returned or (free and (self.is_manual or decision.action != codes.REVIEW))
        return {**words, "state": "review", "is_manual": False, "approved_by_id": False, "returned": returned}

    def _get_lasting_recipients(self):
        """Return whom a person chose, as far as they are still the customer's: contacts leave, and move elsewhere."""
        return self.recipient_ids.filtered(
            lambda partner: partner.active and partner.commercial_partner_id == self.partner_id
        )

    def _is_current(self, decision, today):
        """Override to keep edited words while only the day is wrong, even if what they list changed meanwhile."""
        deferred = (
            decision.items and decision.code in (codes.TOO_SOON, codes.NOT_A_WORKDAY) and not decision.has_message
        )
        return super()._is_current(decision, today) or bool(self.edited_on and deferred)

    def _cancel(self, reason):
        """Override to tell whoever wrote the words that they are not sent; replaced, they live on elsewhere."""
        edited = self.filtered(lambda communication: communication.edited_on and communication.state in WAITING_STATES)
        cancelled = super()._cancel(reason)
        if reason != "outdated":
            for communication in edited & cancelled:
                communication._notify_editor(reason)
        return cancelled

    def _cancel_by_person(self, state, reason):
        """Override to tell whoever wrote the words that somebody else skipped them; `_cancel` tells the rest."""
        edited = self.filtered(lambda communication: communication.edited_on and communication.state in WAITING_STATES)
        result = super()._cancel_by_person(state, reason)
        for communication in edited.filtered(lambda communication: communication.state == "skipped"):
            communication._notify_editor(reason)
        return result

    def _notify_editor(self, reason):
        """Tell whoever wrote the message why it stays unsent; who gave it up knows."""
        editor = self.edited_by_id
        if editor == self.env.user:
            return
        reader = self.with_context(lang=editor.lang)
        label = dict(reader._fields["cancel_reason"]._description_selection(reader.env))[reason]
        text = reader.env._(
            "The message you wrote to %(customer)s was not sent: %(reason)s. You can find it in the communications.",
            customer=reader.customer_id.display_name,
            reason=label,
        )
        self.customer_id._notify_colleague(editor, self.subject, text)
