{
    "name": "Collections: Deliveries",
    "summary": "Deliveries to customers on credit hold wait; invoices for goods that were not delivered are flagged",
    "version": "19.0.1.0.4",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "ar_collections contributors",
    "depends": ["ar_collections_sale", "sale_stock"],
    "data": [
        "views/account_move_views.xml",
        "views/ar_credit_policy_views.xml",
        "views/stock_picking_views.xml",
    ],
    "auto_install": True,
}
