{
    "name": "Collections: Letters",
    "summary": "Reminder letters are printed and posted by Odoo's postal service, each once, with their state",
    "version": "19.0.1.0.2",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "ar_collections contributors",
    "depends": ["ar_collections", "snailmail"],
    "data": [
        "data/post_cron.xml",
        "views/ar_credit_policy_views.xml",
        "views/ar_communication_views.xml",
    ],
    "auto_install": True,
}
