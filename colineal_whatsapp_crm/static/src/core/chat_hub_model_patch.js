import { ChatHub } from "@mail/core/common/chat_hub_model";

import { patch } from "@web/core/utils/patch";

patch(ChatHub.prototype, {
    /** On a telephone, the window that was left open would cover the page that somebody has just opened. */
    async _load() {
        await super._load(...arguments);
        if (!this.isWhatsappOutOfTheWay && this.store.env.services.ui.isSmall) {
            const covering = this.opened.filter(({ thread }) => thread?.isWhatsapp);
            this.opened.delete(...covering);
            this.folded.unshift(...covering);
        }
        // It is loaded again whenever another tab has opened or closed a window.
        this.isWhatsappOutOfTheWay = true;
    },
});
