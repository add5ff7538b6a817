from . import ar_activation, ar_preview
