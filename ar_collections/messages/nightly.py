"""What to do about problems."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What to do about most problems.
NEXT_RUN_ADVICE = _lt(
    "Correct what the message names; the next run tries again. If it says nothing to you, send it to the person who "
    "maintains your Odoo."
)

#: What to do about problems, by code.
PROBLEM_ADVICE = {
    "assignment": _lt(
        "Open the assignment rules of the company and correct what the message names, such as a condition, or a rule "
        "whose collectors have all left. Until then customers may stay without a collector."
    ),
    "invoices": _lt(
        "The customer may not have the invoice yet. Open it under Invoices to Send: correct what the message names and "
        "press Send Now. Where it is unknown whether it was sent, ask the customer; then press Mark as Sent or Send "
        "Again."
    ),
    "invoice_checks": _lt(
        "The invoice is not sent before it can be checked. Correct what the message names; the next run, within an "
        "hour, checks it again."
    ),
    "promises": NEXT_RUN_ADVICE,
    "plans": NEXT_RUN_ADVICE,
    "disputes": NEXT_RUN_ADVICE,
    "exceptions": _lt(
        "An exception of the customer may hold although its last day has passed. Correct what the message names; the "
        "next run ends it."
    ),
    "credit": _lt(
        "The exposure shown for the customer is that of an earlier day. Correct what the message names; the next run "
        "computes it again."
    ),
    "credit_rules": _lt(
        "A credit rule that cannot be evaluated holds nobody. Open the credit policy and correct the rule; where a "
        "currency has no exchange rate, enter one."
    ),
    "scores": _lt(
        "Score and class shown for the customer are those of an earlier day. Correct what the message names; the next "
        "run computes them again."
    ),
    "terms": _lt(
        "A customer was not told about new terms, or they do not apply yet. Correct what the message names; the next "
        "run tries again."
    ),
    "late_charges": _lt(
        "Late charges shown for the customer are those of an earlier day. Correct what the message names, such as a "
        "missing rate; the next run computes them again."
    ),
    "statements": _lt(
        "A customer did not get its statement yet. Correct what the message names; the next run tries again."
    ),
    "receipts": _lt(
        "A customer was not thanked for a payment yet. Correct what the message names; the next run tries again."
    ),
    "policies": _lt(
        "Open the credit policy and correct its filter. Until then the policy is skipped: its customers get the next "
        "policy whose filter matches."
    ),
    "placements": _lt(
        "Payments of placed debts are not recorded yet: report none to the agency. Correct what the message names; the "
        "next run reads them again."
    ),
    "settlements": _lt(
        "A settlement is not evaluated: its items are not reminded, and nothing is credited. Correct what the message "
        "names; the next run evaluates it again."
    ),
    "insolvency": _lt(
        "A moratorium that is over still stands as open; its debts are reminded again anyway. Correct what the message "
        "names; the next run ends it."
    ),
    "reminders": NEXT_RUN_ADVICE,
    "snapshots": _lt(
        "The key figures of the day are missing in trends; the next run computes them. If it stays, send the message "
        "to the person who maintains your Odoo."
    ),
    "forecast": _lt(
        "The cash forecast is read from the ledger meanwhile, which takes longer. If it stays, send the message to "
        "the person who maintains your Odoo."
    ),
    "review": _lt(
        "The findings on the data of these customers are those of an earlier day. Correct what the message names; the "
        "next run reviews them again."
    ),
    "risks": _lt(
        "A kind of risk in the register is that of an earlier day. Correct what the message names; the next run reads "
        "it again."
    ),
    "problems": NEXT_RUN_ADVICE,
    "delivery": _lt(
        "The message waits. Correct what the message names; it is tried again with the next run of the mail queue."
    ),
    "templates": _lt(
        "Messages of this kind are not sent. Ask the person who maintains your Odoo to upgrade Receivables "
        "Collections: that brings the template back. If the message is not wanted, archive the template then."
    ),
    "mail_refused": _lt(
        "The messages wait. Check user and password of the outgoing mail server, whether it may send for the sender's "
        "address, and whether it is on a blocklist; the problem ends with the first message that it takes."
    ),
    "mail_setup": _lt(
        "Set an alias domain with bounce and catchall addresses (Settings > General Settings > Alias Domain), let its "
        "mails reach Odoo, and give the company an email address."
    ),
    "mail_queue": _lt(
        "Check that Odoo's scheduled action “Mail: Email Queue Manager” is active, and that the outgoing mail server "
        "is reached. The problem ends by itself when the queue is empty."
    ),
    "mail_domains": _lt(
        "Open Reporting > Receivables > Deliverability for the addresses. If a domain refuses all messages, look at "
        "the sender's SPF, DKIM and DMARC records; if it is one address, ask the customer for another."
    ),
    "nightly_run": _lt(
        "Activate the scheduled action “Collections: nightly run”. If it is active, Odoo may end it by a limit of time "
        "or memory, or another one may take all the time of the workers: the person who maintains your Odoo finds it "
        "in the log."
    ),
    "scheduled_actions": _lt(
        "Activate these scheduled actions; why one fails is in the log. One that is switched off on purpose: mark the "
        "problem as solved, and it stays away until others do not run."
    ),
    "other_database": _lt(
        "A copy for tests: stop collections, or neutralize it. The real database, moved to another server or restored: "
        "find out what was sent and charged since the backup, then open the record and say that this database is the "
        "real one. The guide “Operating” has the steps."
    ),
    "unbooked_payments": _lt(
        "Odoo could not book these payments; meanwhile what they pay counts as being paid. Correct what the message "
        "names, such as a closed period or a missing account. They are booked within the hour, and the problem ends."
    ),
    "letters": _lt("Correct what the message names and print the letters of this customer again."),
    "autopay_limits": _lt(
        "Check that the automatic payments of today are right. Then raise the limits in the settings of Collections; "
        "the next run goes on."
    ),
    "autopay": _lt(
        "Nothing was charged by this attempt; it is repeated within the hour. If it stays, agree on another way to pay "
        "with the customer."
    ),
}
