// How the UI is built, served while developing (the API is passed on to a server on this machine) and unit-tested.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), compressed()],
  // Every asset stays a file: a data: URL in a style sheet would need a wider content security policy.
  // Browsers that run es2023 know modulepreload, so nothing stands in for it.
  build: { target: "es2023", assetsInlineLimit: 0, reportCompressedSize: true, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": process.env.SHIPWORTHY_URL ?? "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.test.ts"] },
});

/** Writes beside every text its compressed twin, which the server hands to browsers that take it. */
function compressed(): Plugin {
  return {
    name: "shipworthy-compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      const texts = Object.values(bundle).filter(({ fileName }) => /\.(js|css|html|svg)$/.test(fileName));
      await Promise.all(
        texts.map((file) => {
          const content = file.type === "chunk" ? file.code : file.source;
          return writeFile(join(dir, `${file.fileName}.gz`), gzipSync(content, { level: 9 }));
        }),
      );
    },
  };
}
