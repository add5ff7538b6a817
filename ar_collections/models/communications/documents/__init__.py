from . import ar_bank_details, ir_actions_report  # isort: skip
