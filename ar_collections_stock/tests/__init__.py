from . import test_delivery, test_delivery_orders, test_undelivered
