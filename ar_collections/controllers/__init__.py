from . import agreements, charge, dispute, payment, plan, portal, promise, statement
