window.addEventListener("load", () => {
    window.SwaggerUIBundle({
        url: "/api/openapi.json",
        dom_id: "#api",
        deepLinking: true,
        defaultModelsExpandDepth: 0,
        tryItOutEnabled: true,
        validatorUrl: null,
    });
});
