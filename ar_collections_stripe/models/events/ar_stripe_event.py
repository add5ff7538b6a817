import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

RECEIVED, DONE, IGNORED, FAILED = "received", "done", "ignored", "failed"

CRON = "ar_collections_stripe.ir_cron_stripe_events"


class ArStripeEvent(models.Model):
    """An event of Stripe: stored once by its id, handled from here.

    An event only says that something happened to an object. The object is fetched when the event is handled, so that
    the order of events does not matter, and nothing of its data is stored.
    """

    _name = "ar.stripe.event"
    _description = "Stripe Event"
    _order = "created desc, id desc"
    _rec_name = "event_id"

    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    event_id = fields.Char(required=True, readonly=True)
    type = fields.Char(required=True, readonly=True)
    created = fields.Datetime(required=True, readonly=True)
    object_id = fields.Char(readonly=True, help="Id of the payment, charge, dispute or method at Stripe.")
    state = fields.Selection(
        [(RECEIVED, "Received"), (DONE, "Handled"), (IGNORED, "Ignored"), (FAILED, "Failed")],
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime("Next Attempt", readonly=True)
    is_fetched = fields.Boolean("Fetched", readonly=True, help="Whether Stripe could not deliver it.")
    error = fields.Text(readonly=True, help="Why it failed or was ignored.")

    _once = models.Constraint("UNIQUE (provider_id, event_id)", "This event was stored already.")
    _waiting_idx = models.Index("(next_try) WHERE state = 'received'")

    # === STORE === #

    @api.model
    def _prepare_vals(self, provider, event):
        """Return the values of an event, or of one that is kept aside because it is not the provider's.

        :param dict event: as Stripe sends it
        """
        thing = event["data"]["object"]
        reason = self._find_reason_to_ignore(provider, event)
        return {
            "provider_id": provider.id,
            "event_id": str(event["id"])[:255],
            "type": str(event["type"])[:255],
            "created": self._to_datetime(event.get("created")),
            "object_id": str(thing.get("id") or "")[:255],
            "state": IGNORED if reason else RECEIVED,
            "error": reason or None,
            "next_try": None if reason else fields.Datetime.now(),
        }

    @api.model
    def _to_datetime(self, timestamp):
        """Return a time of Stripe's as Odoo stores times; now, where there is none."""
        try:
            return datetime.datetime.fromtimestamp(int(timestamp), datetime.timezone.utc).replace(tzinfo=None)
        except (TypeError, ValueError, OverflowError, OSError):
            return fields.Datetime.now()

    @api.model
    def _find_reason_to_ignore(self, provider, event):
        """Return why an event is kept aside, or a false value: another account or mode, or not one that we handle."""
        account, known = event.get("account"), provider.ar_stripe_account
        if account and account != known:
            return self.env._("Event of another account: %(account)s", account=account)
        if "livemode" in event and bool(event["livemode"]) != provider._ar_is_live():
            return self.env._("Event of the other mode: test and live accounts are kept apart.")
        if event["type"] not in self._get_handlers():
            return self.env._("This kind of event is not handled.")
        return None

    @api.model
    def _store(self, provider, rows, is_fetched=False):
        """Store events that are not stored yet, and have them handled at once.

        :param rows: list of values, see `_prepare_vals`
        :param bool is_fetched: whether we fetched them, because Stripe could not deliver them
        :return: the number of new events
        """
        if not rows:
            return 0
        now = fields.Datetime.now()
        common = {
            "company_id": provider.company_id.id,
            "is_fetched": is_fetched,
            "attempts": 0,
            "create_date": now,
            "write_date": now,
        }
        columns = SQL(", ").join(map(SQL.identifier, [*rows[0], *common]))
        values = [
            SQL("(%s)", SQL(", ").join(SQL("%s", each) for each in (*row.values(), *common.values()))) for row in rows
        ]
        stored = self.env.execute_query(
            SQL(
                """
                INSERT INTO ar_stripe_event (%s) VALUES %s
                ON CONFLICT (provider_id, event_id) DO NOTHING RETURNING id
                """,
                columns,
                SQL(", ").join(values),
            )
        )
        if stored:
            self.env.ref(CRON).sudo()._trigger()  # scheduled actions are for administrators
        return len(stored)

    # === BUTTON === #

    def action_retry(self):
        """Have events that failed handled again, from their first attempt on."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only administrators may do this."))
        self.check_access("read")
        # sudo: nobody has the right to write events.
        failed = self.sudo().filtered(lambda event: event.state in (FAILED, RECEIVED))
        failed.write({"state": RECEIVED, "attempts": 0, "next_try": fields.Datetime.now(), "error": False})
        self.env.ref(CRON).sudo()._trigger()
        return True

    # === REMOVAL === #

    @api.autovacuum
    def _remove_old(self):
        """Delete events that are older than their provider's setting. Those that wait or failed stay."""
        for provider in self.env["payment.provider"].search([("code", "=", "stripe")]):
            limit = fields.Datetime.now() - datetime.timedelta(days=provider._ar_get_keep_days())
            domain = [("provider_id", "=", provider.id), ("state", "in", (DONE, IGNORED)), ("create_date", "<", limit)]
            self.search(domain, limit=GC_UNLINK_LIMIT).unlink()
