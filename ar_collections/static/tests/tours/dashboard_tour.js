import { registry } from "@web/core/registry";

/** The dashboard: figures, another period, from a number to its records and back, and on to a customer. */
registry.category("web_tour.tours").add("ar_collections_dashboard", {
    steps: () => [
        {
            content: "The overdue amount is shown first",
            trigger: ".o_ar_dashboard [data-figure='overdue'] .o_ar_value:contains('300')",
        },
        {
            content: "The aging is drawn, and given as text",
            trigger: ".o_ar_dashboard [name='aging'] canvas[aria-label*='200.00']",
        },
        {
            content: "The cash forecast of the next weeks is drawn",
            trigger: ".o_ar_dashboard [name='cash'] canvas",
        },
        {
            content: "Show the last month only",
            trigger: ".o_ar_dashboard button[data-period='month']",
            run: "click",
        },
        {
            content: "Open the overdue items",
            trigger: ".o_ar_dashboard:has(button[data-period='month'].active) [data-figure='overdue']",
            run: "click",
        },
        {
            content: "Item by item, by customer",
            trigger: ".o_list_view .o_group_header:contains('Portal Payer')",
        },
        {
            content: "Go back",
            trigger: ".o_breadcrumb a:contains('Receivables')",
            run: "click",
        },
        {
            content: "The dashboard is as it was left; open the largest debtor",
            trigger: ".o_ar_dashboard:has(button[data-period='month'].active) [name='worst'] a:contains('Portal Payer')",
            run: "click",
        },
        {
            content: "The customer's account",
            trigger: ".o_form_view .o_ar_aging:contains('300.00')",
        },
    ],
});

registry.category("web_tour.tours").add("ar_collections_dashboard_phone", {
    steps: () => [
        {
            content: "The overdue amount is shown first",
            trigger: ".o_ar_dashboard [data-figure='overdue'] .o_ar_value:contains('300')",
        },
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_ar_dashboard [name='worst'] a:contains('Portal Payer')",
            run: () => {
                const content = document.querySelector(".o_ar_dashboard .o_content");
                if (content.scrollWidth > content.clientWidth) {
                    throw new Error(`${content.scrollWidth} pixels do not fit into ${content.clientWidth}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("ar_collections_dashboard_empty", {
    steps: () => [
        {
            content: "It shows what to do, not zeros",
            trigger: ".o_ar_dashboard:contains('No receivables yet'):not(:has(.o_ar_figure))",
        },
    ],
});
