import { Attachment } from "@mail/core/common/attachment_model";
import { fields } from "@mail/core/common/record";

import { patch } from "@web/core/utils/patch";

patch(Attachment.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {string|false|undefined} why WhatsApp would refuse it, while it waits in a composer */
        this.whatsapp_fault = fields.Attr(undefined);
    },
});
