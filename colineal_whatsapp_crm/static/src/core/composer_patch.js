import { Composer } from "@mail/core/common/composer";
import { registerComposerAction } from "@mail/core/common/composer_actions";
import { Store } from "@mail/core/common/store_service";
import { SuggestionService } from "@mail/core/common/suggestion_service";
import { convertBrToLineBreak } from "@mail/utils/common/format";

import { toRaw } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

import { explain, fill, findPlaceholders } from "./quick_replies";

patch(Composer.prototype, {
    get placeholder() {
        if (this.thread?.isWhatsapp && !this.props.placeholder) {
            return this.thread.whatsapp?.stage === "person" || this.ui.isSmall
                ? _t("Write to the customer…")
                : _t("Write to the customer; the assistant steps back");
        }
        return super.placeholder;
    },
    /** Only members are seen typing by colleagues, and telling them would ask to become one; the customer sees everybody. */
    notifyIsTyping(isTyping = true) {
        if (!this.thread?.isWhatsapp || this.thread.self_member_id) {
            super.notifyIsTyping(...arguments);
        } else if (isTyping && this.thread.whatsapp) {
            const { conversation_id: id } = this.thread.whatsapp;
            // Nobody who writes is to hear of it when it fails.
            this.env.services.orm.silent
                .call("whatsapp.conversation", "show_typing", [[id]], this.thread.whatsappContext)
                .catch(() => {});
        }
    },
    /** What WhatsApp would refuse of the files that wait here, in words. */
    get whatsappFaults() {
        const faults = this.thread?.isWhatsapp
            ? this.props.composer.attachments.map((attachment) => attachment.whatsapp_fault)
            : [];
        return faults.filter(Boolean);
    },
    /** What the customer gets of these files that one might not expect, in words. */
    get whatsappHints() {
        const hints = this.thread?.isWhatsapp
            ? this.props.composer.attachments.map((attachment) => attachment.whatsapp_hint)
            : [];
        return hints.filter(Boolean);
    },
    get isSendButtonDisabled() {
        return super.isSendButtonDisabled || this.whatsappFaults.length > 0;
    },
    async processMessage() {
        if (!this.thread?.isWhatsapp || this.message) {
            return super.processMessage(...arguments);
        }
        if (this.isCheckingWhatsapp) {
            return;
        }
        this.isCheckingWhatsapp = true;
        let fault;
        try {
            fault = await this.findWhatsappFault();
        } finally {
            this.isCheckingWhatsapp = false;
        }
        if (!fault) {
            return super.processMessage(...arguments);
        }
        this.env.services.notification.add(fault, { type: "danger" });
    },
    /** Why what waits here is not sent, in words; the text stays in the box. Fills in what placeholders are known. */
    async findWhatsappFault() {
        if (this.whatsappFaults.length) {
            return this.whatsappFaults.join("\n");
        }
        const composer = toRaw(this.props.composer);
        const text = composer.composerText || "";
        const word = text.trim().match(/^\/([\p{L}\p{N}_-]+)(?=\s|$)/u)?.[1];
        const commands = this.env.services["mail.suggestion"].getChannelCommands(this.thread);
        if (word && !commands.some(({ name }) => name === word)) {
            return _t(
                "There is no command /%(word)s, so nothing was sent. There are: %(commands)s. To send these words to the customer, begin with another sign.",
                { word, commands: commands.map(({ name }) => `/${name}`).join(", ") },
            );
        }
        if (word || !findPlaceholders(text).length) {
            return "";
        }
        await this.thread.fetchWhatsappValues();
        const filled = fill(text, this.thread.whatsappValues);
        if (filled !== text) {
            composer.composerText = filled;
        }
        const left = findPlaceholders(filled);
        if (!left.length) {
            return "";
        }
        // What is typed now takes its place.
        const start = filled.indexOf(`{${left[0]}}`);
        Object.assign(composer.selection, { start, end: start + left[0].length + 2, direction: "none" });
        composer.forceCursorMove = true;
        return explain(left);
    },
    /** Why the customer cannot be written to, shown in place of the box; what was typed stays. */
    get whatsappClosedText() {
        return this.thread?.whatsappClosedText;
    },
    /** What reaches the customer all the same. */
    onClickWhatsappTemplate() {
        this.thread.sendWhatsappTemplate();
    },
});

patch(Store.prototype, {
    /** What could not be posted goes back into the composer, and it is said why. */
    async doMessagePost(params, tmpMessage) {
        if (!tmpMessage?.isWhatsapp) {
            return super.doMessagePost(...arguments);
        }
        try {
            return await super.doMessagePost(params);
        } catch (error) {
            const { composer } = tmpMessage.thread;
            const texts = [convertBrToLineBreak(tmpMessage.body), composer.composerText];
            composer.composerText = texts.filter(Boolean).join("\n");
            composer.attachments.unshift(...tmpMessage.attachment_ids);
            tmpMessage.delete();
            this.env.services.notification.add(
                error.data?.message || _t("Odoo could not be reached. Your text is back in the box: send it again."),
                { type: "danger", sticky: true },
            );
        }
    },
});

patch(SuggestionService.prototype, {
    /** Mentions of colleagues and channels would be sent to the customer. */
    getSupportedDelimiters(thread) {
        const delimiters = super.getSupportedDelimiters(...arguments);
        return thread?.isWhatsapp ? delimiters.filter(([delimiter]) => !["@", "#"].includes(delimiter)) : delimiters;
    },
});

/** What the customer asks to see lies in the composer, to be taken out or sent; nothing beside files of the writer's own. */
async function addSuggestedFiles(composer, thread, store) {
    if (composer.attachments.length) {
        return;
    }
    const { ids, data } = await store.env.services.orm.call(
        "whatsapp.conversation",
        "suggest_files",
        [[thread.whatsapp.conversation_id]],
        thread.whatsappContext,
    );
    store.insert(data);
    composer.attachments.push(...ids.map((id) => store["ir.attachment"].get(id)));
}

registerComposerAction("whatsapp-send-template", {
    condition: ({ composer }) => composer.targetThread?.isWhatsapp && !composer.message,
    icon: "fa fa-file-text-o",
    name: _t("Send a template"),
    onSelected: ({ composer }) => composer.targetThread.sendWhatsappTemplate(),
    sequence: 25,
});

registerComposerAction("whatsapp-suggest-reply", {
    condition: ({ composer }) => composer.targetThread?.isWhatsapp && !composer.message,
    disabledCondition: ({ composer }) => composer.targetThread.isSuggestingReply,
    icon: ({ composer }) => (composer.targetThread.isSuggestingReply ? "fa fa-circle-o-notch fa-spin" : "fa fa-magic"),
    name: _t("Suggest a reply"),
    async onSelected({ composer: comp, store }) {
        const composer = toRaw(comp);
        const thread = composer.targetThread;
        thread.isSuggestingReply = true;
        try {
            const text = await store.env.services.orm.call(
                "whatsapp.conversation",
                "suggest_reply",
                [[thread.whatsapp.conversation_id]],
                thread.whatsappContext,
            );
            if (text) {
                await addSuggestedFiles(composer, thread, store);
                const before = composer.composerText.trimEnd();
                composer.composerText = before ? `${before}\n${text}` : text;
                composer.autofocus++;
            } else {
                store.env.services.notification.add(
                    _t("There is nothing to suggest before the customer has said something."),
                    { type: "info" },
                );
            }
        } finally {
            thread.isSuggestingReply = false;
        }
    },
    sequenceQuick: 10,
});
