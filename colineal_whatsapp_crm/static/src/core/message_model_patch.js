import { fields } from "@mail/core/common/record";
import { Message } from "@mail/core/common/message_model";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** @type {import("models").Message} */
const messagePatch = {
    setup() {
        super.setup(...arguments);
        /**
         * Its row in the ledger of what was received and sent.
         *
         * @type {{
         *     advertisement: string|false, what the one says that was tapped
         *     author: "customer"|"assistant"|"person",
         *     cards: {name: string, organization: string, phones: string[], emails: string[], own: boolean,
         *         opened: boolean|undefined}[], of those that a colleague has made a contact of
         *     deleted: boolean,
         *     description: string|false, of the option that was chosen
         *     earlier: string|false, before the customer changed it
         *     failure: Object<string, string>|false, by language
         *     forwarded: "once"|"often"|false,
         *     id: number,
         *     kind: string,
         *     language: string|false, of its words; "und" where they do not tell
         *     listed: boolean, whether the option that was tapped is one of a list
         *     location: {latitude: string, longitude: string}|false,
         *     media_faults: Object<string, string[]>|false, by language
         *     media_state: string|false,
         *     needs_template: boolean|undefined, whether an approved template would go in its place
         *     near: {city: string|false, shop: string|null, km: number|null}|null|false,
         *     ordered: string[]|false, articles of the catalogue that it is about
         *     state: string,
         *     template: {header: string, footer: string, media: string, buttons: {title: string}[], marketing: boolean}|
         *         undefined, what stands around its words where it was one
         *     transcript: string|false,
         *     translations: Object<string, string>|false, by language
         * }|false|undefined}
         */
        this.whatsapp = fields.Attr(undefined);
        const { compute } = this.previewText;
        this.previewText = fields.Html("", {
            /** @this {import("models").Message} */
            compute() {
                return (this.whatsapp && this.isBodyEmpty && this.whatsappPreview) || compute.call(this);
            },
        });
    },
    /** What came without words, where only a line of it is shown. */
    get whatsappPreview() {
        const { kind, transcript } = this.whatsapp;
        if (kind === "audio" && transcript) {
            return _t("Voice note: %s", transcript);
        }
        return {
            image: _t("Photo"),
            audio: _t("Voice note"),
            video: _t("Video"),
            // A document that is here has its name.
            document: !this.attachment_ids.length && _t("Document"),
            sticker: _t("Sticker"),
            location: _t("Location"),
            contact: _t("Contact card"),
            order: _t("From the catalogue"),
            deletion: _t("Deleted a message"),
            unsupported: _t("Something that WhatsApp does not pass on"),
        }[kind];
    },
    get previewIcon() {
        return this.whatsapp?.kind === "audio" ? "fa-microphone" : super.previewIcon;
    },
    get isWhatsapp() {
        return Boolean(this.thread?.isWhatsapp);
    },
    /** Whether we wrote it to the customer: the assistant or a colleague. */
    get isWhatsappOurs() {
        if (!this.isWhatsapp || this.isNote) {
            return false;
        }
        return this.whatsapp ? this.whatsapp.author !== "customer" : this.isSelfAuthored;
    },
    get bubbleColor() {
        const color = super.bubbleColor;
        return color && this.isWhatsapp ? (this.isWhatsappOurs ? "green" : "blue") : color;
    },
    /** A reaction would not reach the customer. */
    canAddReaction(thread) {
        return !this.isWhatsapp && super.canAddReaction(thread);
    },
    computeIsEmpty() {
        return !this.whatsapp && super.computeIsEmpty();
    },
    /** What was sent stays as it was sent. */
    get editable() {
        return !this.isWhatsapp && super.editable;
    },
};
patch(Message.prototype, messagePatch);
