import { odooExceptionTitleMap, WarningDialog } from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// The dialog of an error is found by the name of its class: without this, a hold is shown as a failure of the program.
const name = "odoo.addons.ar_collections.models.credit.documents.credit_hold.CreditHold";
odooExceptionTitleMap.set(name, _t("On Hold"));
registry.category("error_dialogs").add(name, WarningDialog);
