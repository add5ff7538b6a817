from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ...const import REPLY_KINDS, REPLY_RULE_USES
from ...core.replies import kinds
from ...core.replies.rules import Rule, Rulebook
from ...core.replies.words import parse_phrases


class ArReplyRule(models.Model):
    """Words by which customers' replies are read, in one language or in all.

    Those of the add-on are updated with it, so that they can be archived, but not changed; others can be added, also
    for languages that the add-on does not know.
    """

    _name = "ar.reply.rule"
    _inherit = ["ar.access.mixin"]
    _description = "Rule for Replies"
    _order = "language, kind, use, id"
    _logs_changes = True

    _writable = {"manager": ("use", "kind", "language", "words", "is_whole", "active")}

    use = fields.Selection(REPLY_RULE_USES, "Used as", required=True, default=kinds.MEANS)
    kind = fields.Selection(REPLY_KINDS, help="What replies with these words are about, or are not about.")
    language = fields.Char(
        help="Code of two letters, as in “en”. Empty: all languages. A language is known once it has frequent words."
    )
    words = fields.Text(
        required=True,
        help=(
            "Phrases, one a line. * stands for any ending, / separates words of which one is enough, ... stands for up "
            "to six words of the same sentence. Case and accents do not matter."
        ),
    )
    is_whole = fields.Boolean("Whole Sentence", help="A phrase counts only where it is a sentence of its own.")
    active = fields.Boolean(default=True)
    is_shipped = fields.Boolean("Comes with the Add-on", readonly=True, copy=False)

    @api.depends("use", "kind", "language")
    def _compute_display_name(self):
        for rule in self:
            labels = (rule._fields[name].convert_to_export(rule[name], rule) for name in ("kind", "use"))
            rule.display_name = " · ".join(part for part in (*labels, rule.language) if part)

    @api.constrains("use", "kind", "language", "words")
    def _check_words(self):
        """Check that the rule can be used."""
        for rule in self:
            if rule.use in (kinds.MEANS, kinds.EXCEPTION) and not rule.kind:
                raise ValidationError(self.env._("Choose what replies with these words are about."))
            if rule.language and not (len(rule.language) == 2 and rule.language.isalpha() and rule.language.islower()):
                raise ValidationError(self.env._("Enter the language as a code of two small letters, as in “en”."))
            if rule.use == kinds.LANGUAGE and not rule.language:
                raise ValidationError(self.env._("Enter the language whose frequent words these are."))
            try:
                is_empty = not parse_phrases(rule.words or "", rule.is_whole)
            except ValueError as error:
                text = self.env._(
                    "“%(words)s” cannot be looked for: write words, with * at the end of a word and ... between words, "
                    "at most three times.",
                    words=error.args[0],
                )
                raise ValidationError(text) from error
            if is_empty:
                raise ValidationError(self.env._("Enter at least one word."))

    # === CHANGES === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to read replies by the new rules from now on."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`: rules of the add-on can be archived only.

        :raise UserError: for any other change of them by a user
        """
        if not self.env.su and set(vals) - {"active"} and any(self.mapped("is_shipped")):
            raise UserError(
                self.env._("This rule comes with the add-on and is updated with it: archive it, and add another one.")
            )
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        """Keep the rules of the add-on, which would come back with its next update.

        :raise UserError: for one of them, by a user
        """
        if not self.env.su and any(self.mapped("is_shipped")):
            raise UserError(self.env._("This rule comes with the add-on: archive it instead."))

    def unlink(self):
        """Override of `base` to read replies without these rules from now on."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_book(self):
        """Return all rules that are in use.

        :rtype: Rulebook
        """
        rules = self.sudo().search([("words", "!=", False)])  # read for mails that arrive, whoever the user is
        return Rulebook(
            Rule(rule.use, rule.kind or "", rule.language or "", rule.words, rule.is_whole) for rule in rules
        )
