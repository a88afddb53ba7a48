import { defineConfig } from "vitest/config";

export default defineConfig({
  // Real material may lie beside the project.
  server: { fs: { allow: [".", "../../shared/data"] } },
  test: { environment: "jsdom", include: ["tests/**/*.test.ts"] },
});
