import datetime
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import BACK_OFF, CATCH_UP_DAYS, HANDLERS, NEW_MINUTES
from ...core.events import NotYet
from .ar_stripe_event import CRON, DONE, FAILED, IGNORED, RECEIVED

_logger = logging.getLogger(__name__)

#: Events that are read for one turn of the scheduled action.
BATCH = 200

#: Kinds of event at most by which Stripe's list can be filtered.
TYPES_MAX = 20


class ArStripeEventRun(models.Model):
    """The scheduled actions: handle what waits, each event in a transaction of its own, and fetch what got lost."""

    _inherit = "ar.stripe.event"

    @api.model
    def _get_handlers(self):
        """Return {type of event: name of the method}. Extension point: an override adds its own.

        A method is called on the event, and returns False where the event is not about a record of ours. It raises
        `NotYet` where that may be known in some minutes.
        """
        return dict(HANDLERS)

    # === HANDLE === #

    @api.model
    def _cron_handle(self):
        """Handle the events whose time has come. Called at once when one is stored, and every ten minutes."""
        progress = self.env["ir.cron"]._commit_progress
        # All that wait, so that the action is called again for what is beyond a batch.
        progress(remaining=self.search_count(self._get_due_domain()))
        for event_id in self._find_due().ids:
            self.browse(event_id)._handle()
            if not progress(1):
                break
            self.env.invalidate_all()

    @api.model
    def _get_due_domain(self):
        """Return the domain of the events to handle now."""
        return [("state", "=", RECEIVED), ("next_try", "<=", fields.Datetime.now())]

    @api.model
    def _find_due(self):
        """Return the events to handle now, oldest first: a batch of them."""
        return self.search(self._get_due_domain(), order="created, id", limit=BATCH)

    def _handle(self):
        """Handle an event once; what it wrote is undone where it fails, and it is tried again later."""
        self.ensure_one()
        event = self.try_lock_for_update()
        if not event or event.state != RECEIVED:
            return  # another worker
        method = self._get_handlers().get(event.type)
        try:
            with self.env.cr.savepoint():
                ours = bool(method) and getattr(event, method)() is not False
        except NotYet:
            event._wait()
            return
        except Exception as error:  # one event stops no other
            event._put_off(error)
            return
        state, reason = (DONE, False) if ours else (IGNORED, self.env._("Nothing here belongs to it."))
        event.write({"state": state, "error": reason, "attempts": event.attempts + 1, "next_try": False})
        self.env["ar.problem"]._clear(event, "stripe_event")

    def _is_new(self):
        """Return whether what happened at Stripe is so new that our own request about it may still be under way."""
        self.ensure_one()
        return fields.Datetime.now() < self._get_settled_time()

    def _get_settled_time(self):
        """Return when the request that led to the event is over, whatever came of it; clocks may differ."""
        return min(self.created, self.create_date) + datetime.timedelta(minutes=NEW_MINUTES)

    def _wait(self):
        """Have the event handled again once it is not new any more; that is no failed attempt."""
        self.next_try = self._get_settled_time()
        self.env.ref(CRON).sudo()._trigger(self.next_try)  # scheduled actions are for administrators

    def _put_off(self, error):
        """Note the failure and when the event is tried again; after the last attempt it becomes a problem."""
        is_last = self.attempts >= len(BACK_OFF)
        wait = datetime.timedelta(minutes=BACK_OFF[min(self.attempts, len(BACK_OFF) - 1)])
        text = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        _logger.info("Stripe event %s (%s) failed: %s", self.event_id, self.type, text, exc_info=not is_last)
        self.write(
            {
                "state": FAILED if is_last else RECEIVED,
                "attempts": self.attempts + 1,
                "next_try": False if is_last else fields.Datetime.now() + wait,
                "error": text,
            }
        )
        if is_last:
            self.env["ar.problem"]._report(self, "stripe_event", text)

    # === CATCH UP === #

    @api.model
    def _cron_catch_up(self):
        """Fetch the events that Stripe could not deliver, look at open disputes, check the set-up. Called daily."""
        providers = self.env["payment.provider"]._ar_get_stripe()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(providers))
        for provider in providers:
            self._try_catch_up(provider)
            progress(1)

    @api.model
    def _try_catch_up(self, provider):
        """Catch up with a provider, and check its set-up and the rights of its key; what fails is a problem.

        Each part is tried, whatever the key may do.
        """
        disputes = self.env["ar.stripe.dispute"].sudo()  # for the scheduled action
        failed = []
        for part in (
            lambda: self._catch_up(provider),
            lambda: disputes._catch_up(provider),
            provider._ar_refresh_rights,
        ):
            try:
                part()
            except UserError as error:
                _logger.info("Catching up with Stripe provider %s failed: %s", provider.id, error)
                failed.append(str(error))
        provider._ar_check_health(list(dict.fromkeys(failed)))

    @api.model
    def _catch_up(self, provider):
        """Store the events of the last month that Stripe could not deliver; return the number of new ones.

        :raise UserError: where Stripe cannot be asked
        """
        since = int(time.time()) - CATCH_UP_DAYS * 24 * 3600
        handled = self._get_handlers()
        options = {"delivery_success": False, "limit": 100, "created": {"gte": since}}
        if len(handled) <= TYPES_MAX:  # another endpoint of the account may have missed thousands of other kinds
            options["types"] = sorted(handled)
        found = self.env["ar.stripe.client"]._ask(
            provider, lambda v1: [event.to_dict() for event in v1.events.list(options).auto_paging_iter()]
        )
        rows = [self._prepare_vals(provider, event) for event in found if event["type"] in handled]
        return self._store(provider, rows, is_fetched=True)
