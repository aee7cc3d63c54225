// A dialog over the page: its title, a way out by button or Escape, and what it asks.
import { CloseButton, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Dialog.module.css";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  return (
    // Mantine locks the scrolling of the page by adding a style element, which the content security policy refuses.
    <Modal.Root opened={isOpen} onClose={onClose} lockScroll={false} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          {/* Not Mantine's header: outside of the page's flow that would count as a second banner of the page. */}
          <div className={styles.head}>
            <Modal.Title>{title}</Modal.Title>
            <CloseButton aria-label="Close" onClick={onClose} />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
