// Mantine's box to tick with its style sheets, which come with the pages that have one and not with the first.
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Checkbox.css";

export { Checkbox } from "@mantine/core";
