/** Whether passkeys work on the page that is open. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/;

export type PasskeyPlace = 'ready' | 'by-address' | 'not-trusted' | 'old-browser';

export function passkeyPlace(): PasskeyPlace {
  if (ADDRESS.test(window.location.hostname)) return 'by-address';
  if (!window.isSecureContext) return 'not-trusted';
  return typeof window.PublicKeyCredential === 'function' ? 'ready' : 'old-browser';
}
