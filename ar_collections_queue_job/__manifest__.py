{
    "name": "Collections: Job Queue",
    "summary": "Several workers share the night: reminders and deliveries as jobs of the OCA job queue",
    "version": "19.0.1.0.2",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "ar_collections contributors",
    "depends": ["ar_collections", "queue_job"],
    "data": ["data/queue_job_functions.xml"],
    "auto_install": True,
}
