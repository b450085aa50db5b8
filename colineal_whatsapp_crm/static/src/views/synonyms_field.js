import { Component, useState } from "@odoo/owl";
import { TagsList } from "@web/core/tags_list/tags_list";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What people put between the words of a list. */
const SEPARATORS = /[|,;\n\r]/;

/** What a synonym's gender may be, as [value, label]. */
const getGenders = () => [
    ["m", _t("Masculine")],
    ["f", _t("Feminine")],
];

/** One tag a synonym, and how replies say each. What is typed or pasted as a list becomes as many of them. */
export class WhatsappSynonymsField extends Component {
    static template = "colineal_whatsapp_crm.SynonymsField";
    static components = { TagsList };
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
        showForms: { type: Boolean, optional: true },
    };

    setup() {
        this.state = useState({ text: "" });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get genders() {
        return getGenders();
    }

    /** What the inputs of a synonym are called. */
    getLabels(name) {
        return { plural: _t("Plural: %s", name), gender: _t("Gender: %s", name) };
    }

    get tags() {
        return this.list.records.map((record) => ({
            id: record.id,
            text: record.data.name,
            onDelete: this.props.readonly ? undefined : () => this.list.delete(record),
        }));
    }

    async add() {
        const words = this.state.text.split(SEPARATORS).map((word) => word.trim().replace(/\s+/g, " "));
        this.state.text = "";
        const known = new Set(this.list.records.map((record) => record.data.name));
        for (const word of new Set(words)) {
            if (word && !known.has(word)) {
                const record = await this.list.addNewRecord({
                    context: { default_name: word },
                    mode: "readonly",
                    position: "bottom",
                });
                // What nobody typed into would be dropped again.
                await record.update({ name: word });
            }
        }
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        if (SEPARATORS.test(this.state.text)) {
            return this.add();
        }
    }

    onPaste(ev) {
        const text = ev.clipboardData?.getData("text") || "";
        if (SEPARATORS.test(text.trim())) {
            ev.preventDefault();
            this.state.text += text;
            return this.add();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.state.text.trim()) {
            ev.preventDefault();
            ev.stopPropagation();
            return this.add();
        }
        if (ev.key === "Backspace" && !this.state.text && this.list.records.length) {
            return this.list.delete(this.list.records.at(-1));
        }
    }
}

registry.category("fields").add("whatsapp_synonyms", {
    component: WhatsappSynonymsField,
    supportedTypes: ["one2many"],
    relatedFields: ({ options }) => [
        { name: "name", type: "char", readonly: false },
        ...(options.forms
            ? [
                  { name: "plural", type: "char", readonly: false },
                  { name: "gender", type: "selection", readonly: false, selection: getGenders() },
              ]
            : []),
    ],
    extractProps: ({ placeholder, options }) => ({ placeholder, showForms: Boolean(options.forms) }),
});
