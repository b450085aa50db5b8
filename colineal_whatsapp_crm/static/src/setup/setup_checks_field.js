import { Component, onWillUnmount, useExternalListener } from "@odoo/owl";

import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The check list of a sender; it is read again when something happened, or when one comes back from Twilio's console. */
export class SetupChecksField extends Component {
    static template = "colineal_whatsapp_crm.SetupChecksField";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.onChanged = ({ sender_id }) => {
            if (sender_id === this.props.record.resId) {
                this.reload();
            }
        };
        this.bus.subscribe("whatsapp.sender/changed", this.onChanged);
        onWillUnmount(() => this.bus.unsubscribe("whatsapp.sender/changed", this.onChanged));
        useExternalListener(document, "visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.reload();
            }
        });
    }

    get checks() {
        return this.props.record.data[this.props.name] || [];
    }

    get looks() {
        return {
            done: { icon: "fa-check-circle text-success", label: _t("Done") },
            todo: { icon: "fa-circle-o text-muted", label: _t("To do") },
            problem: { icon: "fa-exclamation-circle text-danger", label: _t("Problem") },
            optional: { icon: "fa-minus-circle text-muted", label: _t("Optional") },
        };
    }

    get copyTexts() {
        return { copyText: _t("Copy"), successText: _t("Copied") };
    }

    async reload() {
        const { record } = this.props;
        if (record.resId && !(await record.isDirty())) {
            await record.load();
        }
    }

    async run(check) {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call(record.resModel, check.action, [[record.resId]]);
            if (action) {
                await this.action.doAction(action);
            }
            await this.reload();
        }
    }
}

registry.category("fields").add("whatsapp_setup_checks", {
    component: SetupChecksField,
    supportedTypes: ["json"],
});
