import { registry } from "@web/core/registry";

/** A salesperson's quotation is held; it requests the limit that is needed from there. */
registry.category("web_tour.tours").add("ar_collections_sale_request", {
    steps: () => [
        {
            content: "The quotation says why it is held",
            trigger: ".o_form_view .alert-danger:contains('On hold'):contains('exceeded by')",
        },
        {
            content: "Request another limit",
            trigger: "button[name='action_ar_request_limit']",
            run: "click",
        },
        {
            content: "The quotation is the reason",
            trigger: ".modal .o_field_widget[name='reason'] textarea:value('12,000.00')",
        },
        {
            content: "Another limit is wanted",
            trigger: ".modal:contains('5,000.00') .o_field_widget[name='wanted_limit'] input",
            run: "edit 20000",
        },
        {
            content: "Request it",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It waits for a decision",
            trigger: "body:not(:has(.modal)) .o_form_view:contains('CREDIT/'):contains('20,000.00')",
        },
    ],
});

/** With the approved limit the salesperson confirms the order. */
registry.category("web_tour.tours").add("ar_collections_sale_confirm", {
    steps: () => [
        {
            content: "There is room for it",
            trigger: ".o_form_view .alert-info:contains('left after this order')",
        },
        {
            content: "Confirm it",
            trigger: "button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "It is confirmed",
            trigger: ".o_form_view .o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
