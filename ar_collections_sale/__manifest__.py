{
    "name": "Receivables Collections: Sales Orders",
    "summary": "Orders count for the exposure of a customer, and are held where it is on credit hold",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "ar_collections contributors",
    "depends": ["ar_collections", "sale"],
    "data": [
        "views/ar_credit_policy_views.xml",
        "views/sale_order_views.xml",
        "views/sale_portal_templates.xml",
    ],
    "assets": {"web.assets_tests": ["ar_collections_sale/static/tests/tours/*.js"]},
    "auto_install": True,
}
