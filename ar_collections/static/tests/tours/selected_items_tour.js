import { registry } from "@web/core/registry";

/** From ticked open items to a promise, on the customer's form. */
registry.category("web_tour.tours").add("ar_collections_tick_and_promise", {
    steps: () => [
        {
            content: "Nothing is ticked: the buttons are disabled",
            trigger: ".o_ar_ticked:contains('Select the items'):has(button[name='action_ar_promise'][disabled])",
        },
        {
            content: "Tick all",
            trigger: "[name='open_line_ids'] thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Both are ticked",
            trigger: ".o_ar_ticked:contains('2 selected')",
        },
        {
            content: "Leave the second out",
            trigger: "[name='open_line_ids'] .o_data_row:nth-child(2) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "One is ticked",
            trigger: ".o_ar_ticked:contains('1 selected')",
        },
        {
            content: "Promise",
            trigger: ".o_ar_ticked button[name='action_ar_promise']:enabled",
            run: "click",
        },
        {
            content: "The dialog has ticked the same item, and only that",
            trigger: ".modal [name='line_ids'] .o_data_row:nth-child(1) [name='ticked'] input:checked",
        },
        {
            content: "Not the other",
            trigger: ".modal [name='line_ids'] .o_data_row:nth-child(2) [name='ticked'] input:not(:checked)",
        },
        {
            content: "Record it",
            trigger: ".modal button[name='action_record']",
            run: "click",
        },
        {
            content: "Back on the customer",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name='next_text']",
        },
    ],
});
