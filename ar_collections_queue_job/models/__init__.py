from . import ar_customer, ar_job_share, ar_outreach, ar_problem, mail_mail
