import { Composer } from "@mail/core/common/composer";
import { SuggestionService } from "@mail/core/common/suggestion_service";
import { htmlToTextContentInline } from "@mail/utils/common/format";

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

/** Words that customers say for one thing: whoever says one of them is answered by a reply that has another. */
const TOPICS = [
    "precio precios cuanto cuesta cuestan costo costos vale valen valor presupuesto cotizacion proforma oferta descuento",
    "entrega entregan entregas envio envios envian enviar despacho transporte flete domicilio llega llegan",
    "tiempo tarda tardan demora demoran cuando dias plazo",
    "foto fotos imagen imagenes catalogo video ver modelos",
    "medida medidas tamano ancho largo alto grande pequeno metros centimetros cabe entra",
    "direccion sector referencia calle",
    "pago pagar pagos tarjeta tarjetas efectivo transferencia credito cuotas meses diferido",
    "tienda tiendas local almacen donde ubicacion ubicados quedan direccion horario horarios atienden abren cierran",
    "visita visitar visitarlos pasar ir cita",
    "llamada llamar llame llamen llamenme telefono celular",
    "gracias compra compre comprado",
    "chao adios hasta luego despedida",
    "hola buenos buenas saludo informacion",
].map((topic) => new Set(topic.split(" ")));

/** Words as they compare: without accents, in small letters. */
function wordsOf(text) {
    const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return new Set(plain.match(/\p{L}{2,}/gu) || []);
}

/** Shorter words, such as articles, are in every text. */
const SHORTEST = 4;

/**
 * How well a quick reply answers what the customer said; 0 when nothing speaks for it. Its name says most of what it is
 * about, and a word that few replies have more than one that many have.
 *
 * @param {{name: Set<string>, words: Set<string>}} reply
 * @param {Set<string>} said
 * @param {Map<string, number>} counts how many replies have a word
 */
function rate(reply, said, counts) {
    let score = 0;
    for (const topic of TOPICS) {
        if ([...said].some((word) => topic.has(word)) && [...reply.name].some((word) => topic.has(word))) {
            score += 3;
        }
    }
    for (const word of said) {
        if (word.length >= SHORTEST && reply.words.has(word)) {
            score += (reply.name.has(word) ? 2 : 1) / counts.get(word);
        }
    }
    return score;
}

/**
 * Quick replies with those first that answer what the customer said; the others as they came.
 *
 * @param {{source: string, substitution: string}[]} replies
 * @param {string} text the customer's last words
 */
export function rankReplies(replies, text) {
    const said = wordsOf(text);
    const known = replies.map((reply) => {
        const name = wordsOf(reply.source || "");
        const words = wordsOf((reply.substitution || "").replace(PLACEHOLDER, " "));
        return { name, words: new Set([...name, ...words]), reply };
    });
    const counts = new Map();
    for (const { words } of known) {
        for (const word of words) {
            counts.set(word, (counts.get(word) || 0) + 1);
        }
    }
    return known
        .map((each) => ({ reply: each.reply, score: rate(each, said, counts) }))
        .sort((one, other) => other.score - one.score)
        .map(({ reply }) => reply);
}

/** What the customer said last, in all messages since anybody answered before. */
export function findLastWords(messages) {
    const texts = [];
    for (const message of [...messages].reverse()) {
        if (message.whatsapp?.author === "customer") {
            texts.unshift(message.whatsapp.transcript || htmlToTextContentInline(message.body || ""));
        } else if (message.whatsapp && texts.length) {
            break;
        }
    }
    return texts.join(" ");
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
        } else if (delimiter === "::") {
            found.suggestions = rankReplies(found.suggestions, findLastWords(thread.messages));
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
