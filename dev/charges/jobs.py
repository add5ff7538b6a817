"""What a worker does: it delivers events to the endpoints, then runs the scheduled actions of automatic payments."""

import random
import signal
from functools import partial

from dev.charges.stripe_server import SECRET, WEBHOOK_SECRET
from dev.faults.jobs import MAIL_QUEUE, leave_connections, run_action

#: The points at which a worker can be killed: around a charge at Stripe, around each other request to it, around each
#: commit. The second of a pair comes when the first has taken effect.
CHARGE, CHARGED, REQUEST, ANSWERED, COMMIT, COMMITTED = POINTS = (
    "charge", "charged", "request", "answered", "commit", "committed",
)  # fmt: skip

AUTOPAY = "ar_collections.ir_cron_run_autopay"
ACTIONS = (
    AUTOPAY,
    MAIL_QUEUE,
    "ar_collections_stripe.ir_cron_stripe_events",
    "ar_collections_stripe.ir_cron_stripe_unanswered",
    "payment.cron_post_process_payment_tx",
)
CATCH_UP = "ar_collections_stripe.ir_cron_stripe_catch_up"


def work(name, provider_id, events, seed, stop_at, tell, actions=ACTIONS):
    """Deliver events and run the scheduled actions in any order, in a process forked for it.

    :param str name: of the database
    :param int provider_id: whose endpoint gets the events
    :param events: see `StripeServer.choose_events`
    :param int seed: for the order
    :param stop_at: (point, entry) at which to wait for the end; None: nowhere
    :param tell: function that is called with each point, and with the id of each event that was accepted
    :raise RuntimeError: if an action failed; the others have run nevertheless
    """
    leave_connections(name)
    _watch(_Points(stop_at, tell))
    jobs = [partial(run_action, name, action) for action in actions]
    jobs += [partial(_deliver, name, provider_id, event, tell) for event in events]
    random.Random(seed).shuffle(jobs)
    if not all([job() for job in jobs]):  # a list: each of them runs
        raise RuntimeError("A scheduled action failed.")


class _Points:
    """Tells each point, and stops for good at the chosen one: what kills the process comes exactly then."""

    def __init__(self, stop_at, tell):
        self.stop_at, self.tell, self.entries = stop_at, tell, dict.fromkeys(POINTS, 0)

    def __call__(self, point):
        self.entries[point] += 1
        self.tell(point)
        if self.stop_at == (point, self.entries[point]):
            signal.pause()


def _watch(reach):
    """Reach the points around requests and commits from now on."""
    import requests

    from odoo.sql_db import Cursor

    send, commit = requests.Session.send, Cursor.commit

    def watched_send(session, request, **kwargs):
        is_charge = request.method == "POST" and request.url.endswith("/payment_intents")
        reach(CHARGE if is_charge else REQUEST)
        response = send(session, request, **kwargs)
        reach(CHARGED if is_charge else ANSWERED)
        return response

    def watched_commit(cursor):
        reach(COMMIT)
        result = commit(cursor)
        reach(COMMITTED)
        return result

    requests.Session.send, Cursor.commit = watched_send, watched_commit


def _deliver(name, provider_id, event, tell):
    """Deliver an event to our endpoint, and to Odoo's, through the whole of Odoo's web server; return True."""
    import werkzeug.test

    from odoo import http

    from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import sign

    event_id, payload, to_odoo = event
    client = werkzeug.test.Client(http.root)
    endpoints = [(f"/ar_collections/stripe/webhook/{provider_id}", SECRET)]
    endpoints += [("/payment/stripe/webhook", WEBHOOK_SECRET)] if to_odoo else []
    for number, (path, secret) in enumerate(endpoints):
        headers = {"Stripe-Signature": sign(payload, secret), "X-Odoo-Database": name}
        response = client.post(path, data=payload, content_type="application/json", headers=headers)
        if not number and response.status_code == 200:
            tell(event_id)
    return True
