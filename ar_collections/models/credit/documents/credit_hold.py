from odoo.exceptions import UserError


class CreditHold(UserError):
    """Nothing of what was to be confirmed goes on, because the customers are on hold.

    It is a `UserError`: scheduled actions of Odoo go on with the next record. The web client knows it by its name, see
    `static/src/credit/credit_hold.js`.
    """
