// Starts the UI: styles, the cache of the API's answers, and the router.
// The order of the styles is their strength: what a component of ours says stands over what Mantine says.
import "./styles/mantine.css";
import "./styles/theme.css";
import "./styles/font.css";
import "./styles/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueries } from "./api/cache";
import { createAppRouter } from "./router";
import { theme } from "./theme";

const queries = createQueries(() => router.invalidate());
const router = createAppRouter(queries);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id `root`");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
