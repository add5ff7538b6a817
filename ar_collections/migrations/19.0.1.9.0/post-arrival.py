"""Invoices that were sent before their arrival was recorded: what Odoo's own mails say of those that are not paid."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    api.Environment(cr, SUPERUSER_ID, {})["ar.invoice.arrival"]._import_mails()
