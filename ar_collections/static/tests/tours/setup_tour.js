import { registry } from "@web/core/registry";

/** From the panel of the set-up to the schedule, its timeline, and the message of a step with a real customer. */
registry.category("web_tour.tours").add("ar_collections_setup", {
    steps: () => [
        {
            content: "The panel says what is done, and what is not",
            trigger: ".o_ar_setup [data-step='schedule'][data-done='1'] button",
            run: "click",
        },
        {
            content: "The steps are drawn around the due date",
            trigger: ".o_form_view .o_ar_timeline li.o_ar_due:contains('Due date')",
        },
        {
            content: "Look at the message of the first reminder",
            trigger: ".o_data_row:contains('Friendly reminder') button[name='action_preview']",
            run: "click",
        },
        {
            content: "It lists the customer's invoices",
            trigger: ".modal .o_ar_step_message [name='recipients']:contains('Portal Payer')",
        },
        {
            content: "The message itself is in a frame of its own",
            trigger: ".modal .o_ar_step_message iframe",
            run: ({ anchor }) => {
                if (!anchor.srcdoc.includes("Portal Payer") && !anchor.srcdoc.includes("INV/")) {
                    throw new Error("The frame holds no message");
                }
            },
        },
        {
            content: "Close it",
            trigger: ".modal .modal-footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Go back to the dashboard",
            trigger: ".o_breadcrumb a:contains('Receivables')",
            run: "click",
        },
        {
            content: "Close the panel",
            trigger: ".o_ar_setup button[name='close_setup']",
            run: "click",
        },
        {
            content: "It can be opened again",
            trigger: ".o_ar_dashboard:not(:has(.o_ar_setup)) button[name='open_setup']",
            run: "click",
        },
        {
            content: "It is back; activate",
            trigger: ".o_ar_setup [data-step='activation'][data-done='0'] button.btn-primary",
            run: "click",
        },
        {
            content: "The dialog shows what would be sent first",
            trigger: ".modal button[name='action_activate']:contains('Activate')",
            run: "click",
        },
        {
            content: "The step is done, without loading the page again",
            trigger: ".o_ar_setup [data-step='activation'][data-done='1']",
        },
    ],
});
