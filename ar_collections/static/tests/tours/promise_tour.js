import { registry } from "@web/core/registry";

/** Return the day that many days from now as a date field holds it. */
function dayAhead(days) {
    const day = new Date(Date.now() + days * 86400000);
    return day.toISOString().slice(0, 10);
}

/** Tick both invoices, promise a part of the first and all of the second, see it on the page. */
function promiseSteps() {
    return [
        {
            content: "Both late invoices are ticked",
            trigger: ".o_ar_choice:has(input[name='item']:checked)",
        },
        {
            content: "Pay later",
            trigger: ".o_ar_choice button[name='ask'][value='promise']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Only a part of the first",
            trigger: ".o_ar_promise li:first-child input[name^='amount_']",
            run: "edit 150",
        },
        {
            content: "In five days",
            trigger: "#ar_promise_date",
            run() {
                this.anchor.value = dayAhead(5);
            },
        },
        {
            content: "Give a reason",
            trigger: "#ar_promise_note",
            run: "edit After payday",
        },
        {
            content: "Promise",
            trigger: ".o_ar_promise button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".alert-success:contains('You promised')",
        },
        {
            content: "It is listed on the page, with its amount",
            trigger: "#agreements li:contains('Payment promised'):contains('250.00')",
        },
        {
            content: "And beside the invoices",
            trigger: ".o_ar_choice li:first-child .badge:contains('Payment promised')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_promise", { steps: promiseSteps });
