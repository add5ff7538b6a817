from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from ...core.credit.reasons import Reason
from ...core.credit.rules import INSOLVENT, NOT_INSURED, RISK_CLASS, TERMS_TOO_LONG
from ...formats import format_amount, format_date
from ...messages import (
    CREDIT_REASONS,
    CREDIT_REASONS_OF_ONE_DAY,
    CREDIT_REASONS_WITHOUT_CLASS,
    INSURANCE_GAPS,
)


class ArCreditReasons(models.AbstractModel):
    """Reasons for the credit status of a customer: stored as JSON, and told in sentences."""

    _name = "ar.credit.reasons"
    _description = "Reasons for a Credit Status"

    @api.model
    def _describe(self, reasons, currency, names_class=True):
        """Return a sentence for each reason, in the language of the environment; [str, …].

        :param reasons: core.credit.reasons.Reason, …
        :param currency: of their amounts: that of the root company
        :param bool names_class: False: for people who may not know the risk class
        """
        texts = CREDIT_REASONS if names_class else CREDIT_REASONS | CREDIT_REASONS_WITHOUT_CLASS
        sentences = []
        for reason in reasons:
            of_one_day = CREDIT_REASONS_OF_ONE_DAY.get(reason.code) if reason.days == 1 else None
            sentence = self.env._(of_one_day or texts[reason.code])
            sentences.append(sentence % self._get_values(reason, currency))
        return sentences

    @api.model
    def _get_values(self, reason, currency):
        """Return what the sentence about a reason is filled with."""
        percent = reason.percent
        return {
            "amount": format_amount(self.env, reason.amount or 0, currency),
            "days": reason.days or 0,
            "percent": f"{percent:.0f}" if percent is not None and percent == int(percent) else f"{percent or 0:.1f}",
            "count": reason.count or 0,
            "detail": self._get_detail(reason),
            "allowed": self._get_allowed(reason),
            "until": format_date(self.env, reason.until),
        }

    @api.model
    def _get_detail(self, reason):
        """Return the codes of a reason in words: the risk class, why the insurance does not cover, or a day."""
        if reason.code == INSOLVENT and reason.detail:
            return format_date(self.env, fields.Date.to_date(reason.detail[0]))
        if reason.code == NOT_INSURED:
            return ", ".join(str(self.env._(INSURANCE_GAPS[gap])) for gap in reason.detail)
        return reason.detail[0] if reason.code in (RISK_CLASS, TERMS_TOO_LONG) and reason.detail else ""

    @api.model
    def _get_allowed(self, reason):
        """Return how many days the payment terms may have, in words; reasons of older versions do not know it."""
        if reason.code != TERMS_TOO_LONG:
            return ""
        return reason.detail[1] if len(reason.detail) > 1 else self.env._("fewer")

    # === JSON === #

    @api.model
    def _dump(self, reasons):
        """Return reasons as a list for a JSON field; amounts as text, which keeps them exact.

        Days that grow by themselves are not stored, but the day from which they count.
        """
        return [
            {
                "code": reason.code,
                "status": reason.status,
                "days": reason.days if reason.since is None else None,
                "since": fields.Date.to_string(reason.since) or None,
                "amount": None if reason.amount is None else str(reason.amount),
                "percent": None if reason.percent is None else str(reason.percent),
                "count": reason.count,
                "detail": list(reason.detail),
                "until": fields.Date.to_string(reason.until) or None,
            }
            for reason in reasons
        ]

    @api.model
    def _dump_fixed(self, reasons):
        """Return the same with the days of this moment, for what is not evaluated again each night."""
        return self._dump(replace(reason, since=None) for reason in reasons)

    @api.model
    def _load(self, stored, day=None):
        """Return the reasons of a JSON field as a tuple of core.credit.reasons.Reason.

        :param date day: the day to which days are counted, needed for what `_dump` has stored

        What this version cannot read is left out: codes of an add-on that is gone, or values of another form.
        """
        found = (self._load_one(values, day) for values in (stored if isinstance(stored, list) else ()))
        return tuple(reason for reason in found if reason is not None)

    @api.model
    def _load_one(self, values, day):
        """Return one reason of a JSON field, ``None`` where it cannot be read."""
        try:
            return self._make_reason(values, day) if values["code"] in CREDIT_REASONS else None
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            return None

    @api.model
    def _make_reason(self, values, day):
        """Return the reason of these values of `_dump`."""
        amount, percent = (values.get(name) for name in ("amount", "percent"))
        reason = Reason(
            values["code"],
            values["status"],
            days=values.get("days"),
            amount=None if amount is None else Decimal(amount),
            percent=None if percent is None else Decimal(percent),
            count=values.get("count"),
            detail=tuple(values.get("detail") or ()),
            until=fields.Date.to_date(values.get("until")) or None,
            since=fields.Date.to_date(values.get("since")) or None,
        )
        return reason.on(day) if day else reason
