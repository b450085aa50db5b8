import { Composer } from "@mail/core/common/composer";
import { SuggestionService } from "@mail/core/common/suggestion_service";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** What quick replies may name, in braces; the server has their values, `QUICK_REPLY_NAMES`. */
export const PLACEHOLDERS = new Map([
    ["name", _t("the customer's name")],
    ["product", _t("the product")],
    ["products", _t("the products")],
    ["the_product", _t("the product")],
    ["of_the_product", _t("the product")],
    ["budget", _t("the budget")],
    ["city", _t("the city")],
    ["hours", _t("the opening hours")],
    ["address", _t("the shop's address")],
    ["salesperson", _t("your name")],
    ["shop", _t("the shop's name")],
]);
/** A placeholder as people write it, known or not. */
export const PLACEHOLDER = /\{([\p{L}_][\p{L}\p{N}_]*)\}/gu;

/** A name that is not known is left out with the comma before it: nobody is greeted as somebody else. */
const CALLED = /(?:[,\s]\s*\{name\})|(?:^\{name\}[,\s]*)/gu;

/**
 * A text with its placeholders filled in; those without a value stay, to be written by hand.
 *
 * @param {string} text
 * @param {Object<string, string|false>} values by placeholder
 */
export function fill(text, values) {
    const called = values.name ? text : text.replace(CALLED, "");
    const filled = called.replace(PLACEHOLDER, (all, name) => values[name] || all);
    return text.startsWith("{name}") ? filled.charAt(0).toLocaleUpperCase() + filled.slice(1) : filled;
}

/** The placeholders that stand in a text, each once. */
export function findPlaceholders(text) {
    return [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name))];
}

/** What still has to be written in place of these placeholders, in words. */
export function explain(names) {
    const texts = names.map((name) => {
        const meaning = PLACEHOLDERS.get(name);
        return meaning ? `{${name}} (${meaning})` : `{${name}}`;
    });
    const told = _t("Write something in place of %s: it is not known yet.", texts.join(", "));
    return names.some((name) => name === "hours" || name === "address")
        ? `${told} ${_t("Hours and address are entered on the assistant, or under Shops.")}`
        : told;
}

patch(SuggestionService.prototype, {
    async fetchSuggestions({ delimiter }, { thread } = {}) {
        const wanted = [super.fetchSuggestions(...arguments)];
        if (delimiter === "::" && thread?.isWhatsapp) {
            wanted.push(thread.fetchWhatsappValues());
        }
        await Promise.all(wanted);
    },
    /** Quick replies with placeholders are filled in where a customer is, and nowhere else. */
    searchSuggestions({ delimiter }, { thread } = {}) {
        const found = super.searchSuggestions(...arguments);
        if (delimiter === "::" && !thread?.isWhatsapp) {
            found.suggestions = found.suggestions.filter(
                ({ substitution }) => !findPlaceholders(substitution || "").some((name) => PLACEHOLDERS.has(name)),
            );
        }
        return found;
    },
});

patch(Composer.prototype, {
    /** Quick replies show as the customer would read them. */
    get navigableListProps() {
        const props = super.navigableListProps;
        const values = this.thread?.isWhatsapp && this.thread.whatsappValues;
        if (!values || !props.options.some(({ cannedResponse }) => cannedResponse)) {
            return props;
        }
        const options = props.options.map((option) => {
            const label = fill(option.label, values);
            return option.cannedResponse ? { ...option, label, title: label } : option;
        });
        return { ...props, options };
    },
});
