import { defineConfig } from "vite";

<<<<<<< HEAD
const islands = ["base", "editor", "amend", "map", "live", "vote", "testimony", "verify", "history", "chair", "offline"];
=======
const islands = ["base", "editor", "amend", "map", "live", "vote", "recount", "testimony", "verify", "history", "chair"];
>>>>>>> b124936 (results: Explain each result figure by figure, draw voices, and count it again in the browser; the same in the restitution.)

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
