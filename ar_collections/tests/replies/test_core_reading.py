import time
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.replies import kinds
from odoo.addons.ar_collections.core.replies.own_text import MOST_CHARACTERS, cut
from odoo.addons.ar_collections.core.replies.reading import read
from odoo.addons.ar_collections.core.replies.words import parse_phrase, tokenize

from . import corpus

#: The least share of samples whose kind is right, and whose day is.
LEAST = {
    corpus.TUNED: (0.97, 0.97), corpus.HELD_OUT: (0.9, 0.9), corpus.COLLOQUIAL: (0.97, 0.97),
    corpus.COLLOQUIAL_HELD_OUT: (0.9, 0.9),
}  # fmt: skip

#: At most so large a share of samples is read as something else: a wrong proposal costs a person's time.
MOST_MISREAD = 0.05

#: Sentences with words of an answer, which are none: hedged, about something else, or in a question without its mark.
SAY_NOTHING = (
    "we'll get it sorted once you answer my question",
    "the delivery problem hasn't been sorted",
    "has the access issue been sorted?",
    "boss is off till monday, can't say anything before",
    "i thought we paid that, let me check",
    "not sure we've paid this",
    "Did your driver get paid for the parking?",
    "will ask my wife when she gets paid",
    "you'll get it when we get it",
    "who do i speak to about this?",
    "Stop press: new catalogue is out",
    "I can't stop thinking about your service, lovely",
    "we won't be paying anything until someone calls me",
    "when will you stop by?",
    "could be paid, could be not, no idea",
    "ill check with accounts and get back to u",
    "paid? what do you mean",
    "we usually pay by bank transfer",
    "My colleague is away till friday, she knows",
    "need it sorted today!! when is the delivery",
    "nope not paid",
    "ping me when the goods are there",
    "I don't deal with people like that",
    "ich glaub das is bezahlt, muss aber nachschauen",
    "hab die ware noch nich gesehn",
    "habt ihr das geld schon bekommen",
    "die ware is gestern raus gegangen",
    "die buchhaltung is bis montag nich da",
    "ich frag mal nach",
    "hört ihr mich? auf der mailbox war nix",
    "schick mir mal die neue preisliste",
    "wir zahlen immer pünktlich",
    "bei uns stoppt gerade alles",
    "muss das noch mit dem chef klären",
    "je crois qu'on l'a payée mais je suis pas sûre",
    "on paye pas avant d'avoir vu le technicien",
    "faut que je voie avec le patron",
    "vous avez été payés ou pas",
    "c'est en cours",
    "on a pas encore reglé",
    "je trouve ça pas normal",
    "le patron est pas la",
    "comment on fait pour regler",
    "on a jamais eu de souci avec vous",
    "creo que está pagado pero no estoy segura",
    "aun no hemos pagado",
    "no se quien lleva esto",
    "mi jefe está de vacaciones y no sé nada",
    "os llamo mañana",
    "hace falta un número de pedido",
    "hablo con mi jefe y os digo",
    "penso sia pagata ma non sono sicura",
    "non abbiamo ancora fatto il bonifico",
    "il capo è in ferie",
    "senti, ma quando consegnate",
    "manca il numero d'ordine",
    "bonifico non ancora partito",
    "ci sentiamo domani",
    "vi faccio sapere",
    "basta che mi chiami qualcuno",
)


