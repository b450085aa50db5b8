import { MessagingMenu } from "@mail/core/public_web/messaging_menu";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

import { WHATSAPP } from "./thread_model_patch";

patch(MessagingMenu.prototype, {
    get hasWhatsapp() {
        return this.store.discuss.whatsappCategory.threads.some((thread) => thread.displayToSelf);
    },
    get _tabs() {
        const tabs = super._tabs;
        if (this.hasWhatsapp) {
            tabs.push({
                counter: this.store.discuss.whatsappCategory.threadsWithCounter.length,
                icon: "fa fa-whatsapp",
                id: WHATSAPP,
                label: _t("WhatsApp"),
                sequence: 15,
            });
        }
        return tabs;
    },
});
