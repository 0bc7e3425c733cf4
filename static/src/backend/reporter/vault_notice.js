import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** Says, as soon as the screens open, that identities are closed and why. */
export const vaultNotice = {
    dependencies: ["notification"],
    start(env, { notification }) {
        if (session.civic_vault_problem) {
            notification.add(session.civic_vault_problem, {
                title: _t("Identities are closed"),
                type: "danger",
                sticky: true,
            });
        }
    },
};

registry.category("services").add("civic_vault_notice", vaultNotice);
