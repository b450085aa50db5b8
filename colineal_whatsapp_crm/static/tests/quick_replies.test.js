import { describe, expect, test } from "@odoo/hoot";

import { fill, findPlaceholders } from "@colineal_whatsapp_crm/core/quick_replies";

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
