import { defineConfig } from "vite";

const islands = [
  "base",
  "editor",
  "amend",
  "map",
  "live",
  "vote",
  "queue",
  "recount",
  "testimony",
  "places",
  "verify",
  "history",
  "words",
  "chair",
  "screen",
  "offline",
];

/** What every page loads in parts of its own otherwise, a request each. */
const COMMON = /\/client\/(shared\/(announce|backoff|ballots|channel|countdown|element|identifiers|language|swap|unsentkey)|record\/checkpoint)\.ts$/;

// One entry per island, plus the stylesheet; the server finds the hashed names in manifest.json by `name`.
export default defineConfig({
  base: "/static/",
  publicDir: "public",
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsDir: "",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      output: { codeSplitting: { groups: [{ name: "common", test: COMMON }] } },
      input: {
        ...Object.fromEntries(islands.map((name) => [name, `islands/${name}.ts`])),
        styles: "styles/main.css",
      },
    },
  },
});
