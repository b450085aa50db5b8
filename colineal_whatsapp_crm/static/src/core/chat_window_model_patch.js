import { ChatWindow } from "@mail/core/common/chat_window_model";

import { patch } from "@web/core/utils/patch";

patch(ChatWindow.prototype, {
    /** On a telephone a bubble would lie over what one is doing; the messaging menu has the thread, with its counter. */
    computeCanShow() {
        const isInTheWay = this.thread?.isWhatsapp && this.hubAsFolded && this.store.env.services.ui.isSmall;
        return !isInTheWay && super.computeCanShow();
    },
});
