from . import short_link, sms_inbound
