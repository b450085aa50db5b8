import { describe, expect, test } from "@odoo/hoot";

import { markup } from "@odoo/owl";

import { fill, findLastWords, findPlaceholders, rankReplies } from "@colineal_whatsapp_crm/core/quick_replies";

describe.current.tags("headless");

test("what is known is filled in, and who has no name is not called by one", () => {
    const values = { city: "Loja", name: "Irene", the_product: "el sofá" };
    expect(fill("¡Hola, {name}! ¿A {city}?", values)).toBe("¡Hola, Irene! ¿A Loja?");
    expect(fill("¡Hola, {name}! ¿A {city}?", { name: false, city: false })).toBe("¡Hola! ¿A {city}?");
    expect(fill("Dime, {name}, ¿a {city}?", { city: "Loja" })).toBe("Dime, ¿a Loja?");
    expect(fill("{name}, gracias", {})).toBe("Gracias");
    expect(fill("{name}, gracias", values)).toBe("Irene, gracias");
    expect(fill("{nombre} {the_product}", values)).toBe("{nombre} el sofá");
    // What is filled in is not read again.
    expect(fill("{city}", { city: "{name}", name: "Irene" })).toBe("{name}");
});

test("placeholders are names in braces, in any language", () => {
    expect(findPlaceholders("{name} {ciudad} {dirección} {name}")).toEqual(["name", "ciudad", "dirección"]);
    expect(findPlaceholders('{} {1} { name } {"a": 1} {a b}')).toEqual([]);
});

test("those come first that answer what the customer said", () => {
    const replies = [
        { source: "despedida", substitution: "Ha sido un gusto atenderte, {name}. ¡Que tengas un lindo día!" },
        { source: "entrega", substitution: "Para decirte el costo de la entrega, ¿a qué ciudad sería?" },
        { source: "garantia", substitution: "Nuestros colchones tienen diez años de garantía." },
        { source: "pago", substitution: "¿Cómo prefieres pagar: efectivo, transferencia o tarjeta?" },
        { source: "precio", substitution: "Con gusto te confirmo el precio {of_the_product}." },
    ];
    const firstFor = (text) => rankReplies(replies, text)[0].source;
    expect(firstFor("¿Cuánto cuesta el sofá?")).toBe("precio");
    expect(firstFor("y aceptan tarjeta?")).toBe("pago");
    expect(firstFor("¿Hacen envíos a Loja?")).toBe("entrega");
    expect(firstFor("¿Cuántos años duran los colchones?")).toBe("garantia");
    const asTheyCame = replies.map(({ source }) => source);
    expect(rankReplies(replies, "qué tal").map(({ source }) => source)).toEqual(asTheyCame);
    expect(rankReplies(replies, "").map(({ source }) => source)).toEqual(asTheyCame);
});

test("the customer's last words are all since somebody answered", () => {
    const say = (author, body, more = {}) => ({ body: markup(body), whatsapp: author && { author, ...more } });
    const before = [say("customer", "Hola"), say("assistant", "¡Hola!")];
    const asked = [
        say("customer", "<p>Busco un sofá</p>"),
        say(undefined, "a note"),
        say("customer", "", { transcript: "de cuero" }),
    ];
    expect(findLastWords([...before, ...asked])).toBe("Busco un sofá de cuero");
    expect(findLastWords([...before, ...asked, say("person", "Claro")])).toBe("Busco un sofá de cuero");
    expect(findLastWords([])).toBe("");
});
