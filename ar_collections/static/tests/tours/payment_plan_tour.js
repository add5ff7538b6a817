import { registry } from "@web/core/registry";

/** From two ticks to a plan that is accepted, and its first installment paid with the demo provider. */
function payInInstallmentsSteps() {
    return [
        {
            content: "Both invoices are ticked; ask for installments",
            trigger: ".o_ar_choice:has(input[name='item']:checked) button[name='ask'][value='plan']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The form shows the total",
            trigger: ".o_ar_plan_total:contains('300.00')",
        },
        {
            content: "Three installments",
            trigger: "#ar_plan_count",
            run: "select 3",
        },
        {
            content: "Preview the plan first",
            trigger: ".o_ar_plan_preview",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Three times a hundred",
            trigger: ".o_ar_plan_schedule li:nth-child(3):contains('100.00')",
        },
        {
            content: "Sign with a name",
            trigger: "#ar_plan_name",
            run: "edit Pat Payer",
        },
        {
            content: "Accept the terms",
            trigger: "#ar_plan_accept",
            run: "click",
        },
        {
            content: "Agreed",
            trigger: ".o_ar_plan_accept button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The plan is active",
            trigger: ".o_ar_plan_state:contains('Running')",
        },
        {
            content: "Pay the first installment right away",
            trigger: ".o_ar_plan_installments li:first-child button:contains('Pay this installment')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The amount is one installment",
            trigger: ".o_ar_pay_total:contains('100.00')",
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
            content: "Back on the page, with thanks and the plan",
            trigger: ".o_ar_page:has(.alert-success:contains('Thank you for your payment')) #agreements a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "200 are left",
            trigger: ".o_ar_plan_left:contains('200.00')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_pay_in_installments", { steps: payInInstallmentsSteps });
