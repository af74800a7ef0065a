import { escaped } from './markdown.js';

const page = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;

export const swaggerPage = page(
  'Lightfold API',
  '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">',
  `<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>`,
);

/** In a file of its own, because the security policy allows no script inside a page. */
export const swaggerStart = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

export const redocPage = page(
  'Lightfold API reference',
  '<style>body { margin: 0 }</style>',
  `<redoc spec-url="/openapi.json" disable-google-font="true" hide-loading="true"></redoc>
<script src="/docs/assets/redoc.standalone.js"></script>`,
);

const PLAIN_STYLE = `<style>
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
code { background: #8882; padding: .1em .3em; border-radius: .2em }
</style>`;

export const plainPage = (title: string, body: string) => page(title, PLAIN_STYLE, body);
