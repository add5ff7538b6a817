"""`make i18n`: the translation template and the translations, in step with the source."""
