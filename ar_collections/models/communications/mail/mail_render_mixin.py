from odoo import models


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _replace_local_links(self, html, base_url=None):
        """Override of `mail` to search only where there is something to find, as in none of our messages.

        It searches four times, for addresses in attributes and in styles, a tenth of the time that a message takes.
        """
        if html and '="/' not in html and "url(" not in html:
            return html
        return super()._replace_local_links(html, base_url=base_url)
