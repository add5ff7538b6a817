from . import agreements, dispute, payment, plan, portal, promise, statement
