import { fields } from "@mail/core/common/record";
import { Thread } from "@mail/core/common/thread_model";

import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { imageUrl } from "@web/core/utils/urls";

import { openTemplateDialog } from "../template/template_dialog";
import { inMyLanguage } from "./my_language";

export const WHATSAPP = "whatsapp_crm";

const MINUTE = 60 * 1000;

/** @type {import("models").Thread} */
const threadPatch = {
    setup() {
        super.setup(...arguments);
        /**
         * What the server tells of the conversation, and tells again whenever it changes.
         *
         * @type {{
         *     avatar_key: string,
         *     company_id: number,
         *     conversation_id: number|false,
         *     quality: "hot"|"warm"|"cold"|false,
         *     silence: Object<string, string>|false, by language
         *     simulated: boolean,
         *     stage: string,
         *     window_until: string|false,
         * }|undefined}
         */
        this.whatsapp = fields.Attr(undefined, {
            onUpdate() {
                this.checkWhatsappWindow();
            },
        });
        /** Whole minutes, the begun one included, in which WhatsApp lets us write freely. */
        this.whatsappMinutesLeft = 0;
        /** How many views outside Discuss and chat windows show the thread. */
        this.whatsappWatchers = 0;
        this.isSuggestingReply = false;
        /** @type {Object<string, string|false>|undefined} what quick replies may name */
        this.whatsappValues = undefined;
    },
    /** What quick replies may name, as the conversation stands now. */
    async fetchWhatsappValues() {
        this.whatsappValues = await this.store.env.services.orm.silent.call(
            "whatsapp.conversation",
            "get_quick_reply_values",
            [[this.whatsapp.conversation_id]],
            this.whatsappContext,
        );
    },
    delete() {
        browser.clearTimeout(this.whatsappTimer);
        super.delete(...arguments);
    },
    get isWhatsapp() {
        return this.channel_type === WHATSAPP;
    },
    /** Of calls about the conversation: Discuss shows threads of all one's companies, whichever are ticked. */
    get whatsappContext() {
        return { context: { allowed_company_ids: [this.whatsapp.company_id] } };
    },
    /** Nobody's presence but the customer's would say anything, and that is not known. */
    computeCorrespondent() {
        return this.isWhatsapp ? undefined : super.computeCorrespondent();
    },
    /** Count the minutes left, now and at each full minute until they are over. */
    checkWhatsappWindow() {
        browser.clearTimeout(this.whatsappTimer);
        const until = this.whatsapp?.window_until;
        const left = until ? deserializeDateTime(until).toMillis() - Date.now() : 0;
        this.whatsappMinutesLeft = Math.max(Math.ceil(left / MINUTE), 0);
        if (left > 0) {
            this.whatsappTimer = browser.setTimeout(() => this.checkWhatsappWindow(), left % MINUTE || MINUTE);
        }
    },
    /** Whether an approved template reaches the customer, and nothing else does. */
    get whatsappNeedsTemplate() {
        const { isWhatsapp, store, whatsapp } = this;
        return Boolean(
            isWhatsapp &&
            whatsapp?.conversation_id &&
            !store.whatsapp_read_only &&
            !whatsapp.silence &&
            !this.whatsappMinutesLeft,
        );
    },
    sendWhatsappTemplate() {
        openTemplateDialog(this.store.env, this.whatsapp.conversation_id, this.whatsappContext);
    },
    /** Why nothing can be written to the customer now, if so. */
    get whatsappClosedText() {
        if (!this.isWhatsapp || !this.whatsapp) {
            return "";
        }
        if (this.store.whatsapp_read_only) {
            return _t("You may read this conversation. Writing to customers takes a role in Sales.");
        }
        if (this.whatsapp.silence) {
            return inMyLanguage(this.whatsapp.silence);
        }
        if (this.whatsappMinutesLeft) {
            return "";
        }
        if (!this.whatsapp.window_until) {
            return _t(
                "The customer has not written yet. WhatsApp lets only an approved template through until they do.",
            );
        }
        return _t(
            "WhatsApp lets us write freely for 24 hours after the customer's last message; they ended on %(moment)s. Only an approved template reaches the customer now.",
            { moment: deserializeDateTime(this.whatsapp.window_until).toLocaleString(luxon.DateTime.DATETIME_MED) },
        );
    },
    get allowedToLeaveChannelTypes() {
        return [...super.allowedToLeaveChannelTypes, WHATSAPP];
    },
    get avatarUrl() {
        if (this.isWhatsapp) {
            return imageUrl("discuss.channel", this.id, "avatar_128", {
                unique: this.whatsapp?.avatar_key,
            });
        }
        return super.avatarUrl;
    },
    get canLeave() {
        return super.canLeave && (!this.isWhatsapp || Boolean(this.self_member_id));
    },
    get canUnpin() {
        return super.canUnpin || (this.isWhatsapp && !this.self_member_id);
    },
    computeIsDisplayed() {
        return this.whatsappWatchers > 0 || super.computeIsDisplayed();
    },
    _computeDiscussAppCategory() {
        return this.isWhatsapp ? this.store.discuss.whatsappCategory : super._computeDiscussAppCategory();
    },
    get inChathubOnNewMessage() {
        if (this.isWhatsapp && (!this.self_member_id || this.whatsappWatchers)) {
            return false;
        }
        return super.inChathubOnNewMessage;
    },
    /** A guest would see what the customer writes. */
    get invitationLink() {
        return this.isWhatsapp ? undefined : super.invitationLink;
    },
    get isChatChannel() {
        return this.isWhatsapp || super.isChatChannel;
    },
    get notifyWhenOutOfFocus() {
        return super.notifyWhenOutOfFocus && (!this.isWhatsapp || Boolean(this.self_member_id));
    },
    setAsDiscussThread() {
        super.setAsDiscussThread(...arguments);
        if (this.isWhatsapp && this.store.env.services.ui.isSmall) {
            this.store.discuss.activeTab = WHATSAPP;
        }
    },
    get shouldSubscribeToBusChannel() {
        return (
            super.shouldSubscribeToBusChannel ||
            Boolean(this.isWhatsapp && this.whatsappWatchers && !this.self_member_id)
        );
    },
    get supportsCustomChannelName() {
        return !this.isWhatsapp && super.supportsCustomChannelName;
    },
};
patch(Thread.prototype, threadPatch);
