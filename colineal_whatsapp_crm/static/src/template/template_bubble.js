import { Component, markup } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PICTURE = /\.(?:jpe?g|png|webp)$/i;

/**
 * A template as WhatsApp shows it: what stands above the message, the message, what stands below, and its buttons.
 *
 * @typedef {Object} Props
 * @property {{header: string, body: string, footer: string, media: string, buttons: {kind: string, title: string}[]}} preview
 *      as the server gives it: `body` is safe HTML
 * @extends {Component<Props, Env>}
 */
export class TemplateBubble extends Component {
    static template = "colineal_whatsapp_crm.TemplateBubble";
    static props = { preview: Object };

    get body() {
        return markup(this.props.preview.body || "");
    }

    get isPicture() {
        return PICTURE.test(this.props.preview.media.split("?")[0]);
    }

    get mediaName() {
        return this.props.preview.media.split("?")[0].split("/").at(-1);
    }

    getIcon(button) {
        return { QUICK_REPLY: "fa-reply", URL: "fa-external-link", PHONE_NUMBER: "fa-phone" }[button.kind];
    }
}

export class TemplatePreviewField extends Component {
    static template = "colineal_whatsapp_crm.TemplatePreviewField";
    static components = { TemplateBubble };
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("whatsapp_template_preview", {
    component: TemplatePreviewField,
    supportedTypes: ["json"],
});
