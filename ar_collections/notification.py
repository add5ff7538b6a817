"""The message that a button shows in the corner of the screen, as the action that it returns."""

#: What follows the message: the dialog closes, or what is open is read anew.
CLOSE = {"type": "ir.actions.act_window_close"}
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def notification(message, kind="success", after=CLOSE, **params):
    """Return the action that shows a message.

    :param str message: in the user's language
    :param str kind: ``success``, ``info`` or ``warning``, which gives the color
    :param dict after: the action that follows it, such as ``CLOSE`` and ``RELOAD``; None: nothing does
    :param params: ``title``; ``sticky``: it stays until it is closed
    """
    shown = {"message": message, "type": kind, **params}
    if after:
        shown["next"] = dict(after)
    return {"type": "ir.actions.client", "tag": "display_notification", "params": shown}
