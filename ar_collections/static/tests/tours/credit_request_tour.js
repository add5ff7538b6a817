import { registry } from "@web/core/registry";

/** A salesperson requests a limit for one of its customers. */
registry.category("web_tour.tours").add("ar_collections_credit_request", {
    steps: () => [
        {
            content: "The customer is among those of the salesperson",
            trigger: ".o_data_row:contains('Growing Payer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Request a limit",
            trigger: "button[name='action_request_limit']",
            run: "click",
        },
        {
            content: "The limit of today is shown; another one is wanted",
            trigger: ".modal:contains('5,000.00') .o_field_widget[name='wanted_limit'] input",
            run: "edit 20000",
        },
        {
            content: "What for",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit A larger project",
        },
        {
            content: "Request it",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It waits for a decision; neither facts nor a recommendation are shown",
            trigger: ".o_form_view:contains('CREDIT/'):contains('20,000.00'):not(:contains('Recommended'))",
        },
    ],
});

/** A credit manager reads what is known, and approves less than was requested. */
registry.category("web_tour.tours").add("ar_collections_credit_approval", {
    steps: () => [
        {
            content: "The request waits",
            trigger: ".o_data_row:contains('Growing Payer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "What is known, and what is recommended; approve",
            trigger: ".o_form_view:contains('Highest balance paid on time'):contains('Recommended')",
        },
        {
            content: "Approve",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            content: "Less than was requested",
            trigger: ".modal .o_field_widget[name='limit'] input",
            run: "edit 15000",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is approved",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name='decided_limit']:contains('15,000.00')",
        },
    ],
});
