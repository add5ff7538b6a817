import { registry } from "@web/core/registry";

/** What a collector does not do every day is in the Actions menu of the customer, and what leads to nothing is not. */
registry.category("web_tour.tours").add("ar_collections_action_menu", {
    steps: () => [
        {
            content: "The customer is in the worklist",
            trigger: ".o_data_row:contains('Portal Payer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "The header has the buttons of every day alone, and nothing is noted yet",
            trigger: ".o_form_statusbar:has(button[name='action_log_call']):not(:has(button[name='action_settle']))",
        },
        {
            content: "Without notes there is no button that counts them",
            trigger: ".o_form_view:not(:has(button[name='action_open_abilities']))",
        },
        {
            content: "Open the Actions menu",
            trigger: ".o_form_view .o_cp_action_menus .o_cp_action_menus_cog, .o_form_view .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "All of the others are there; reminders are not resumed, because they are not stopped",
            trigger: ".o-dropdown--menu:contains('Exclude from Reminders'):contains('Claim as of')",
        },
        {
            content: "A settlement can be requested",
            trigger: ".o-dropdown--menu .o_menu_item:contains('Settle')",
        },
        {
            content: "Note why the customer cannot pay",
            trigger: ".o-dropdown--menu .o_menu_item:contains('Note Ability to Pay')",
            run: "click",
        },
        {
            content: "The reason",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit Lost the main customer",
        },
        {
            content: "Save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is counted on the customer",
            trigger: "body:not(:has(.modal)) button[name='action_open_abilities']:contains('1')",
        },
        {
            content: "Record an insolvency",
            trigger: ".o_form_view .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "It opens the form of the proceedings",
            trigger: ".o-dropdown--menu .o_menu_item:contains('Record Insolvency')",
            run: "click",
        },
        {
            content: "Of this customer",
            trigger: ".o_field_widget[name='customer_id'] input",
        },
        {
            content: "It is dated today",
            trigger: ".o_field_widget[name='opened_on'] button, .o_field_widget[name='opened_on'] input",
            run: "click",
        },
        {
            content: "Choose the day",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Back to the customer",
            trigger: ".o_form_saved .oe_stat_button[name='action_open_customer'], .oe_stat_button[name='action_open_customer']",
            run: "click",
        },
        {
            content: "The form says that all stopped",
            trigger: ".alert:contains('stays on hold')",
        },
        {
            content: "Open the Actions menu",
            trigger: ".o_form_view .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "What would be refused is not offered",
            trigger: ".o-dropdown--menu:not(:contains('Settle')):not(:contains('Propose Placement')):contains('Claim as of')",
        },
    ],
});
