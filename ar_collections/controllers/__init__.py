from . import payment, portal, statement
