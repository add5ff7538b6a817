"""Review of the data of customers: what is missing, wrong or out of date, as codes. Nothing is corrected by itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..months import add_months

# --- How the customer is reached ---
NO_ADDRESS, FAILED_ADDRESS, NO_PHONE, ARCHIVED_CONTACT = "no_address", "failed_address", "no_phone", "archived_contact"

BLOCKED_ADDRESS = "blocked_address"

# --- Who the customer is ---
NO_VAT, WRONG_VAT = "no_vat", "wrong_vat"

SAME_VAT, SAME_EMAIL, SAME_NAME = "same_vat", "same_email", "same_name"

OTHER_NAME, NOT_CONFIRMED = "other_name", "not_confirmed"

# --- Invoices, money and terms ---
NOT_SENT, SENDING_FAILED, OLD_CREDIT = "not_sent", "sending_failed", "old_credit"

NO_TERMS, NO_REVIEW, REVIEW_LATE = "no_terms", "no_review", "review_late"

#: How duplicates were found, the surest first: who has the same VAT number is not listed again for the same name.
DUPLICATES = (SAME_VAT, SAME_EMAIL, SAME_NAME)

#: Of more records than this a finding names the first ones, and how many there are.
NAMED = 20

#: What fewer business customers of a country do says nothing about what is customary there.
FEW = 5

#: What stands for "no VAT number" on purpose.
NOT_SUBJECT = "/"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what it is about.

    :param ids: of the records, at most `NAMED`
    :param number: how many records there are
    :param texts: addresses, numbers or days
    """

    code: str
    ids: tuple[int, ...] = ()
    number: int = 0
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind: the ids of the first ones, and how many there are."""

    ids: tuple[int, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What the company expects.

    :param credit_days: age from which money that is not applied is a finding; 0: never
    :param confirm_months: how often the data are to be confirmed; 0: never
    :param expects_terms: most customers have payment terms
    :param without_vat: codes of the countries whose business customers mostly have no VAT number entered
    """

    credit_days: int = 30
    confirm_months: int = 0
    expects_terms: bool = True
    without_vat: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is known about the data of one customer account.

    :param is_main: the data of the contact are reviewed with this account, not with that of the root company
    :param unreached: the channels of the reminder schedule that do not reach the customer
    :param failed: addresses in use to which messages failed
    :param blocked: addresses in use whose owners do not want emails
    :param country: code of the customer's country
    :param has_vat: the country has VAT numbers
    :param is_vat_valid: ``None`` where nothing is known about the form of such numbers
    :param known_on: the day on which the data were confirmed last, or else entered
    :param oldest_credit: date of the oldest money that is not applied
    """

    is_main: bool = True
    is_company: bool = True
    unreached: frozenset[str] = frozenset()
    failed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    has_phone: bool = True
    archived: tuple[int, ...] = ()
    vat: str = ""
    country: str = ""
    has_vat: bool = False
    is_vat_valid: bool | None = None
    duplicates: tuple[tuple[str, tuple[int, ...]], ...] = ()
    unsent: Records = Records()
    sending_failed: Records = Records()
    other_name: Records = Records()
    credits: Records = Records()
    oldest_credit: date | None = None
    has_terms: bool = True
    has_limit: bool = False
    review_on: date | None = None
    known_on: date | None = None


def find(facts: DataFacts, rules: ReviewRules, today: date) -> tuple[Found, ...]:
    """Return the findings about one customer account.

    >>> [found.code for found in find(DataFacts(has_phone=False, has_vat=True), ReviewRules(), date(2026, 6, 10))]
    ['no_phone', 'no_vat']

    A private person needs no VAT number, and neither does a company that is marked as not subject to VAT.

    >>> find(DataFacts(is_company=False, has_vat=True), ReviewRules(), date(2026, 6, 10))
    ()
    >>> find(DataFacts(vat="/", has_vat=True, is_vat_valid=False), ReviewRules(), date(2026, 6, 10))
    ()
    """
    contact = (*_find_contact(facts, rules), *_find_identity(facts, rules, today)) if facts.is_main else ()
    return (*_find_reached(facts), *contact, *_find_business(facts, rules, today))


def find_without_vat(counts: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Return the countries whose business customers mostly have no VAT number: nobody keeps them there.

    Countries with few customers are as all are together.

    :param counts: {country: (business customers with a number, all of them)}

    >>> sorted(find_without_vat({"BE": (90, 100), "US": (10, 100), "FR": (0, 1)}))
    ['FR', 'US']
    >>> sorted(find_without_vat({"BE": (90, 100), "FR": (0, 1)})), sorted(find_without_vat({"BE": (50, 100)}))
    ([], ['BE'])
    """
    numbers, everybody = (sum(count[place] for count in counts.values()) for place in (0, 1))
    return frozenset(
        country
        for country, (with_number, number) in counts.items()
        if (2 * with_number <= number if number >= FEW else 2 * numbers <= everybody)
    )


def _find_reached(facts: DataFacts) -> Iterator[Found]:
    """Yield what keeps messages of this company from the customer."""
    if facts.failed:
        yield Found(FAILED_ADDRESS, texts=facts.failed)
    elif facts.unreached:
        yield Found(NO_ADDRESS)
    if facts.blocked:
        yield Found(BLOCKED_ADDRESS, texts=facts.blocked)
    if facts.archived:
        yield Found(ARCHIVED_CONTACT, facts.archived[:NAMED], len(facts.archived))


