from . import agreements, payment, plan, portal, statement
