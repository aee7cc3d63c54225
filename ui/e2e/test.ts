// The test of a signed-in person. It fails on anything the browser complains about, above all on what the content
// security policy refused.
import { expect, test as base } from "@playwright/test";
import { sessionFile } from "./demo";

export { expect };

export const test = base.extend<{ complaints: string[] }>({
  storageState: sessionFile,
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        // That an answer was not 200 is what some tests are about; everything else is a fault of the page.
        const isAnswer = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isAnswer) complaints.push(message.text());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});
