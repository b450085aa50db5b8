import { Attachment } from "@mail/core/common/attachment_model";
import { fields } from "@mail/core/common/record";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** What WhatsApp plays as a voice note: Opus in Ogg. */
export const VOICE_TYPE = "audio/ogg";

patch(Attachment.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {string|false|undefined} why WhatsApp would refuse it, while it waits in a composer */
        this.whatsapp_fault = fields.Attr(undefined);
        /** @type {string|false|undefined} what the customer gets of it that one might not expect, while it waits */
        this.whatsapp_hint = fields.Attr(undefined);
    },
    get isOnWhatsapp() {
        return Boolean((this.message?.thread ?? this.composer?.targetThread ?? this.thread)?.isWhatsapp);
    },
    /** A recording by what it is and when it was said, in the reader's words and time. */
    get whatsappVoiceName() {
        const kind = this.mimetype === VOICE_TYPE ? _t("Voice note") : _t("Audio");
        const moment = this.message?.datetime?.toFormat("yyyy-MM-dd HH:mm") ?? "";
        return `${kind} ${moment}.${(this.name || "").split(".").pop()}`;
    },
});
