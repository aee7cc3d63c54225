// Mantine's settings that are not style sheets: sizes, and what its components do unless told otherwise.
import { createTheme, Menu, Modal, Tooltip } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  defaultRadius: "sm",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      // Mantine locks the scrolling of the page by adding a style element, which the content security policy refuses.
      defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 0 } },
    }),
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 0 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 250, transitionProps: { duration: 0 }, multiline: true, maw: 360, withinPortal: true },
    }),
  },
});
