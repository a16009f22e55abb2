// Bundles styles, scripts, fonts and the icon sprite into content-hashed files in ui/dist, with a manifest of their names.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const storefrontBudget = 50_000;

/** `@import "components:all"` is every component's stylesheet, in the order of their names; `"fields:all"` every widget's. */
const everySheet = {
  name: "every-sheet",
  setup(bundle) {
    bundle.onResolve({ filter: /^(components|fields):all$/ }, ({ path }) => ({ path: path.split(":")[0], namespace: "sheets" }));
    bundle.onLoad({ filter: /.*/, namespace: "sheets" }, async ({ path }) => {
      const folder = join(here, path);
      const entries = await readdir(folder, { withFileTypes: true, recursive: true });
      const sheets = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".css") && entry.parentPath !== folder);
      const paths = sheets.map((entry) => join(entry.parentPath, entry.name)).sort();
      return {
        contents: paths.map((path) => `@import ${JSON.stringify(path)};`).join("\n"),
        loader: "css",
        resolveDir: folder,
      };
    });
  },
};

/** Writes a file that esbuild does not know, under its hash, and returns its name. */
async function hashed(name, text) {
  const [stem, ending] = name.split(".");
  const file = `${stem}-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}.${ending}`;
  await writeFile(join(dist, file), text);
  return file;
}

/** The text of one file of symbols, drawn by `<use href="sprite.svg#name">`. */
async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
      const drawing = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, " ").trim()}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const entryPoints = (await readdir(join(here, "entries"))).map((name) => join(here, "entries", name));
const { metafile } = await build({
  entryPoints,
  outdir: dist,
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["es2022"],
  supported: { nesting: true },
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  plugins: [everySheet],
  legalComments: "none",
  logLevel: "warning",
});

const manifest = {
  "sprite.svg": await hashed("sprite.svg", await sprite()),
  "mark.svg": await hashed("mark.svg", await readFile(join(here, "components/mark.svg"), "utf8")),
};
for (const [path, output] of Object.entries(metafile.outputs)) {
  const source = output.entryPoint ?? Object.keys(output.inputs)[0];
  manifest[basename(source)] = basename(path);
}
/** What of others is in the bundle, as `engine/operations/inventory.py` reads it: each package with its licence. */
async function packages() {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const found = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
  const names = [...new Set([...found, "lucide-static"])].sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(here, "node_modules", name);
      const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
      const home = /^https:\/\//.test(about.homepage ?? "") ? about.homepage : "";
      const text = file ? (await readFile(join(folder, file), "utf8")).trim() : "";
      return { name, version: about.version, licence: about.license ?? "", home, kind: "javascript", text };
    }),
  );
}

await writeFile(join(dist, "packages.json"), JSON.stringify(await packages(), null, 1));
const ordered = Object.fromEntries(Object.entries(manifest).sort(([one], [other]) => one.localeCompare(other)));
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);

for (const file of new Set(Object.values(ordered).filter((file) => /\.(css|js|svg)$/.test(file)))) {
  await writeFile(join(dist, `${file}.br`), brotliCompressSync(await readFile(join(dist, file))));
}
for (const name of Object.keys(ordered).filter((name) => /\.(css|js)$/.test(name))) {
  const bytes = gzipSync(await readFile(join(dist, ordered[name]))).length;
  console.log(`${name.padEnd(16)} ${(bytes / 1000).toFixed(1)} kB compressed`);
  if (name === "storefront.js" && bytes > storefrontBudget) {
    console.error(`storefront.js may weigh ${storefrontBudget / 1000} kB compressed. Take something out.`);
    process.exitCode = 1;
  }
}
