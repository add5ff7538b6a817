from . import agreements, dispute, payment, portal, statement
