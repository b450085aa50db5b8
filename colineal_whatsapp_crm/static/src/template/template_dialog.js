import { Component, onWillStart, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

import { TemplateBubble } from "./template_bubble";

const MODEL = "whatsapp.conversation";
/** Milliseconds after the last key before the preview follows what is typed. */
const PAUSE = 250;

/**
 * Sends an approved template to a customer: it is chosen, filled in, seen as they will see it, and sent.
 *
 * @typedef {Object} Props
 * @property {number} conversationId
 * @property {Object} [context] of calls to the server
 * @property {Function} close
 * @extends {Component<Props, Env>}
 */
export class TemplateDialog extends Component {
    static template = "colineal_whatsapp_crm.TemplateDialog";
    static components = { Dialog, TemplateBubble };
    static props = {
        conversationId: Number,
        context: { type: Object, optional: true },
        onSent: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ templates: [], chosen: undefined, values: {}, preview: undefined, isSending: false });
        this.last = new KeepLast();
        this.updatePreviewSoon = useDebounced(() => this.updatePreview(), PAUSE);
        onWillStart(async () => {
            this.state.templates = await this.call("get_templates");
            const possible = this.state.templates.filter((template) => !template.fault);
            if (possible.length === 1) {
                await this.choose(possible[0]);
            }
        });
    }

    get title() {
        return _t("Send a Template");
    }

    get isReady() {
        const { chosen, isSending, values } = this.state;
        return Boolean(chosen) && !isSending && chosen.variables.every(({ name }) => values[name]?.trim());
    }

    call(method, ...args) {
        const { context = {} } = this.props;
        return this.orm.call(MODEL, method, [[this.props.conversationId], ...args], { context });
    }

    async choose(template) {
        if (template.fault) {
            return;
        }
        this.state.chosen = template;
        this.state.values = Object.fromEntries(template.variables.map(({ name, value }) => [name, value]));
        await this.updatePreview();
    }

    onInput(name, ev) {
        this.state.values[name] = ev.target.value;
        this.updatePreviewSoon();
    }

    async updatePreview() {
        const { chosen, values } = this.state;
        this.state.preview = await this.last.add(this.call("preview_template", chosen.id, { ...values }));
    }

    async send() {
        if (!this.isReady) {
            return;
        }
        this.state.isSending = true;
        try {
            await this.call("send_template", this.state.chosen.id, { ...this.state.values });
            this.props.onSent?.();
            this.props.close();
        } finally {
            this.state.isSending = false;
        }
    }
}

/** Let a colleague choose a template for the customer of a conversation. */
export function openTemplateDialog(env, conversationId, options = {}) {
    env.services.dialog.add(TemplateDialog, { conversationId, ...options });
}

registry.category("actions").add("whatsapp_send_template", (env, action, options) => {
    const onSent = () => options.onClose?.();
    openTemplateDialog(env, action.params.conversation_id, { context: action.params.context, onSent });
});
