/** Puts the keyboard on the tile of a device, where it is on the page. */
export function focusDevice(name: string | undefined): void {
  if (name) document.querySelector<HTMLElement>(`[data-device="${CSS.escape(name)}"]`)?.focus();
}
