// Mantine's settings that are not style sheets: sizes, and what its components do unless told otherwise.
import { createTheme, Menu, Tooltip } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  defaultRadius: "sm",
  respectReducedMotion: true,
  components: {
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 0 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 250, transitionProps: { duration: 0 }, multiline: true, maw: 360, withinPortal: true },
    }),
  },
});
