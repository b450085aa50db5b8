import { Message } from "@mail/core/common/message";

import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { inMyLanguage } from "./my_language";

import { useState } from "@odoo/owl";

/** @type {Message} */
const messagePatch = {
    setup() {
        super.setup(...arguments);
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.whatsappState = useState({
            isRetrying: false,
            isTranslating: false,
            failure: "",
        });
    },
    get attClass() {
        return {
            ...super.attClass,
            "o-whatsapp": this.message.isWhatsapp,
            "o-whatsapp-ours": this.message.isWhatsapp && this.isAlignedRight,
            "o-whatsapp-deleted": Boolean(this.message.whatsapp?.deleted),
            "o-whatsapp-carded": Boolean(this.message.whatsapp?.cards?.length),
            "o-whatsapp-sticker": this.message.whatsapp?.kind === "sticker",
        };
    },
    get authorAvatarUrl() {
        if (this.message.whatsapp?.author === "customer") {
            return this.message.thread.avatarUrl;
        }
        return super.authorAvatarUrl;
    },
    get isAlignedRight() {
        if (this.message.isWhatsapp) {
            return !this.env.messageCard && !this.props.asCard && this.message.isWhatsappOurs;
        }
        return super.isAlignedRight;
    },
    /** Beside its words, what sort of message the customer sent. */
    get whatsappKind() {
        if (this.message.whatsapp?.listed) {
            return { icon: "fa-list-ul", label: _t("Chose from a list") };
        }
        return {
            button: { icon: "fa-hand-pointer-o", label: _t("Tapped a button") },
            reaction: { icon: "fa-smile-o", label: _t("Reacted") },
            location: { icon: "fa-map-marker", label: _t("Location") },
            contact: { icon: "fa-address-card-o", label: _t("Contact card") },
            order: { icon: "fa-shopping-basket", label: _t("From the catalogue") },
            edit: { icon: "fa-pencil", label: _t("Corrected a message") },
            deletion: { icon: "fa-ban", label: _t("Deleted a message") },
            unsupported: {
                icon: "fa-question-circle-o",
                label: _t("Something that WhatsApp does not pass on: ask for it in another way"),
            },
            sms: { icon: "fa-comment-o", label: _t("SMS: not answered on WhatsApp") },
        }[this.message.whatsapp?.kind];
    },
    /** What is known of how it came, above its words. */
    get whatsappNote() {
        const { advertisement, deleted, forwarded } = this.message.whatsapp || {};
        if (deleted) {
            return { icon: "fa-ban", label: _t("Deleted by the customer") };
        }
        if (advertisement) {
            return { icon: "fa-bullhorn", label: _t("From the advertisement “%s”", advertisement) };
        }
        return {
            often: { icon: "fa-share", label: _t("Forwarded many times") },
            once: { icon: "fa-share", label: _t("Forwarded") },
        }[forwarded];
    },
    /** The city of the list and the shop that are nearest to a shared place. */
    get whatsappNear() {
        const { city, km, shop } = this.message.whatsapp?.near || {};
        const parts = [city, shop && _t("%(shop)s, %(km)s km away", { km, shop })];
        return parts.filter(Boolean).join(" · ");
    },
    /** Recordings of the message, which Discuss plays without their names. */
    get whatsappVoices() {
        return this.message.attachment_ids.filter((attachment) => attachment.voice);
    },
    get whatsappMapUrl() {
        const location = this.message.whatsapp?.location;
        return (
            location &&
            `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(
                `${location.latitude},${location.longitude}`,
            )}`
        );
    },
    get whatsappMediaText() {
        return {
            pending: _t("The file is on its way…"),
            failed: this.message.attachment_ids.length
                ? _t("Not all of the files could be fetched.")
                : this.message.whatsapp?.kind === "audio"
                  ? _t("The voice note could not be fetched.")
                  : _t("The file could not be fetched."),
        }[this.message.whatsapp?.media_state];
    },
    /** Why files did not come, a line each. */
    get whatsappMediaFaults() {
        const faults = this.message.whatsapp?.media_faults;
        return (faults && inMyLanguage(faults)) || [];
    },
    get whatsappTick() {
        return (
            this.message.isWhatsappOurs &&
            {
                queued: { icon: "fa-clock-o", label: _t("Waiting to be sent") },
                sending: { icon: "fa-clock-o", label: _t("Sending") },
                simulated: { icon: "fa-check", label: _t("Simulated: reached nobody") },
                sent: { icon: "fa-check", label: _t("Sent") },
                delivered: { icon: "fa-check", isDouble: true, label: _t("Delivered") },
                read: {
                    icon: "fa-check",
                    isDouble: true,
                    label: _t("Read"),
                    class: "o-read",
                },
                unknown: {
                    icon: "fa-question-circle",
                    label: _t("Not known to be sent"),
                    class: "text-warning",
                },
                failed: {
                    icon: "fa-exclamation-circle",
                    label: _t("Not sent"),
                    class: "text-danger",
                },
            }[this.message.whatsapp?.state]
        );
    },
    get whatsappFailure() {
        const { failure: failures, state } = this.message.whatsapp || {};
        const failure = failures && inMyLanguage(failures);
        if (state === "failed") {
            return failure ? _t("Not sent: %s", failure) : _t("Not sent.");
        }
        return failure || "";
    },
    async onClickWhatsappContact(number) {
        const action = await this.orm.call(
            "whatsapp.conversation.message",
            "action_create_contact",
            [[this.message.whatsapp.id], number],
            this.message.thread.whatsappContext,
        );
        if (action) {
            await this.actionService.doAction(action);
        }
    },
    /** Whether it is in another language than the reader's, and there is a model that knows both. */
    get canTranslateWhatsapp() {
        const { language } = this.message.whatsapp || {};
        const { whatsapp, whatsappContext } = this.message.thread || {};
        return Boolean(
            language &&
            whatsapp?.translates &&
            whatsappContext &&
            !this.store.whatsapp_read_only &&
            !user.lang.startsWith(language) &&
            !this.whatsappTranslation,
        );
    },
    /** What is translated: the customer may change it, and what is heard may come later. */
    get whatsappWords() {
        return `${this.message.body || ""}\n${this.message.whatsapp?.transcript || ""}`;
    },
    /** The translation that somebody with the reader's language has asked for. */
    get whatsappTranslation() {
        return this.message.whatsapp?.translations?.[user.context.lang] || "";
    },
    async onClickWhatsappTranslate() {
        const words = this.whatsappWords;
        this.whatsappState.isTranslating = true;
        try {
            const { failure, text } = await this.orm.call(
                "whatsapp.conversation.message",
                "action_translate",
                [[this.message.whatsapp.id]],
                this.message.thread.whatsappContext,
            );
            this.whatsappState.failure = failure || "";
            if (text && words === this.whatsappWords) {
                const { whatsapp } = this.message;
                const translations = { ...whatsapp.translations, [user.context.lang]: text };
                this.message.whatsapp = { ...whatsapp, translations };
            }
        } finally {
            this.whatsappState.isTranslating = false;
        }
    },
    onClickWhatsappTemplate() {
        this.message.thread.sendWhatsappTemplate();
    },
    async onClickWhatsappRetry() {
        this.whatsappState.isRetrying = true;
        try {
            await this.orm.call(
                "whatsapp.conversation.message",
                "action_retry",
                [[this.message.whatsapp.id]],
                this.message.thread.whatsappContext,
            );
        } finally {
            this.whatsappState.isRetrying = false;
        }
    },
};
patch(Message.prototype, messagePatch);
