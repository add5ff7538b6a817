from . import odoo_webhook, own_webhook
