from odoo import api, models


class ArChannel(models.AbstractModel):
    """A way to contact customers: what it needs of an address, how its messages are written, sent and delivered.

    Another module adds a channel by a model ``ar.channel.<code>`` that inherits this one, and by adding the code to
    the selections `ar.communication.channel` and `ar.reminder.step.channel`. Nothing outside these models compares the
    codes of channels: all others ask the attributes and methods below.

    The stages of a message: `_choose_recipients` (to whom), `_render` (its text), `_send` (it is released: queued, or
    given to a person), `_deliver` (it leaves the company), and its outcome, a state of the communication that the
    channel stores with `ar.communication._set_state`. Where a channel has addresses, each has an outcome of
    its own, see `ar.communication.recipient`.
    """

    _name = "ar.channel"
    _description = "Channel"

    #: The text is written for one day ("12 days late"): on another day a message that waits is written anew.
    _is_dated = False

    #: Messages that were released go out without a person.
    _is_automatic = False

    #: Messages go to e-mail addresses, each recipient with its own outcome.
    _has_addresses = False

    #: The text is written by a mail template, not in the step itself.
    _has_template = False

    #: A person may edit the text before it goes out.
    _is_editable = False

    #: Messages are printed together by a person.
    _is_printable = False

    #: A person talks with the customer: there is no text to send.
    _is_spoken = False

    #: The icon that stands for the channel, of Font Awesome.
    _icon = "fa-comment-o"

    # === LOOK-UP === #

    @api.model
    def _get(self, code):
        """Return the model of a channel.

        :param str code: a value of `ar.communication.channel`
        """
        return self.env[f"ar.channel.{code}"]

    @api.model
    def _get_all(self):
        """Return {code: model} of all channels."""
        return {code: self._get(code) for code in self.env["ar.communication"]._fields["channel"].get_values(self.env)}

    @api.model
    def _get_codes(self, attribute):
        """Return the codes of the channels that have an attribute.

        :param str attribute: for instance ``_is_spoken``
        """
        return [code for code, channel in self._get_all().items() if getattr(channel, attribute)]

    @api.model
    def _get_selection(self):
        """Return the channels as a selection, in the user's language."""
        return self.env["ar.communication"]._fields["channel"]._description_selection(self.env)

    # === RECIPIENTS === #

    @api.model
    def _reaches(self, row):
        """Return whether the channel reaches an address of a customer.

        :param dict row: an address, see `ar.facts._read_recipients`
        """
        return False

    @api.model
    def _reaches_any(self, rows):
        """Return whether the channel reaches a customer.

        :param list rows: the customer's addresses, best first
        """
        return any(self._reaches(row) for row in rows)

    @api.model
    def _choose_recipients(self, rows):
        """Return those of a customer's addresses that a message goes to; by default the best postal one, else the best.

        :param list rows: the customer's addresses, best first
        """
        return [row for row in rows if row["postal"]][:1] or rows[:1]

    @api.model
    def _get_addresses(self, rows):
        """Return {address: partner id} of the recipients that a message goes to, each of which has its own outcome.

        Empty where the channel has no addresses, see ``_has_addresses``.

        :param list rows: what `_choose_recipients` returned
        """
        return {}

    # === MESSAGE === #

    @api.model
    def _render(self, communications):
        """Write the text of the messages, before anybody reviews or sends them; by default there is none to write."""

    @api.model
    def _send(self, communications):
        """Send communications in state `planned`: put them where whoever delivers them finds them.

        By default they wait in this state.
        """

    @api.model
    def _deliver(self, communications):
        """Deliver communications that were checked right before, and store their outcome.

        By default there is nothing to do: a person delivers them and says so.

        :return: what the caller shows to the user, if anything
        """

    @api.model
    def _get_preview(self, communication):
        """Return the message as its reader will see it, as HTML; by default its text.

        It was rendered before. Nothing may be sent or stored for a preview.
        """
        return communication.body or ""

    # === DELIVERY TO ADDRESSES === #

    @api.model
    def _prepare_delivery(self, communication):
        """Prepare a message that was checked right before, and that nobody got yet: to whom it goes by now."""

    @api.model
    def _find_unchanged(self, communications):
        """Return the communications of which `_prepare_delivery` would change nothing but documents; write nothing.

        Who overrides that method overrides this as well; none by default.
        """
        return communications.browse()

    @api.model
    def _attach_documents(self, communication):
        """Print and attach the documents of a message, unless it has them already."""

    @api.model
    def _drop_outdated(self, communication):
        """Cancel those of the recipients that are left who must not get the message any more; others got it already."""

    @api.model
    def _read_outcome(self, recipient, mail, error, watch):
        """Return (state, failure) of a recipient whose delivery did not succeed.

        :param recipient: `ar.communication.recipient`
        :param mail: its `mail.mail`
        :param error: the exception of the delivery, or None
        :param Watch watch: what happened to the message in the SMTP session
        :return: state ``planned`` (it is tried again), ``unknown`` or ``failed``, and one of ``const.FAILURES`` or None
        """
        return "failed", "technical"
