// Builds bhxh/web/built from these sources: `make assets`. What is built is committed, so that running needs no Node.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { compile } from "sass";
import { drum } from "./drum.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "built");
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const address = (name) => `/tinh/${sha256(readFileSync(join(built, name))).slice(0, 16)}/${name}`;

rmSync(built, { recursive: true, force: true });
mkdirSync(built);
for (const folder of ["fonts", "images"]) {
  for (const name of readdirSync(join(here, folder))) cpSync(join(here, folder, name), join(built, name));
}

writeFileSync(join(built, "drum.svg"), drum());

const css = compile(join(here, "scss/app.scss"), {
  style: "compressed",
  charset: false,
  loadPaths: [join(here, "node_modules/govuk-frontend/dist")],
  quietDeps: true,
}).css.replace(/url\("?fonts\/([\w.-]+)"?\)/g, (_, name) => `url(${address(name)})`);
writeFileSync(join(built, "app.css"), css);

for (const name of ["app", "staff"]) {
  buildSync({
    entryPoints: [join(here, `js/${name}.mjs`)],
    outfile: join(built, `${name}.js`),
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "eof",
    nodePaths: [join(here, "node_modules")],
  });
}

const shell = ["app.css", "app.js", ...readdirSync(built).filter((name) => name.endsWith(".woff2"))];
const parts = ["/ngoai-tuyen", ...shell.map(address)];
const worker = readFileSync(join(here, "js/sw.js"), "utf8");
const version = sha256(worker + parts.join()).slice(0, 12);
writeFileSync(join(built, "sw.js"), worker.replace("__VERSION__", version).replace("__PARTS__", JSON.stringify(parts)));

// What was built from what: a test compares both halves, so that nobody forgets to build.
const sources = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  if (name === "node_modules") return [];
  return statSync(path).isDirectory() ? sources(path) : [path];
});
const hashes = (files, base) => Object.fromEntries(files.sort().map((file) => [relative(base, file), sha256(readFileSync(file))]));
const manifest = { sources: hashes(sources(here), here), built: hashes(sources(built), built) };
writeFileSync(join(built, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
