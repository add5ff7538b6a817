"""Customer accounts: the roles that see them."""

#: The external id of the lowest role, which may read everything; see security/groups.xml.
GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"
