import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Router } from '@koa/router';
import type Koa from 'koa';
import send from 'send';
import { ENCODINGS, type Encoding, encodingFor } from '../encoding.ts';
import { DOCS_ASSETS, DOCS_PAGE, DOCS_SCRIPT } from './docs.ts';
import { pipeFile } from './files.ts';
import type { Handlers } from './register.ts';

/** Vite puts a hash of the content into the name of what lies here. */
const ASSETS = '/assets/';

/** The page and the documentation; nothing in them comes from outside the vehicle. */
export function pageHandlers(webRoot: string): Handlers<'page' | 'docs'> {
  return {
    page: (_input, ctx) => sendFrom(ctx, webRoot, '/index.html'),
    docs: (_input, ctx) => {
      ctx.type = 'html';
      ctx.body = DOCS_PAGE;
      return undefined;
    },
  };
}

export function pageAssets(router: Router, webRoot: string, docsRoot: string): void {
  router.get('/widget', (ctx) => sendFrom(ctx, webRoot, '/widget.html'));
  router.get('/docs/start.js', (ctx) => {
    ctx.type = 'js';
    ctx.body = DOCS_SCRIPT;
  });
  for (const name of DOCS_ASSETS) {
    router.get(`/docs/${name}`, (ctx) => sendFrom(ctx, docsRoot, `/${name}`));
  }
  router.get(/^\/(assets\/[\w.-]+|[\w-]+\.(svg|png|ico|webmanifest))$/, (ctx) =>
    sendFrom(ctx, webRoot, ctx.path),
  );
}

function sendFrom(ctx: Koa.ParameterizedContext, root: string, path: string): Promise<undefined> {
  const immutable = path.startsWith(ASSETS);
  const packed = packedFor(ctx, root, path);
  const file = path + (packed === null ? '' : ENCODINGS[packed]);
  ctx.vary('Accept-Encoding');
  if (packed !== null) {
    ctx.set('Content-Encoding', packed);
    // The name of the packed file would say another.
    ctx.type = extname(path);
  }
  return pipeFile(ctx, send(ctx.req, file, { root, immutable, maxAge: immutable ? '1y' : 0 }));
}

/** Whether the build has packed this file as the client takes it. */
function packedFor(ctx: Koa.ParameterizedContext, root: string, path: string): Encoding | null {
  const encoding = ctx.get('Range') === '' ? encodingFor(ctx) : null;
  return encoding && existsSync(join(root, path + ENCODINGS[encoding])) ? encoding : null;
}
