import { registry } from "@web/core/registry";

/** From a reminder's link to "thank you": tick two, change one amount, pay with the demo provider, see the rest. */
function payTwoSteps() {
    return [
        {
            content: "Both late invoices are ticked by the link",
            trigger: ".o_ar_choice:has(input[name='item']:checked):contains('Pay selected: $ 300.00')",
        },
        {
            content: "Open the amount of the first",
            trigger: ".o_ar_choice li:first-child details summary",
            run: "click",
        },
        {
            content: "Pay a part of it",
            trigger: ".o_ar_choice li:first-child .o_ar_amount",
            run: "edit 50",
        },
        {
            content: "The button shows the new total",
            trigger: "button[value='selected']:contains('$ 150.00')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The server computed the same total",
            trigger: ".o_ar_pay_total:contains('150.00')",
        },
        {
            content: "Choose the demo provider",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "Fill in a test card",
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
            content: "Back on the page: thanks, and what is left",
            trigger: ".alert-success:contains('Thank you for your payment'):contains('150.00')",
        },
        {
            content: "150 of the first invoice are left",
            trigger: ".o_ar_choice li:first-child:contains('$ 150.00')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_pay_two", { steps: payTwoSteps });
