from . import (
    ar_list_export_mixin,
    ar_report_mixin,
    ar_workbook_mixin,
)
