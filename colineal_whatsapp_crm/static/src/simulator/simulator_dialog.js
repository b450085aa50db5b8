import { Component, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** What the simulated customer sends beside plain words: asks for the details of one message. */
export class SimulatorDialog extends Component {
    static template = "colineal_whatsapp_crm.SimulatorDialog";
    static components = { Dialog };
    static props = {
        title: String,
        help: { type: String, optional: true },
        /** {name, label, value?, rows?, accept?, multiple?}: text fields, and files where `accept` is given. */
        fields: Array,
        onSend: Function,
        close: Function,
    };

    setup() {
        useAutofocus();
        this.values = useState(Object.fromEntries(this.props.fields.map((field) => [field.name, field.value ?? ""])));
    }

    async onFile({ multiple, name }, ev) {
        const files = await Promise.all([...ev.target.files].map((file) => this.readFile(file)));
        this.values[name] = multiple ? files : (files[0] ?? "");
    }

    async readFile(file) {
        const url = await new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result);
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(file);
        });
        return { name: file.name, type: file.type, data: url.split(",")[1] };
    }

    send() {
        this.props.onSend({ ...this.values });
        this.props.close();
    }
}