def _find_contact(facts: DataFacts, rules: ReviewRules) -> Iterator[Found]:
    """Yield what is missing or wrong on the contact."""
    if not facts.has_phone:
        yield Found(NO_PHONE)
    number = facts.vat.strip()
    if number == NOT_SUBJECT:
        return
    if number and facts.is_vat_valid is False:
        yield Found(WRONG_VAT, texts=(number,))
    elif not number and facts.is_company and facts.has_vat and facts.country not in rules.without_vat:
        yield Found(NO_VAT)


def _find_identity(facts: DataFacts, rules: ReviewRules, today: date) -> Iterator[Found]:
    """Yield what says that the customer is entered twice, or was not confirmed for too long.

    >>> once = DataFacts(duplicates=((SAME_VAT, (7,)), (SAME_NAME, (7, 9))))
    >>> [(found.code, found.ids) for found in _find_identity(once, ReviewRules(), date(2026, 6, 10))]
    [('same_vat', (7,)), ('same_name', (9,))]

    >>> yearly, known = ReviewRules(confirm_months=12), DataFacts(known_on=date(2025, 6, 10))
    >>> [len(list(_find_identity(known, yearly, day))) for day in (date(2026, 6, 9), date(2026, 6, 10))]
    [0, 1]
    """
    named, given = set(), dict(facts.duplicates)
    for code in DUPLICATES:
        ids = tuple(other for other in given.get(code, ()) if other not in named)
        named.update(ids)
        if ids:
            yield Found(code, ids[:NAMED], len(ids))
    if rules.confirm_months and facts.known_on and add_months(facts.known_on, rules.confirm_months) <= today:
        yield Found(NOT_CONFIRMED, texts=(facts.known_on.isoformat(),))


def _find_business(facts: DataFacts, rules: ReviewRules, today: date) -> Iterator[Found]:
    """Yield what is wrong with invoices, money and terms in this company.

    >>> old = DataFacts(credits=Records((3,), 1), oldest_credit=date(2026, 5, 11))
    >>> [len(list(_find_business(old, ReviewRules(days), date(2026, 6, 10)))) for days in (30, 31, 0)]
    [1, 0, 0]
    >>> limited = DataFacts(has_limit=True, review_on=date(2026, 6, 9))
    >>> [found.code for found in _find_business(limited, ReviewRules(), date(2026, 6, 10))]
    ['review_late']
    """
    for code, records in ((NOT_SENT, facts.unsent), (SENDING_FAILED, facts.sending_failed),
                          (OTHER_NAME, facts.other_name)):  # fmt: skip
        if records.number:
            yield Found(code, records.ids, records.number)
    since = today - timedelta(days=rules.credit_days)
    if rules.credit_days and facts.oldest_credit and facts.oldest_credit <= since:
        yield Found(OLD_CREDIT, facts.credits.ids, facts.credits.number, (facts.oldest_credit.isoformat(),))
    if rules.expects_terms and not facts.has_terms:
        yield Found(NO_TERMS)
    if facts.has_limit and not facts.review_on:
        yield Found(NO_REVIEW)
    elif facts.has_limit and facts.review_on < today:
        yield Found(REVIEW_LATE, texts=(facts.review_on.isoformat(),))


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that has something in common with others.

    :param top: the contact at the top of its hierarchy; companies of one group have the same
    :param vat: VAT number in one form, see `vat_key`
    :param country: code of the country
    """

    id: int
    top: int
    vat: str = ""
    country: str = ""


def find_same(code: str, contacts: Iterable[Contact]) -> dict[int, tuple[int, ...]]:
    """Return {contact id: ids of those that may be the same}, of contacts with something in common.

    Companies of one group are not the same. Different VAT numbers tell two customers with the e-mail address of one
    accountant apart, and with different countries two companies of one name.

    >>> pair = Contact(1, 1, "BE1"), Contact(2, 2)
    >>> find_same(SAME_EMAIL, pair)
    {1: (2,), 2: (1,)}
    >>> find_same(SAME_EMAIL, (*pair[:1], Contact(3, 3, "BE3"), Contact(4, 1)))
    {3: (4,), 4: (3,)}
    >>> find_same(SAME_NAME, (Contact(1, 1, country="BE"), Contact(2, 2, country="FR")))
    {}
    """
    contacts = tuple(contacts)
    same = {
        one.id: tuple(other.id for other in contacts if other.id != one.id and _may_be_same(code, one, other))
        for one in contacts
    }
    return {contact_id: others for contact_id, others in same.items() if others}


def _may_be_same(code: str, one: Contact, other: Contact) -> bool:
    if one.top == other.top:
        return False
    differs = bool(one.vat and other.vat and one.vat != other.vat)
    if code == SAME_NAME:
        differs = differs or bool(one.country and other.country and one.country != other.country)
    return not differs


def vat_key(number: str, country: str) -> str:
    """Return a VAT number in one form, whether it was entered with or without dots, spaces and prefix.

    >>> vat_key("be 0477.472.701", "BE"), vat_key("0477472701", "BE"), vat_key("EL123456783", "GR")
    ('BE0477472701', 'BE0477472701', 'GR123456783')
    >>> vat_key("/", "BE"), vat_key("", "BE")
    ('', '')
    """
    compact = "".join(sign for sign in number.upper() if sign.isalnum())
    if len(compact) < 2:
        return ""
    if compact[:2].isalpha():
        return ("GR" + compact[2:]) if compact.startswith("EL") else compact
    return country + compact
