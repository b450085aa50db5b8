// How XML and JavaScript are laid out. The XML plugin is found by ./dev lint.
export default {
    plugins: process.env.PRETTIER_XML ? [process.env.PRETTIER_XML] : [],
    printWidth: 120,
    tabWidth: 4,
    xmlWhitespaceSensitivity: "preserve",
};
