import { SuggestionService } from "@mail/core/common/suggestion_service";
import { Thread } from "@mail/core/common/thread_model";

import { _t } from "@web/core/l10n/translation";
import { createElementWithContent } from "@web/core/utils/html";
import { patch } from "@web/core/utils/patch";

import { WHATSAPP } from "./thread_model_patch";

/** Not in Discuss's registry: a name can be there once only, and CRM's live chat has a /lead of its own. */
const COMMANDS = new Map([
    [
        "lead",
        {
            help: _t("Create the lead, or bring it up to date"),
            methodName: "execute_command_update_lead",
        },
    ],
    [
        "assistant",
        {
            help: _t("Hand the conversation back to the assistant"),
            methodName: "execute_command_assistant",
        },
    ],
    [
        "support",
        {
            help: _t("Have somebody from support look after it"),
            methodName: "execute_command_support",
        },
    ],
]);

patch(SuggestionService.prototype, {
    getChannelCommands(thread) {
        const others = super.getChannelCommands(...arguments);
        if (!thread?.whatsapp) {
            return others;
        }
        const ours = [...COMMANDS].map(([name, { help }]) => ({ channel_types: [WHATSAPP], help, name }));
        return [...ours, ...others.filter(({ name }) => !COMMANDS.has(name))];
    },
});

patch(Thread.prototype, {
    async post(body) {
        const text = this.whatsapp ? createElementWithContent("div", body).textContent.trim() : "";
        const command = text.startsWith("/") && COMMANDS.get(text.slice(1).split(/\s/)[0]);
        if (command) {
            await this.executeCommand(command, text);
            return;
        }
        return super.post(...arguments);
    },
});
