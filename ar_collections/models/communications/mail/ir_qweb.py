from copy import deepcopy

from lxml import etree

from odoo import models, tools


class IrQweb(models.AbstractModel):
    """The templates of messages are compiled once, not for each message."""

    _inherit = "ir.qweb"

    def _compile(self, template):
        """Override of `base` to keep the compiled code of a mail template, as Odoo does for views.

        Rendering a field of a mail template compiles it for each record. `ar.channel.email` asks for this by the
        context key ``ar_keep_compiled``, which changes nothing but the speed.
        """
        if self.env.context.get("ar_keep_compiled") and isinstance(template, etree._Element):
            return self._ar_compile_kept(etree.tostring(template, encoding="unicode"), template)
        return super()._compile(template)

    @tools.ormcache(
        "source",
        "tuple(self.env.context.get(key) or False for key in self._get_template_cache_keys())",
        "self.env.context.get('raise_on_forbidden_code_for_model')",
        "self.env.context.get('preserve_comments')",
        cache="templates",
    )
    def _ar_compile_kept(self, source, template):
        """Compile a template; the result is kept by its source, so that a changed template is another one.

        :param str source: the template as text
        :param template: the template as `etree` element, which stays as it is: compiling takes directives out
        """
        return self.with_context(ar_keep_compiled=False)._compile(deepcopy(template))
