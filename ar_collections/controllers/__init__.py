from . import agreements, payment, portal, promise, statement
