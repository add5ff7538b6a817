from . import agreements, autopay, disputes, payment, plans, portal, promises, statement
