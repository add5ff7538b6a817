from odoo import fields


class OptionalNumber:
    """Part of a field that may have no value: a figure that is not available is not zero, and averages skip it.

    The missing value is `None` in Python, `False` for the web client, NULL in the database.
    """

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if value is None or value is False else super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if value is None or value is False else super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None else value


class OptionalFloat(OptionalNumber, fields.Float):
    """A float field that may have no value."""


class OptionalInteger(OptionalNumber, fields.Integer):
    """An integer field that may have no value."""
