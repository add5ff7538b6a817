from . import (  # isort: skip
    ar_outreach,
    ar_outreach_attachments,
    ar_outreach_notice,
)
