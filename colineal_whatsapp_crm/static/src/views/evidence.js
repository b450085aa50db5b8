import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Why a value is believed: the customer's own words, and how sure it is. */
export class WhatsappEvidence extends Component {
    static template = "colineal_whatsapp_crm.Evidence";
    static props = { ...standardWidgetProps, slot: String };

    get evidence() {
        return this.props.record.data.evidence?.[this.props.slot];
    }

    get isByPerson() {
        return this.evidence.source === "person";
    }

    get percent() {
        return Math.round(this.evidence.confidence * 100);
    }

    get confidence() {
        return _t("%s%% sure", this.percent);
    }

    get classNames() {
        return this.percent < 60 ? "text-warning-emphasis fw-bold" : "";
    }
}

registry.category("view_widgets").add("whatsapp_evidence", {
    component: WhatsappEvidence,
    extractProps: ({ attrs }) => ({ slot: attrs.slot }),
});

/** A share as a bar with its number. */
export class WhatsappShareField extends Component {
    static template = "colineal_whatsapp_crm.ShareField";
    static props = { ...standardFieldProps };

    get percent() {
        return Math.round((this.props.record.data[this.props.name] || 0) * 100);
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }
}

registry.category("fields").add("whatsapp_share", { component: WhatsappShareField, supportedTypes: ["float"] });
