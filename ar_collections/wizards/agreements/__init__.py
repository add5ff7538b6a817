from . import ar_agreement_new
