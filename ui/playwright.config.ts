// The pages in a real browser against the real binary on its demo data. The binary must have been built after the UI.
import { defineConfig } from "@playwright/test";

const port = Number(process.env.SHIPWORTHY_E2E_PORT ?? 4319);
export const credentialsFile = `${import.meta.dirname}/test-results/demo-credentials.json`;
const binary = process.env.SHIPWORTHY_BINARY ?? "../target/debug/shipworthy";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/run",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  reporter: "list",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    actionTimeout: 10_000,
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--headless", "--no-sandbox", "--disable-gpu"],
    },
  },
  projects: [
    { name: "sign-in", testMatch: /sign-in\.setup\.ts/ },
    { name: "pages", testMatch: /.*\.spec\.ts/, dependencies: ["sign-in"] },
  ],
  webServer: {
    command: `mkdir -p test-results && rm -f ${credentialsFile} && ${binary} demo --port ${port} --credentials-file ${credentialsFile}`,
    url: `http://127.0.0.1:${port}/health/ready`,
    // The demo tells its story through the public API before it says that it is ready.
    timeout: 180_000,
    stdout: "pipe",
  },
});
