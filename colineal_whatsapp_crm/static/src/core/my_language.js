import { user } from "@web/core/user";

/**
 * Of a text that was pushed to the screens of several readers, in each language that is installed, this reader's.
 *
 * @param {Object<string, string>} texts by the language's code
 */
export function inMyLanguage(texts) {
    return texts[user.context.lang] ?? Object.values(texts)[0];
}
