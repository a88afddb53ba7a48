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
      input: {
        ...Object.fromEntries(islands.map((name) => [name, `islands/${name}.ts`])),
        styles: "styles/main.css",
      },
    },
  },
});
