import re

from lxml import etree, html
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all, html_sanitize, is_html_empty

from ....const import GROUP_AUDITOR, WAITING_STATES
from ....core import decision as codes

#: The generated parts of a message, rendered from current data; all other text may be edited.
PARTS = ("items", "pay", "contact")

#: Placeholder of a generated part while a rendered message is split into its texts.
MARK = "[[ar:%s]]"


class ArCommunication(models.Model):
    """Reminders whose items or text a person determined.

    A manual reminder about selected items stays limited to them, whatever else is due when it is sent.

    Subject and text of a message can be edited before it is sent. The edited text stands above and below the list of
    items; the list, the pay link and the signature are generated at every rendering, so that amounts are those of the
    ledger. When the list changes after the text was edited, the text may no longer fit: the message returns to its
    editor for review, see :meth:`_get_replacement_vals`.
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
    decided_for = fields.Date(
        "Planned for", readonly=True, help="Date on which the schedule would have sent the step. Empty: it was due."
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    # === EDITED TEXT === #

    @api.depends("state", "channel")
    def _compute_can_edit(self):
        """Compute whether the text can still be edited: the message waits for a review or to be printed."""
        for communication in self:
            communication.can_edit = communication._is_editable()

    @api.depends_context("ar_marked_parts")
    def _compute_parts(self):
        """Override to render placeholders instead of the generated parts, while a message is split into its texts."""
        if not self.env.context.get("ar_marked_parts"):
            return super()._compute_parts()
        for part in PARTS:
            self[f"{part}_html"] = Markup(MARK % part)
        return None

    def _is_editable(self):
        """Return whether a person may still edit the text; never for notices, queued e-mails and calls."""
        self.ensure_one()
        channel = self._get_channel()
        if self.notice or not channel._is_editable:
            return False
        return self.state == "review" or (self.state == "planned" and not channel._is_automatic)

    def _is_without_text(self):
        """Override for letters that a person edited."""
        if self.edited_on:
            return is_html_empty(self.text_above) and is_html_empty(self.text_below)
        return super()._is_without_text()

    def _check_editable(self):
        """Check that the text of this message may still be edited.

        :raise UserError: when there is no message, or it was sent, queued or cancelled
        """
        if not self or not self._is_editable():
            raise UserError(self.env._("A sent, queued or canceled message cannot be changed."))

    def action_edit_text(self):
        """Open the dialog to edit the message."""
        self.ensure_one()
        self._require("collector")
        return self.env["ar.message.edit"]._open_waiting(self)

    # === SPLITTING AND COMPOSING === #

    def _get_edited_text(self):
        """Return the editable texts of the message: as a person edited them, else as the template renders them.

        :return: {subject, text_above, text_below}, safe HTML
        """
        self.ensure_one()
        if self.edited_on:
            return {"subject": self.subject, "text_above": self.text_above, "text_below": self.text_below}
        if not self._get_channel()._has_template:
            step = self.step_id.with_context(lang=self.lang)
            return {"subject": step.name, "text_above": step.letter_text, "text_below": False}
        template = self._get_template().with_context(ar_marked_parts=True)
        subject = template._render_field("subject", self.ids, compute_lang=True)[self.id]
        body = template._render_field("body_html", self.ids, compute_lang=True)[self.id]
        above, below = self._split_text(str(body))
        return {"subject": subject, "text_above": above, "text_below": below}

    @api.model
    def _split_text(self, body):
        """Return the texts above and below the list of items, each as complete HTML; without a list all is above.

        >>> self._split_text("<div><p>Dear you</p>[[ar:items]]<p>Soon, please.</p>[[ar:pay]]</div>")
        ('<p>Dear you</p>', '<p>Soon, please.</p>')
        """
        above, _mark, below = body.partition(MARK % "items")
        return self._clean_text(above), self._clean_text(below)

    @api.model
    def _clean_text(self, text):
        """Return a piece of HTML sanitized, without placeholders, empty paragraphs and enclosing ``div`` elements."""
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
        """Return the complete body of a message with edited text: texts and generated parts, with absolute links."""
        self.ensure_one()
        qweb = self.env["ir.qweb"].with_context(lang=self.lang)
        body = qweb._render("ar_collections.communication_edited", {"object": self}, minimal_qcontext=True)
        base_url = self.customer_id.get_base_url()
        return self.env["mail.render.mixin"]._replace_local_links(body, base_url=base_url)

    def _write_edited_text(self, text):
        """Store a person's text, and render the message anew.

        :param dict text: see :meth:`_prepare_edited_vals`
        """
        self.ensure_one()
        self.write(text)
        self.env["ar.outreach"]._render(self)

    @api.model
    def _prepare_edited_vals(self, text, recipients):
        """Return the values that store a person's text, with editor and time.

        :param dict text: subject, text_above, text_below
        :param recipients: `res.partner`; empty: the recipients stay as they are
        """
        values = {**text, "edited_by_id": self.env.uid, "edited_on": fields.Datetime.now()}
        return {**values, **self._prepare_reader_vals(recipients)}

    @api.model
    def _prepare_reader_vals(self, recipients):
        """Return the values for these recipients, as far as they have an e-mail address.

        :param recipients: `res.partner`; with no address among them nothing is returned, and the recipients stay
        """
        reached = recipients.filtered("email_normalized")
        if not reached:
            return {}
        return {
            "recipient_ids": [Command.set(reached.ids)],
            "email_to": ",".join(dict.fromkeys(email_normalize_all(", ".join(reached.mapped("email"))))),
        }

    # === WHEN THE LIST CHANGES === #

    def _get_replacement_vals(self, decision, today):
        """Return the values that a message replacing this one takes over: the day it was planned for, and edited text.

        When only the day differs, the edited text goes out with the same list and the same deadline, which the text may
        mention. When the list differs or the deadline has passed, the new message waits for review by the editor.

        :param decision: `core.decision.Decision` about the new message
        :param date today: the company's date
        :rtype: dict
        """
        self.ensure_one()
        if not self.edited_on:
            return {"decided_for": self.decided_for}
        names = ("subject", "text_above", "text_below", "edited_on", "has_selected_items", "decided_for")
        values = {name: self[name] for name in names} | {"edited_by_id": self.edited_by_id.id}
        if self._get_channel()._has_addresses:
            values |= self._prepare_reader_vals(self._get_lasting_recipients())
        if self._content() == self._content_of(decision) and self.deadline and self.deadline >= today:
            return {**values, "deadline": self.deadline}
        # No approval was required: sent manually by a collector, or automatically below the review threshold.
        released = self.state == "planned" and not self.approved_by_id
        returned = self.returned or (released and (self.is_manual or decision.action != codes.REVIEW))
        return {**values, "state": "review", "is_manual": False, "approved_by_id": False, "returned": returned}

    def _get_lasting_recipients(self):
        """Return the recipients that are still active contacts of the customer."""
        return self.recipient_ids.filtered(
            lambda partner: partner.active and partner.commercial_partner_id == self.partner_id
        )

    def _is_day_kept(self):
        """Override: a person's text may name the deadline; once that has passed it goes back, see `_is_current`."""
        return bool(self.edited_on) or super()._is_day_kept()

    def _is_current(self, decision, today):
        """Override to keep a message with edited text while it is only deferred, even if its list changed meanwhile.

        One that waits for its delivery beyond its deadline is not current: it goes back to its editor.
        """
        waits = self.edited_on and self.state == "planned" and decision.has_message
        if waits and self.deadline and self.deadline < today:
            return False
        deferred = (
            decision.items
            and decision.code in (codes.TOO_SOON, codes.NOT_A_WORKDAY, codes.UNMATCHED_PAYMENT)
            and not decision.has_message
        )
        return super()._is_current(decision, today) or bool(self.edited_on and deferred)

    def _cancel(self, reason):
        """Override to notify the editor that an edited message is not sent; the text of a replaced one is kept."""
        edited = self.filtered(lambda communication: communication.edited_on and communication.state in WAITING_STATES)
        cancelled = super()._cancel(reason)
        if reason != "outdated":
            for communication in edited & cancelled:
                communication._notify_editor(reason)
        return cancelled

    def _cancel_by_person(self, state, reason):
        """Override to notify the editor when another person skips an edited message; `_cancel` covers the others."""
        edited = self.filtered(lambda communication: communication.edited_on and communication.state in WAITING_STATES)
        result = super()._cancel_by_person(state, reason)
        for communication in edited.filtered(lambda communication: communication.state == "skipped"):
            communication._notify_editor(reason)
        return result

    def _notify_editor(self, reason):
        """Notify the editor why the message was not sent, unless the editor cancelled it."""
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
