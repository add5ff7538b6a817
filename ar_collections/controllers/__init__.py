from . import agreements, payment, portal, statement
