import { registry } from "@web/core/registry";

/** A manager answers a chargeback: approves the entry, writes evidence, stages it and submits it. */
registry.category("web_tour.tours").add("ar_collections_stripe_chargeback", {
    steps: () => [
        {
            content: "Open the chargeback",
            trigger: ".o_data_row:contains('Product not received') td[name='payment_reference']",
            run: "click",
        },
        {
            content: "Approve that its payment is reversed",
            trigger: ".o_field_widget[name='booking_ids'] button[name='action_book']",
            run: "click",
        },
        {
            content: "It is booked",
            trigger: ".o_field_widget[name='booking_ids'] .badge:contains('Booked')",
        },
        {
            content: "Open the evidence",
            trigger: "button[name='action_open_evidence']",
            run: "click",
        },
        {
            content: "What is missing is named; write why it is right",
            trigger: ".o_form_view:contains('is missing'):contains('Proof of delivery') .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Which kind of evidence",
            trigger: ".modal .o_field_widget[name='field'] input, .modal .o_field_widget[name='field'] select",
            run: "click",
        },
        {
            content: "A further explanation",
            trigger: ".o-dropdown--menu .o_select_menu_item:contains('Further explanation')",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: ".modal .o_field_widget[name='field'] input:value('Further explanation')",
        },
        {
            content: "Write it",
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: "edit The customer collected the goods in person.",
        },
        {
            content: "Keep it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is listed",
            trigger: "body:not(:has(.modal)) .o_data_row:contains('collected the goods')",
        },
        {
            content: "Stage it at Stripe",
            trigger: "button[name='action_stage']",
            run: "click",
        },
        {
            content: "It is staged",
            trigger: ".o_arrow_button_current:contains('Staged at Stripe')",
        },
        {
            content: "Submit it",
            trigger: "button[name='action_submit']",
            run: "click",
        },
        {
            content: "Once only",
            trigger: ".modal:contains('takes evidence once') .btn-primary",
            run: "click",
        },
        {
            content: "It is submitted",
            trigger: ".o_arrow_button_current:contains('Submitted')",
        },
    ],
});
