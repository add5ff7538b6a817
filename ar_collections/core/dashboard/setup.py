"""Which steps of the set-up of collections are done, from facts alone: no click counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """What is set up in a company.

    :param has_sender: the company has an email address, from which messages are sent
    :param has_reply_address: replies reach Odoo, by the catchall address
    :param has_bounce_address: returned mail reaches Odoo
    :param policies: number of credit policies in use
    :param broken_policies: how many of them have settings that do not work
    :param uncovered_customers: customers who owe something, and to whom no policy applies
    :param steps: number of steps of the schedules of these policies
    :param unwritten_steps: how many of them have no text yet
    :param policies_without_collector: policies in use that name no collector who can work
    :param owing_customers: customers who owe something
    :param unassigned_customers: how many of them have no collector
    :param providers: payment providers that customers can use, those in test mode not counted
    :param is_active: collections are active
    """

    has_sender: bool = False
    has_reply_address: bool = False
    has_bounce_address: bool = False
    policies: int = 0
    broken_policies: int = 0
    uncovered_customers: int = 0
    steps: int = 0
    unwritten_steps: int = 0
    policies_without_collector: int = 0
    owing_customers: int = 0
    unassigned_customers: int = 0
    providers: int = 0
    is_active: bool = False


def done(facts: SetupFacts) -> dict[str, bool]:
    """Return whether each step of the set-up is done, in the order in which they are taken.

    While nobody owes anything, policies show whether there are collectors; later the customers do.

    >>> steps = done(SetupFacts(policies=1, policies_without_collector=1, steps=5))
    >>> [code for code, is_done in steps.items() if is_done]
    ['policy', 'schedule']
    >>> done(SetupFacts(policies=1, policies_without_collector=1, owing_customers=3))["roles"]
    True
    >>> done(SetupFacts(policies=1, owing_customers=3, unassigned_customers=1))["roles"]
    False
    """
    if facts.owing_customers:
        is_assigned = not facts.unassigned_customers
    else:
        is_assigned = bool(facts.policies) and not facts.policies_without_collector
    return {
        "sender": facts.has_sender and facts.has_reply_address,
        "bounce": facts.has_bounce_address,
        "policy": facts.policies > 0 and not facts.broken_policies and not facts.uncovered_customers,
        "schedule": facts.steps > 0 and not facts.unwritten_steps,
        "roles": is_assigned,
        "provider": facts.providers > 0,
        "activation": facts.is_active,
    }