class ReadingCase(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = corpus.read_rules()

    def _read(self, text, **options):
        return read(text, self.book, corpus.WRITTEN_ON, **options)

    def assertRead(self, kind, *texts, **options):
        for text in texts:
            with self.subTest(text=text):
                self.assertEqual(self._read(text, **options).kind, kind)


class TestCorpus(ReadingCase):
    def test_there_are_enough_samples_and_a_quarter_is_held_out(self):
        tuned, held_out = (corpus.read_samples(part) for part in (corpus.TUNED, corpus.HELD_OUT))
        self.assertGreaterEqual(len(tuned), 120)
        self.assertGreaterEqual(len(held_out) * 3, len(tuned))
        self.assertEqual({sample.language for sample in tuned}, {"en", "de", "fr", "es", "it"})
        self.assertEqual({sample.kind for sample in tuned}, set(kinds.ORDER))
        spoken = [len(corpus.read_samples(part)) for part in (corpus.COLLOQUIAL, corpus.COLLOQUIAL_HELD_OUT)]
        self.assertGreaterEqual(min(spoken), 30)

    def test_minimum_figures(self):
        for part, (least_kinds, least_days) in LEAST.items():
            figures = corpus.Figures(corpus.read_samples(part), self.book)
            with self.subTest(part=part):
                self.assertGreaterEqual(figures.share_of_kinds(), least_kinds)
                self.assertGreaterEqual(figures.share_of_days(), least_days)
                by_language = figures.by("language")
                self.assertGreaterEqual(min(recall for _p, recall, _n in by_language.values()), 0.85)

    def test_what_is_not_understood_is_unclear_and_seldom_something_else(self):
        for part in corpus.PARTS:
            figures = corpus.Figures(corpus.read_samples(part), self.book)
            misread = [s for s, found in figures.results if found.kind not in (kinds.UNCLEAR, s.kind)]
            with self.subTest(part=part):
                self.assertLessEqual(len(misread), MOST_MISREAD * len(figures.results))


class TestMeaning(ReadingCase):
    def test_negations(self):
        self.assertRead("unclear", "We have not paid this.", "It hasn't been paid.",
                        "Wir haben das noch nicht bezahlt.", "Nous n'avons pas payé.", "No hemos pagado.",
                        "Non abbiamo pagato.")  # fmt: skip
        self.assertRead("unclear", "Please don't stop sending me the news.", "We can't pay at the moment.")

    def test_a_negation_does_not_reach_across_a_comma(self):
        self.assertRead("promise", "Not yet, will pay on Friday.", "Sorry, no time today, we will pay tomorrow.")

    def test_a_stop_word_in_a_sentence_that_is_none(self):
        self.assertRead(
            "unclear",
            "Can you stop by our office?",
            "Your non-stop service is great.",
            "Please don't stop the delivery.",
            "We have got to STOP this nonsense with the forklift.",
            "Bus stop in front of the house, ring twice.",
            "The machine is at a full stop.",
        )
        self.assertRead("stop", "STOP", "Stop. Thank you", "stop!!", "Unsubscribe", "Please stop sending me e-mails.")

    def test_questions_are_no_statements(self):
        self.assertRead("unclear", "Has this been paid?", "Can we pay on Friday?", "Wurde das bezahlt?",
                        "Est-ce que cela a été payé ?", "¿Se ha pagado?")  # fmt: skip

    def test_what_is_to_be_paid_is_not_paid(self):
        self.assertRead("promise", "It will be paid on Friday.", "Wird am Freitag bezahlt.",
                        "Elle sera payée vendredi.", "Será pagada el viernes.", "Sarà pagata venerdì.")  # fmt: skip
        self.assertRead("unclear", "As soon as the customer has paid.")

    def test_several_things_are_all_said_and_the_order_decides(self):
        reading = self._read("We paid one invoice on 5 June. The other one is wrong, the price is not what we agreed.")
        self.assertEqual(reading.kind, "dispute")
        self.assertEqual([finding.kind for finding in reading.findings], ["dispute", "paid"])

    def test_each_result_has_the_words_it_rests_on(self):
        self.assertEqual(self._read("Dear all,\nWe Will   Pay on friday").words, "Will Pay")
        for sample, reading in corpus.Figures(corpus.read_samples(corpus.TUNED), self.book).results:
            if reading.kind != kinds.UNCLEAR:
                with self.subTest(text=sample.text):
                    self.assertIn(reading.words, " ".join(sample.text.split()))

    def test_subject(self):
        """That of a reply is ours; another one is the customer's."""
        self.assertRead("unclear", "Hello", subject="Re: Your invoice is not paid, paid on 5 June")
        self.assertRead("stop", "", subject="Unsubscribe")
        self.assertRead("out_of_office", "Thank you for your message.", subject="Automatic reply: Re: Invoice")

    def test_an_automatic_reply_is_never_an_answer(self):
        reading = self._read("Back on 22 June. Invoices will be paid on Friday.", is_automatic=True)
        self.assertEqual((reading.kind, reading.day.day), ("out_of_office", date(2026, 6, 22)))
        self.assertRead("out_of_office", "Ticket 4711 was created.", is_automatic=True)

    def test_a_person_who_is_away_and_pays_all_the_same(self):
        self.assertRead("promise", "I am on vacation until 22 June, but we will pay on Friday.")

    def test_a_holiday_that_is_mentioned(self):
        """Whoever was away and is not any more wants something: a person reads it."""
        for kind, text in [
            (kinds.UNCLEAR, "Your driver came while we were on holiday, so nobody could accept the goods."),
            (kinds.COPY, "Sorry, I was on vacation last week. Please send me a copy of invoice INV/2026/0005."),
            (kinds.COPY, "I am on vacation. Please send me a copy of invoice INV/2026/0005."),
            (kinds.UNCLEAR, "I am back in the office. Can you explain why you still send reminders?"),
            (kinds.UNCLEAR, "Our scanner is back on line, so please tell us which delivery it was for."),
            (kinds.COPY, "Ich war im Urlaub. Bitte schicken Sie mir die Rechnung noch einmal."),
            (kinds.UNCLEAR, "Nous étions en vacances, votre livreur a trouvé porte close."),
            (kinds.UNCLEAR, "Estábamos de vacaciones y nadie pudo recoger la mercancía."),
            (kinds.UNCLEAR, "Eravamo in ferie e nessuno ha potuto ritirare la merce."),
            (kinds.OUT_OF_OFFICE, "I am on vacation until 22 June. Who is this?"),
        ]:
            with self.subTest(text=text):
                reading = self._read(text)
                self.assertEqual((reading.kind, reading.is_answer), (kind, True))

    def test_out_of_office_alone_is_no_answer(self):
        for text in (
            "I will be back in the office on 22 June.",
            "I'll be back on 22 June.",
            "I am on vacation until 22 June.",
        ):
            with self.subTest(text=text):
                reading = self._read(text)
                self.assertEqual((reading.kind, reading.is_answer), (kinds.OUT_OF_OFFICE, False))
        self.assertFalse(self._read("Who is this?", is_automatic=True).is_answer)

    def test_a_subject_without_end(self):
        """Senders decide on the subject: only its beginning is read, and dots cost no time."""
        started = time.process_time()
        reading = self._read("We paid.", subject="." * 40_000 + " unsubscribe")
        tokenize("." * 40_000 + "@")
        self.assertEqual(reading.kind, "paid")
        self.assertLess(time.process_time() - started, 2)

    def test_other_address(self):
        text = "Wrong person, please write to AP@Meadow.example.com. My address is me@meadow.example.com."
        self.assertEqual(self._read(text, known=["me@meadow.example.com"]).address, "ap@meadow.example.com")
        self.assertEqual(self._read("No address here: a@b, @c.", known=()).address, "")


class TestColloquial(ReadingCase):
    def test_everyday_sentences_that_only_look_like_an_answer(self):
        """What is unclear stays unclear: a person reads it."""
        self.assertRead("unclear", *SAY_NOTHING)

    def test_negations_as_they_are_typed(self):
        self.assertRead("unclear", "we aint paid that", "nee noch nix bezahlt", "hab das nich bezahlt", "on paiera pas",
                        "le virement est pas encore parti", "la transferencia no ha salido todavia", "mica pagata",
                        "zahl ich nich vor freitag")  # fmt: skip

    def test_everyday_answers(self):
        self.assertRead("paid", "all sorted, cheers", "BACS went this morning mate", "ya os hicimos la transferencia",
                        "l'abbiamo pagata lunedì", "on l'a payée vendredi", "ist schon längst bezahlt")  # fmt: skip
        self.assertRead("promise", "will do it tmrw, sorry!", "mach ich morgen gleich", "domani le faccio il bonifico",
                        "je vous fais le virement demain matin", "mañana os hago la transferencia",
                        "wenn ich das geld hab zahl ich")  # fmt: skip


class TestLanguage(ReadingCase):
    def test_unknown_language(self):
        reading = self._read("Wij hebben deze factuur vorige week al voldaan, kunt u dat nakijken alstublieft?")
        self.assertEqual((reading.kind, reading.language), ("unclear", None))
        self.assertRead("unclear", "请问这张发票什么时候到期？", "Оплата будет завтра", "", "???", "👍", "\x00\ufffd")

    def test_the_customers_language_decides_where_words_do_not(self):
        self.assertEqual(self._read("Pagato.", language="it").language, "it")
        self.assertEqual(self._read("OK", language="de").language, "de")

    def test_a_mail_in_two_languages(self):
        self.assertRead("promise", "Wir zahlen am Freitag die offene Rechnung.\n\nWe will pay on Friday.")


class TestOwnText(ReadingCase):
    def test_quotes_of_mail_programs(self):
        quoted = "This invoice is not paid. Please pay by 15 June."
        for introduction in (
            "On Mon, Jun 8, 2026 at 9:12 AM, Billing\n<billing@seller.example.com> wrote:",
            "Am Mo., 8. Juni 2026 um 09:12 Uhr schrieb Billing <billing@seller.example.com>:",
            "Le lun. 8 juin 2026 à 09:12, Billing <billing@seller.example.com> a écrit :",
            "El lun, 8 jun 2026 a las 9:12, Billing (<billing@seller.example.com>) escribió:",
            "-----Original Message-----",
            "________________________________",
            "From: Billing <billing@seller.example.com>\nSent: Monday\nTo: Me\nSubject: Invoice",
            "Von: Billing <billing@seller.example.com>\nGesendet: Montag\nAn: Ich\nBetreff: Rechnung",
        ):
            with self.subTest(introduction=introduction):
                book = self.book
                own, _long = cut(f"Paid today.\n\n{introduction}\n{quoted}", book.get(kinds.QUOTE), (), ())
                self.assertEqual(own, "Paid today.")

    def test_a_colon_or_a_date_of_the_customer_cuts_nothing(self):
        """What looks like a header or a signature in the middle of an answer is part of it."""
        text = "Here is what happened:\nour bank: closed\nDate: 12 June\n\nWe will pay on 12 June."
        self.assertEqual(self._read(text).own_text, text)

    def test_answers_between_the_lines_and_below(self):
        self.assertRead("promise", "> When do you pay?\nWe will pay on Friday.\n> Regards",
                        "On 8 June 2026 at 09:12 Billing wrote:\n> Please pay.\n\nWe will pay on Friday.")  # fmt: skip

    def test_signature_and_disclaimer_say_nothing(self):
        self.assertRead("unclear", "Hello.\n\nKind regards\nAnn Ledger\nNow open: new bank account for savers",
                        "Noted.\n\nThis e-mail is confidential. If you are not the intended recipient, stop reading. "
                        "We have paid for it.")  # fmt: skip
        self.assertRead("promise", "Thanks, will pay tomorrow", "Hello\nThanks\nAnn\nPS: we will pay tomorrow")

    def test_a_mail_of_ten_megabytes(self):
        """Only its beginning is read, and it is said."""
        reading = self._read("We paid on 5 June.\n" + "x " * 5_000_000)
        self.assertEqual((reading.kind, reading.is_long), ("paid", True))
        reading = self._read(" " * MOST_CHARACTERS + "We paid.")
        self.assertEqual((reading.kind, reading.is_long), ("unclear", True))


class TestRules(TestCase):
    def test_phrases_that_cannot_be_looked_for(self):
        for text in ("", "...", "... paid", "paid ...", "*", "pa*id", "a//b", "!!!", "have ... ... paid",
                     "a ... b ... c ... d ... e"):  # fmt: skip
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_phrase(text)
