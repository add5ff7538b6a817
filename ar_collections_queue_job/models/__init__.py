from . import ar_problem
from . import ar_job_share
from . import ar_customer
from . import ar_outreach
from . import mail_mail
