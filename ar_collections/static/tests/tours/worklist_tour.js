import { registry } from "@web/core/registry";

/** A collector's next customer: from the worklist to a call that was logged, with the keyboard where it helps. */
registry.category("web_tour.tours").add("ar_collections_log_call", {
    steps: () => [
        {
            content: "The customer is in the worklist, with its status",
            trigger: ".o_data_row:contains('Portal Payer') td[name='list_status']:contains('Reminder due')",
            run: "click",
        },
        {
            content: "The customer's debt by age",
            trigger: ".o_form_view .o_ar_aging:contains('Not due'):contains('300.00')",
        },
        {
            content: "Log a call",
            trigger: "button[name='action_log_call']",
            run: "click",
        },
        {
            content: "A message was left on the voicemail",
            trigger: ".modal .o_field_widget[name='result'] .form-check:contains('Left a message') input",
            run: "click",
        },
        {
            content: "A day to call again is suggested; note what happened",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Asked to be called back",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "It is on the customer's thread",
            trigger: "body:not(:has(.modal)) .o-mail-Chatter:contains('Asked to be called back')",
        },
        {
            content: "It is among the communications",
            trigger: "a[name='communications']",
            run: "click",
        },
        {
            content: "Read it with one click",
            trigger: "[name='timeline_ids'] .o_data_row:contains('Left a message') td[name='title']",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".modal .o_field_widget[name='body']:contains('Asked to be called back')",
        },
    ],
});

/** The call in which the customer promises: from the worklist to the promise in two dialogs. */
registry.category("web_tour.tours").add("ar_collections_call_and_promise", {
    steps: () => [
        {
            content: "The customer is in the worklist",
            trigger: ".o_data_row:contains('Portal Payer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Log a call",
            trigger: "button[name='action_log_call']",
            run: "click",
        },
        {
            content: "The customer promised to pay",
            trigger: ".modal .o_field_widget[name='result'] .form-check:contains('Promised') input",
            run: "click",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "The promise dialog opens at once, all late items ticked",
            trigger: ".modal [name='line_ids'] .o_data_row:nth-child(2) [name='ticked'] input:checked",
        },
        {
            content: "Record it, by the day that is suggested",
            trigger: ".modal button[name='action_record']",
            run: "click",
        },
        {
            content: "Back on the customer",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name='next_text']",
        },
        {
            content: "The account shows at once that a payment is promised",
            trigger: ".o_form_view .o_field_widget[name='next_text']:contains('Payment is promised')",
        },
    ],
});

/** From account to account: the call is logged, the next one of the list opens, and the list marks what was done. */
registry.category("web_tour.tours").add("ar_collections_log_and_next", {
    steps: () => [
        {
            content: "The first customer of the list",
            trigger: ".o_data_row:contains('Portal Payer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Log a call",
            trigger: "button[name='action_log_call']",
            run: "click",
        },
        {
            content: "Somebody was reached",
            trigger: ".modal .o_field_widget[name='result'] .form-check:contains('Reached') input",
            run: "click",
        },
        {
            content: "Log it and go on",
            trigger: ".modal button[name='action_log_next']",
            run: "click",
        },
        {
            content: "The next account is open",
            trigger: "body:not(:has(.modal)) .o_form_view .oe_title:contains('Next in Line')",
        },
        {
            content: "Back to the list",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "The first one is marked as done",
            trigger: ".o_data_row:contains('Portal Payer') td[name='worked_today'] .fa-check",
        },
    ],
});
