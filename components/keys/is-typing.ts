/** Whether a key belongs to a field, an editor, a menu or a dialog instead of the page. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(
    'input, textarea, select, [contenteditable], .cm-editor, [role="dialog"], [role="menu"]:not([data-closed]), [role="listbox"]',
  ) !== null;
