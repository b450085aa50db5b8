import { Message } from "@mail/core/common/message";

import { patch } from "@web/core/utils/patch";

patch(Message.prototype, {
    /** In the simulator the customer is oneself. */
    get isAlignedRight() {
        if (this.env.inWhatsappSimulator) {
            return this.props.message.whatsapp?.author === "customer";
        }
        return super.isAlignedRight;
    },
});
