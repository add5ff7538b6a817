"""The worklist: what is passed on."""

#: The code of the step that passes on what nobody can do any more, see `ar.handover`.
NOBODY_CAN = "handover"
