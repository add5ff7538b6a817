import { registry } from "@web/core/registry";

/** The button of the form's pager, unless the last record of its list is shown. */
function findPagerButton() {
    const panel = document.querySelector(".o_action_manager .o_form_view .o_control_panel");
    const value = panel?.querySelector(".o_pager_value")?.textContent.trim();
    const limit = panel?.querySelector(".o_pager_limit")?.textContent.trim();
    const button = panel?.querySelector(".o_pager_next:not([disabled])");
    return value && value !== limit ? button : null;
}

/** Go to the next account of the list that the form was opened from; without one, to the next of the worklist. */
async function goToNextAccount(env, action) {
    await env.services.action.doAction({ type: "ir.actions.act_window_close" });
    const button = findPagerButton();
    if (button) {
        button.click();
        return;
    }
    return action.params.next;
}

registry.category("actions").add("ar_next_account", goToNextAccount);
