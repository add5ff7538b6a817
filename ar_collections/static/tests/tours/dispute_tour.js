import { registry } from "@web/core/registry";

/** From the page to a dispute with a photo, and back: tick one, describe the problem, see it listed, withdraw it. */
function disputeSteps() {
    return [
        {
            content: "Leave the second invoice unticked",
            trigger: ".o_ar_choice li:nth-child(2) input[name='item']:checked",
            run: "click",
        },
        {
            content: "Report a problem",
            trigger: "button[name='ask'][value='dispute']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose a reason",
            trigger: ".o_ar_dispute label:contains('The price is wrong')",
            run: "click",
        },
        {
            content: "Only a part of it is wrong",
            trigger: ".o_ar_dispute input[name^='amount_']",
            run: "edit 50",
        },
        {
            content: "Describe the problem",
            trigger: ".o_ar_dispute textarea[name='text']",
            run: "edit Two of the ten boxes were broken",
        },
        {
            content: "Attach a file",
            trigger: ".o_ar_dispute input[name='files']",
            run() {
                const file = new File(["Nine of ten boxes arrived."], "delivery note.txt", { type: "text/plain" });
                const transfer = new DataTransfer();
                transfer.items.add(file);
                this.anchor.files = transfer.files;
            },
        },
        {
            content: "Send",
            trigger: ".o_ar_dispute button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thanks, and the dispute is listed with its date",
            trigger: "#agreements li:contains('Received'):contains('Next:') a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "All of it is there",
            trigger: ".o_ar_dispute:contains('50.00'):contains('Two of the ten boxes'):contains('delivery note.txt')",
        },
        {
            content: "Withdraw it",
            trigger: ".o_ar_dispute button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing is in dispute any more",
            trigger: ".alert-success:contains('this has been recorded')",
        },
    ];
}

registry.category("web_tour.tours").add("ar_collections_dispute", { steps: disputeSteps });
