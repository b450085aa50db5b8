import { Component } from "@odoo/owl";
import { formatDateTime, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Words of the message that may be meant: a click takes them. */
export class WhatsappOffered extends Component {
    static template = "colineal_whatsapp_crm.Offered";
    static props = { ...standardWidgetProps };

    get offered() {
        return this.props.record.data.offered || [];
    }

    isChosen(words) {
        return this.props.record.data.phrase === words;
    }

    choose(words) {
        return this.props.record.update({ phrase: words });
    }
}

registry.category("view_widgets").add("whatsapp_offered", { component: WhatsappOffered });

/** What an addition would change in the last messages, see `whatsapp.teaching`. */
export class WhatsappProof extends Component {
    static template = "colineal_whatsapp_crm.Proof";
    static props = { ...standardFieldProps };

    get proof() {
        return this.props.record.data[this.props.name];
    }

    get summary() {
        const { read, wanted } = this.proof;
        return read < wanted
            ? _t("There was time to read %(read)s of the last %(wanted)s messages again.", { read, wanted })
            : _t("The last %s messages were read again, as they are without it and with it.", read);
    }

    /** What is not shown, and why. */
    get rest() {
        const { hidden, more } = this.proof;
        return [
            more && _t("%s more are not shown.", more),
            hidden && _t("%s of those that change are of customers whose messages you may not read.", hidden),
        ].filter(Boolean);
    }

    /** How many of the messages are what. */
    get counts() {
        const { better, other, same, worse } = this.proof;
        return [
            { name: "same", label: _t("stay as they are"), value: same },
            { name: "other", label: _t("read otherwise"), value: other },
            { name: "better", label: _t("better than reviewed"), value: better, class: "text-success" },
            { name: "worse", label: _t("worse than reviewed"), value: worse, class: "text-danger" },
        ].filter(({ name, value }) => value || ["same", "other"].includes(name));
    }

    get verdicts() {
        return {
            better: { label: _t("Better: as a person has said"), class: "text-bg-success" },
            worse: { label: _t("Worse: a person has said otherwise"), class: "text-bg-danger" },
        };
    }

    formatTime(at) {
        return formatDateTime(deserializeDateTime(at), { showSeconds: false });
    }
}

registry.category("fields").add("whatsapp_proof", { component: WhatsappProof, supportedTypes: ["json"] });
