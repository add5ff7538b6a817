from . import agreements, dispute, payment, portal, promise, statement
