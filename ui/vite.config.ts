// How the UI is built, served while developing (the API is passed on to a server on this machine) and unit-tested.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // Every asset stays a file: a data: URL in a style sheet would need a wider content security policy.
  build: { target: "es2023", assetsInlineLimit: 0, reportCompressedSize: true },
  server: { proxy: { "/api": process.env.SHIPWORTHY_URL ?? "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.test.ts"] },
});
