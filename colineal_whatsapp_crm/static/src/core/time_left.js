import { _t } from "@web/core/l10n/translation";

/**
 * What is left of a time, in words.
 *
 * @param {number} minutes
 * @param {boolean} [exact] whether hours come with their minutes
 */
export function formatTimeLeft(minutes, exact = false) {
    const hours = Math.floor(minutes / 60);
    if (!hours) {
        return minutes === 1 ? _t("1 min left") : _t("%s min left", minutes);
    }
    if (exact && minutes % 60) {
        return _t("%(hours)s h %(minutes)s min left", { hours, minutes: minutes % 60 });
    }
    return hours === 1 ? _t("1 h left") : _t("%s h left", hours);
}
