from . import agreements, autopay, disputes, links, payment, plans, portal, promises, statement, thread
