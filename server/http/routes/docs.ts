/** Copied beside the server by the build: the documentation needs no internet. */
export const DOCS_ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

/** The page loads everything from beside itself, so that it works under any prefix and offline. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Q-Series recorder: API</title>
<link rel="stylesheet" href="./docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="./docs/swagger-ui-bundle.js"></script>
<script src="./docs/start.js"></script>
</body>
</html>
`;

export const DOCS_SCRIPT = `SwaggerUIBundle({
  url: new URL('openapi.json', document.baseURI).href,
  dom_id: '#api',
  validatorUrl: null,
  deepLinking: true,
});
`;
