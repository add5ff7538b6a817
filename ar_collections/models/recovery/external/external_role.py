from ....const import GROUP_AUDITOR

#: People of an agency or of an outsourced team.
GROUP_EXTERNAL = "ar_collections.ar_collections_group_external"


def is_external(env):
    """Return whether the user is an external collector, with no role of ours besides.

    :param env: `odoo.api.Environment`; superuser mode is not external
    """
    return not env.su and has_external_role(env.user)


def has_external_role(user):
    """Return whether a user is an external collector, also while our own code acts in superuser mode for it."""
    return user.has_group(GROUP_EXTERNAL) and not user.has_group(GROUP_AUDITOR)
