import { Message } from "@mail/core/common/message";

import { patch } from "@web/core/utils/patch";

/** In the simulator one is the customer. */
patch(Message.prototype, {
    get isMineInSimulator() {
        return Boolean(this.env.inWhatsappSimulator && this.props.message.whatsapp?.author === "customer");
    },
    get attClass() {
        return { ...super.attClass, "o-whatsapp-mine": this.isMineInSimulator };
    },
    get isAlignedRight() {
        return this.env.inWhatsappSimulator ? this.isMineInSimulator : super.isAlignedRight;
    },
});
