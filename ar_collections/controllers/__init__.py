from . import agreements, charge, payment, plan, portal, statement
