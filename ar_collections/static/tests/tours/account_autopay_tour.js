import { registry } from "@web/core/registry";

/** Adding a method with Odoo's own form, and the demo provider. */
function addMethodSteps(number) {
    return [
        {
            content: "Add a payment method",
            trigger: ".o_ar_autopay_add",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose the demo provider",
            trigger: "input[name='o_payment_radio'][data-provider-code='demo']",
            run: "click",
        },
        {
            content: "Fill in a test card",
            trigger: "input[name='customer_input']:visible, input#customer_input:visible",
            run: `edit ${number}`,
        },
        {
            content: "Save it",
            trigger: "button[name='o_payment_submit_button']:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

const agreeSteps = [
    {
        content: "On to the terms",
        trigger: ".o_ar_autopay_form button[type='submit']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "Sign with a name",
        trigger: "#ar_autopay_name",
        run: "edit Pat Payer",
    },
    {
        content: "Accept the terms",
        trigger: "#ar_autopay_accept",
        run: "click",
    },
    {
        content: "Agree",
        trigger: ".o_ar_autopay_accept button[type='submit']",
        run: "click",
        expectUnloadPage: true,
    },
];

/** From the link of an invitation to automatic payments, to another card, and out again; without a login. */
function autopaySteps() {
    return [
        ...addMethodSteps("4242 4242 4242 4242"),
        {
            content: "Back on the form, with the card chosen",
            trigger: ".o_ar_autopay_form input[name='method']:checked",
        },
        {
            content: "Once a month",
            trigger: "#ar_month_day_on",
            run: "click",
        },
        {
            content: "On the last day",
            trigger: "input[name='month_day']",
            run: "edit 31",
        },
        {
            content: "With a maximum below one of the invoices",
            trigger: "#ar_maximum_charge",
            run: "edit 150",
        },
        ...agreeSteps.slice(0, 1),
        {
            content: "That invoice is named",
            trigger: ".o_ar_autopay_warning:contains('150')",
        },
        ...agreeSteps.slice(1),
        {
            content: "Confirmed, with the card",
            trigger: ".o_ar_autopay_done:contains('4242')",
        },
        {
            content: "Change it",
            trigger: ".o_ar_autopay_change",
            run: "click",
            expectUnloadPage: true,
        },
        ...addMethodSteps("5555 5555 5555 4444"),
        {
            content: "What is agreed holds; change it to the new card",
            trigger: ".o_ar_autopay_change",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "On the due date again",
            trigger: "#ar_on_due_date",
            run: "click",
        },
        ...agreeSteps,
        {
            content: "Confirmed, with the other card",
            trigger: ".o_ar_autopay_done:contains('4444')",
        },
        {
            content: "Leave",
            trigger: ".o_ar_autopay_stop summary",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".o_ar_autopay_stop button[value='stop']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Stopped",
            trigger: ".o_ar_autopay_done:contains('stopped')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_account_autopay", { steps: autopaySteps });
