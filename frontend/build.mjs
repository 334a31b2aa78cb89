// Builds cre_toolkit/web/static/ : one stylesheet, one script module, one image. `npm run build`.

import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "..");
const out = resolve(root, "cre_toolkit/web/static");

async function styles() {
  const { css } = compile(resolve(here, "scss/cre.scss"), {
    loadPaths: [resolve(root, "node_modules"), root],
    style: "compressed",
    quietDeps: true,
    // MoJ's alert still uses a mixin that GOV.UK Frontend calls deprecated: theirs to mend.
    logger: { warn: (message) => message.includes("govuk-text-colour") || console.warn(message) },
  });
  await writeFile(resolve(out, "css/cre.css"), withoutPictures(css));
}

// The royal arms are not ours to use, and no component of ours shows a picture.
function withoutPictures(css) {
  return css.replace(/[a-z-]+:[^;{}]*url\("?\/static\/images\/[^)]*\)[^;}]*;?/g, "");
}

async function scripts() {
  await build({
    entryPoints: [resolve(here, "js/cre.js"), resolve(here, "js/supported.js")],
    outdir: resolve(out, "js"),
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2018",
    legalComments: "eof",
    logLevel: "warning",
  });
}

for (const folder of ["css", "js", "images"]) {
  await rm(resolve(out, folder), { recursive: true, force: true });
  await mkdir(resolve(out, folder), { recursive: true });
}
await Promise.all([styles(), scripts(), copyFile(resolve(here, "images/icon.svg"), resolve(out, "images/icon.svg"))]);
