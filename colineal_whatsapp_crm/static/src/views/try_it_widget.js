import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** A sentence, and what the assistant would understand of it; nothing is stored. */
export class WhatsappTryIt extends Component {
    static template = "colineal_whatsapp_crm.TryIt";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ text: "", result: null, busy: false });
    }

    async tryIt() {
        // As with every button of a form: what counts is what is saved.
        if (!this.state.text.trim() || this.state.busy || !(await this.props.record.save())) {
            return;
        }
        this.state.busy = true;
        try {
            const { resModel, resId } = this.props.record;
            this.state.result = await this.orm.call(resModel, "try_text", [[resId], this.state.text]);
        } finally {
            this.state.busy = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            return this.tryIt();
        }
    }
}

registry.category("view_widgets").add("whatsapp_try_it", { component: WhatsappTryIt });
