import { registry } from "@web/core/registry";

/** Leave only one of the late invoices ticked, and press a button about it. */
function askFor(ask, keep) {
    return [
        {
            content: `Tick only invoice ${keep}`,
            trigger: `.o_ar_choice li:nth-child(${keep}) input[name='item']`,
            run() {
                for (const input of document.querySelectorAll(".o_ar_choice input[name='item']")) {
                    input.checked = input === this.anchor;
                }
            },
        },
        {
            content: `Press: ${ask}`,
            trigger: `.o_ar_choice button[name='ask'][value='${ask}']`,
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

/** One visit: dispute the second invoice, promise the third, pay the first. */
function visitSteps() {
    return [
        ...askFor("dispute", 2),
        {
            content: "The price is wrong",
            trigger: ".o_ar_dispute label:contains('The price is not what was agreed')",
            run: "click",
        },
        {
            content: "Describe the problem",
            trigger: ".o_ar_dispute textarea[name='text']",
            run: "edit We agreed on less",
        },
        {
            content: "Send",
            trigger: ".o_ar_dispute button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is in dispute, and not ticked any more",
            trigger: ".o_ar_choice li:nth-child(2):contains('In dispute'):has(input[name='item']:not(:checked))",
        },
        ...askFor("promise", 3),
        {
            content: "The day after tomorrow",
            trigger: "#ar_promise_date",
            run() {
                this.anchor.value = new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 10);
            },
        },
        {
            content: "Promise",
            trigger: ".o_ar_promise button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Both agreements are listed on the page",
            trigger: "#agreements:has(li:nth-child(2))",
        },
        {
            content: "Only the first invoice is still ticked",
            trigger: ".o_ar_choice:has(li:nth-child(1) input:checked):has(li:nth-child(3) input:not(:checked))",
        },
        {
            content: "Pay it",
            trigger: ".o_ar_choice button[value='selected']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Its amount is charged",
            trigger: ".o_ar_pay_total:contains('200.00')",
        },
        {
            content: "The demo provider",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "A test card",
            trigger: "input[name='customer_input']:visible, input#customer_input:visible",
            run: "edit 4242 4242 4242 4242",
        },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".alert-success:contains('Thank you for your payment'):contains('200.00')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_visit", { steps: visitSteps });
