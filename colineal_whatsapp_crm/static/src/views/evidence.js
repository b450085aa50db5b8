import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Why a value is believed: the customer's own words, and how sure it is. */
export class WhatsappEvidence extends Component {
    static template = "colineal_whatsapp_crm.Evidence";
    static props = { ...standardWidgetProps, slot: String };

    setup() {
        this.orm = useService("orm");
    }

    get evidence() {
        return this.props.record.data.evidence?.[this.props.slot];
    }

    get isByPerson() {
        return this.evidence.source === "person";
    }

    /** Where it is from, when not from the customer's words. */
    get origin() {
        return {
            button: { icon: "fa-hand-pointer-o", label: _t("Tapped") },
            order: { icon: "fa-shopping-cart", label: _t("From the catalogue") },
            place: { icon: "fa-map-marker", label: _t("From the place that was shared") },
            card: { icon: "fa-address-card-o", label: _t("From the customer's own card") },
            advertisement: { icon: "fa-bullhorn", label: _t("From the advertisement") },
        }[this.evidence.source];
    }

    get isKnownOtherwise() {
        return this.evidence.known_otherwise;
    }

    /** Who may not correct the value may not say where it is from. */
    get canWrite() {
        return !this.props.readonly && !this.props.record.fields.customer_name?.readonly;
    }

    get toggleLabel() {
        return this.isKnownOtherwise ? _t("It is in the chat") : _t("Not from the chat");
    }

    get toggleTitle() {
        return this.isKnownOtherwise
            ? _t("The customer wrote it: it counts as something the assistant should have understood")
            : _t("You know it from a telephone call, say: it counts, and is no mistake of the assistant");
    }

    async toggleOrigin() {
        const { record } = this.props;
        if (await record.save()) {
            await this.orm.call(record.resModel, "action_toggle_origin", [[record.resId]], {
                context: { ...record.context, slot: this.props.slot },
            });
            await record.load();
        }
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
